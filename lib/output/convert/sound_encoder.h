// SPDX-License-Identifier: MIT
// Opens an encoder of sound so that what it leaves out is not heard.
#pragma once

#include "lib/output/convert/stream_converter.h"

// Opens *context for what the open decoder gives. Sample rate and channels stay the source's where
// the encoder takes them and the options do not say otherwise; the bit rate, unless it is given,
// is one at which the loss is not heard. Fails with WR_USAGE where an option is not possible;
// *context may have been made then.
enum wr_status wr_sound_encoder_open(AVCodecContext **context,
                                     const struct wr_conversion *conversion,
                                     const AVCodecContext *decoder, struct wr_error *error);
