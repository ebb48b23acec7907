// SPDX-License-Identifier: MIT
// What the frames that go from one part of a job to the next are like.
#pragma once

#include <libavutil/frame.h>
#include <stdbool.h>
#include <stdint.h>

#include "kernels/program/format.h"

struct wr_stream {
    struct wr_format format; // of every frame; frames are planar
    AVRational time_base;    // of their times
    AVRational frame_rate;   // 0/1 if not known
    // A frame with their other properties: primaries, fields, side data. Its pixels do not count.
    // Borrowed.
    const AVFrame *like;
    const int32_t *matrix; // how the picture is to be turned when it is shown: libavutil's nine
                           // numbers, NULL for not at all. Borrowed
    uint32_t crop[4];      // rows and columns to be left out: top, bottom, left, right
    bool is_turned;        // filters are to turn it, and the matrix ends with that
    bool is_of_pictures;   // the source is pictures or an animation of them
    bool is_paletted;      // the last stage can hand frames over with the palette they came with
};
