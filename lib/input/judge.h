// SPDX-License-Identifier: MIT
// Judges decoded frames, whose times are set, on behalf of the decoder.
#pragma once

#include "lib/input/decode.h"

// The first frame decides the format of all; what the container says of it may be wrong. Sets
// decoder->format and source->first. Fails for pictures that cannot be read.
enum wr_status wr_judge_first_frame(struct wr_decoder *decoder, const AVFrame *frame,
                                    struct wr_error *error);

// Gives a later frame that is not as the first one a format of its own, and says what else is new.
// Where another size is to end the input, sets decoder->frames_left to 0.
enum wr_status wr_judge_frame(struct wr_decoder *decoder, AVFrame *frame, struct wr_error *error);
