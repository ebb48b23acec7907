// SPDX-License-Identifier: MIT
// How long frames take from the reader to the writer: counted in a table that does not grow.
#pragma once

#include <libavutil/frame.h>

#include "lib/warpreel.h"

enum { WR_LATENCY_STEPS = 1200 };

// Each step is two per cent longer than the one before; the first is ten microseconds.
struct wr_latency {
    int64_t count;
    int64_t steps[WR_LATENCY_STEPS];
    double worst;
};

// Marks the frame as one that has arrived now; stages pass the mark on.
void wr_latency_begin(AVFrame *frame);

// Counts a frame that is handed over now, if it bears a mark: frames that filters made do not.
void wr_latency_end(struct wr_latency *latency, const AVFrame *frame);

// Fills in what the report says of it.
void wr_latency_report(const struct wr_latency *latency, struct wr_report *report);
