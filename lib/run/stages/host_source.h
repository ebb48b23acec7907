// SPDX-License-Identifier: MIT
// A source of a graph of FFmpeg's filters, and how many of its frames a filter may hold.
#pragma once

#include <libavfilter/avfilter.h>

#include "lib/base/log.h"
#include "lib/run/stages/further.h"

// A source of the graph and what was given to it.
struct wr_host_source {
    AVFilterContext *context;         // the graph's
    enum AVPixelFormat pix_fmt;       // that frames are given in
    const struct wr_further *further; // where its frames come from; NULL for the stage's own queue
    int64_t end;                      // of the newest frame
    int64_t frames;                   // that were given
    bool is_closed;                   // no more frames come
    const AVFilterContext *holder;    // the filter that holds many of them, NULL for none
    int64_t memory_limit;             // bytes that these frames may take
    int64_t most_frames;              // how many frames that are
    int64_t held; // bytes of those that it will hold; -1 where their number is not known
};

// Before the run: where a filter holds many of the source's frames (reverse), says how much memory
// that takes. Fails where it is known to be more than limit bytes. `frames` is how many the source
// will get, 0 if not known.
enum wr_status wr_host_source_limit(struct wr_host_source *source, int64_t limit, int64_t frames,
                                    const struct wr_log *notes, struct wr_error *error);

// Whether one more frame would take more memory than the limit.
bool wr_host_source_is_full(const struct wr_host_source *source);

// Says so, and fails.
enum wr_status wr_host_source_refuse(const struct wr_host_source *source, struct wr_error *error);
