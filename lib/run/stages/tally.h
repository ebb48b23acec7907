// SPDX-License-Identifier: MIT
// Counts which frames that go into a graph of filters come out again: marks travel with a frame
// through libavfilter, as its time does.
#pragma once

#include <libavutil/frame.h>

#include "lib/warpreel.h"

// Zero before the first frame.
struct wr_tally {
    uintptr_t marks;          // frames that were marked
    uintptr_t newest, oldest; // marks that came out, 0 before the first
    uint64_t seen;            // bit N is set if the mark newest - N came out
    int64_t kept;             // frames that came out at least once
};

// Marks a frame that goes in. Frames without a mark come from elsewhere.
void wr_tally_mark(struct wr_tally *tally, AVFrame *frame);

// Counts a frame that came out, and takes the mark from it.
void wr_tally_count(struct wr_tally *tally, AVFrame *frame);

// Sets in counts what was dropped and what was repeated, from its frames in and out. Each is exact
// where filters keep frames within 64 of their order, or turn it around; their difference always.
void wr_tally_sum(const struct wr_tally *tally, struct wr_stage_report *counts);
