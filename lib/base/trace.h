// SPDX-License-Identifier: MIT
// Where the time of a run goes: spans on tracks, written as Chrome trace events, which Perfetto
// (ui.perfetto.dev) shows.
//
// A track is one row of the picture: a thread, or the queue of a device. Only one thread at a time
// may add to a track; then adding takes no lock until the track's buffer is full and goes to the
// file. A track that is NULL takes nothing and costs one branch.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

struct wr_trace;
struct wr_track;

struct wr_span {
    const char *name,
        *category;     // plain words (they are not escaped), borrowed until wr_trace_close
    double start, end; // wr_now()
    const char *key;   // what number counts, "frame" or "batch"; NULL for nothing
    int64_t number;
};

// Seconds of the monotonic clock.
double wr_now(void);

// Takes spans from now on, for a file at path; "-" is standard output. On failure *trace is NULL.
enum wr_status wr_trace_open(struct wr_trace **trace, const char *path, struct wr_error *error);

// Makes or empties the file, which wr_trace_close does otherwise. On failure closes the trace.
// Tolerates NULL.
enum wr_status wr_trace_begin(struct wr_trace **trace, struct wr_error *error);

// A new row, owned by the trace; name is printed like printf's. NULL for a trace that is NULL, and
// where memory is short, which wr_trace_close reports.
struct wr_track *wr_trace_track(struct wr_trace *trace, const char *name, ...)
    __attribute__((format(printf, 2, 3)));

void wr_track_add(struct wr_track *track, const struct wr_span *span);

// Writes what is left and ends the file; no track may be used afterwards. Fails if anything is
// missing in the file. Tolerates NULL.
enum wr_status wr_trace_close(struct wr_trace **trace, struct wr_error *error);

// When a span begins, 0 where nobody wants to know.
static inline double wr_span_begin(const struct wr_track *track)
{
    return __builtin_expect(track != NULL, 0) ? wr_now() : 0;
}

static inline void wr_span_end(struct wr_track *track, const char *name, const char *category,
                               double start, const char *key, int64_t number)
{
    if (__builtin_expect(track != NULL, 0))
        wr_track_add(track, &(struct wr_span){name, category, start, wr_now(), key, number});
}
