// SPDX-License-Identifier: MIT
// A file that is read several times in a row, as -stream_loop asks for: each lap's times continue
// behind those of the lap before.
#pragma once

#include "lib/base/error.h"
#include "lib/input/source.h"

struct wr_laps {
    int64_t left; // how often the file is read again, -1 without end
    int64_t
        begins;   // the first time of a lap, in AV_TIME_BASE; it may be before the file's beginning
    int64_t ends; // where the longest stream ends so far, in AV_TIME_BASE, with all laps
    int64_t added; // to the times of this lap, in AV_TIME_BASE
};

// repeats: how often the file is read again after the first time, -1 without end.
struct wr_laps wr_laps_of(int64_t repeats);

// Puts the packet of the stream behind the laps before, and notes how long this lap is.
void wr_laps_place(struct wr_laps *laps, const AVStream *stream, AVPacket *packet);

// At the end of the file, where laps->left is not 0: goes back to its beginning. Fails where the
// file cannot be read again, such as a pipe, or where the lap had no packet.
enum wr_status wr_laps_begin_again(struct wr_laps *laps, struct wr_source *source,
                                   struct wr_error *error);
