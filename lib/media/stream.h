// SPDX-License-Identifier: MIT
// What the frames that go from one part of a job to the next are like.
#pragma once

#include <libavutil/frame.h>

#include "kernels/program/format.h"

struct wr_stream {
    struct wr_format format; // of every frame; frames are planar
    AVRational time_base;    // of their times
    AVRational frame_rate;   // 0/1 if not known
    // A frame with their other properties: primaries, fields, side data. Its pixels do not count.
    // Borrowed.
    const AVFrame *like;
    bool is_of_pictures; // the source is pictures or an animation of them
    bool is_paletted;    // the last stage can hand frames over with the palette they came with
};
