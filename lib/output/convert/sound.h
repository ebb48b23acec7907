// SPDX-License-Identifier: MIT
// The converter of sound.
#pragma once

#include "lib/output/convert/stream_converter.h"

// Opens the decoder of the stream and the encoder. Fails with WR_USAGE where an option is not
// possible, and with WR_FAILED where the stream cannot be decoded or the encoder does not take it.
// On failure *converter is NULL.
enum wr_status wr_sound_converter_open(struct wr_converter **converter,
                                       const struct wr_conversion *conversion,
                                       struct wr_error *error);
