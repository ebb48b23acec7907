// SPDX-License-Identifier: MIT
// The segments of a filter graph, one after the other.
#pragma once

#include <stdint.h>

#include "lib/chain/chain.h"
#include "lib/chain/sound_part.h"

// A stretch of filters that runs in one place.
struct wr_segment {
    bool is_native;
    struct wr_chain chain; // native: the filters, parsed
    char *graph;           // host: text for libavfilter, NULL when native
    bool is_line;          // host: one filter after the other
    bool converts;         // host: libavfilter converts formats itself, as it does for ffmpeg
    bool says_format;      // host: a `format` stands at its end or follows
    char *format;          // host: the `format` that follows, which is native, too; may be NULL
    char *names;           // host: the filters for sentences and reports, "fps, drawtext"
    const char *why;       // host: why they run there
    uint32_t further; // host: bit N is set if it takes pictures of the job's input N, not `main`
};

// A host segment's graph has one open video output and the segment's own open input, for
// avfilter_graph_parse_ptr() with the links "out" and "in"; further inputs are "in1", "in2". A
// linear one leaves the ends without labels, which means the same there: "fps=10,tile=2x2". Any
// other names them:
// "[in]split[a][b];[a]vflip[c];[b][c]hstack[out]".
struct wr_segments {
    struct wr_segment *items;
    int count;
    int main;    // the input whose pictures are filtered; others are further ones
    char *label; // behind the graph's output, NULL for none
    char *drawn; // where pictures are made of sound alone: what makes them, for the device lavfi
    struct wr_sound_part sound; // of the graph, apart from the segments
    uint32_t reread;            // bit N is set if filters open the job's input N themselves
};

// Appends a zeroed segment and gives it. NULL where memory is short. Pointers to items become
// invalid.
struct wr_segment *wr_segments_add(struct wr_segments *segments);

// Gives a host segment's graph the flags that libavfilter passes on to the filters that scale. A
// native segment stays as it is.
enum wr_status wr_segment_set_sws_flags(struct wr_segment *segment, const char *flags,
                                        struct wr_error *error);

// Makes two host segments of one that is a line: the filters before number `at`, which is more than
// 0, and the rest. Pointers to items become invalid.
enum wr_status wr_segments_split(struct wr_segments *segments, int segment, int at,
                                 struct wr_error *error);

// Appends `format` to what text said.
enum wr_status wr_segments_append_format(struct wr_segments *segments, const char *pix_fmt,
                                         struct wr_error *error);

// The graph of a host segment that has a format, with that at its end, for av_free(). NULL where
// memory is short.
char *wr_segment_with_format(const struct wr_segment *segment);

// Copies segments, without label and sound. The caller closes both, also after a failure, which is
// that memory is short.
enum wr_status wr_segments_copy(struct wr_segments *copy, const struct wr_segments *segments,
                                struct wr_error *error);

// Tolerates segments that are zeroed or closed.
void wr_segments_close(struct wr_segments *segments);
