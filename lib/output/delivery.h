// SPDX-License-Identifier: MIT
// What frames are converted to where the output asks for that: pictures, GIF, what players take of
// RGB pictures, and encoders that do not take the frames' layout.
#pragma once

#include "lib/media/stream.h"
#include "lib/output/containers.h"
#include "lib/output/video/encoders.h"

struct wr_delivery {
    char chain[256]; // filters behind the user's, "" where frames can be written as they are
    char note[256];  // what the user should know of it, "" for nothing
    bool is_loss;    // something of the frames is lost by it
};

// Chooses the conversion for frames of `stream`, of which about `frames` will come (0: not known).
// Where nothing asks for one, the delivery is empty: then frames are kept exactly, or refused.
void wr_delivery_choose(struct wr_delivery *delivery, const struct wr_container_row *container,
                        const AVCodec *codec, const struct wr_stream *stream, int64_t frames);

// True if the codec takes frames as filters gave them and not with the layout that they had before,
// or takes any (rawvideo): then they need not get that again.
bool wr_delivery_suits(const AVCodec *codec, const struct wr_format *given,
                       const struct wr_format *before);

// Has alpha that came from the filters left out where only that keeps the codec from taking the
// frames.
void wr_delivery_drop_alpha(struct wr_delivery *delivery, const AVCodec *codec,
                            const struct wr_format *format);

// Has frames that the encoder does not take converted to what loses least of them.
void wr_delivery_take_nearest(struct wr_delivery *delivery, const AVCodec *codec,
                              const struct wr_format *format);
