// SPDX-License-Identifier: MIT
// What becomes of a pixel format that is asked for where the encoder does not take it.
#pragma once

#include <libavcodec/avcodec.h>

#include "lib/output/writer_options.h"

struct wr_pixel_wish {
    char name[32];        // what the chain makes in the end; "" where the output chooses
    char asked[32];       // what was asked for, where the chain makes something else
    const AVCodec *codec; // the encoder that does not take that
    bool takes_nearest;   // of frames, too, for which no format was asked
};

// Reads options->pix_fmt: the name of a pixel format, which stays as it is, or one with ? behind
// it. Of that the encoder gets the nearest that it takes; one that takes pictures with a palette
// gets these. "?" alone is the format of the frames. Never fails: what is wrong with the name, the
// container or the encoder is told by those that use them.
void wr_pixel_wish_read(struct wr_pixel_wish *wish, const struct wr_writer_options *options);
