// SPDX-License-Identifier: MIT
// FFmpeg's filters for sound: graphs of them, and what sound is like behind those that are asked
// for.
#pragma once

#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>

#include "lib/base/error.h"
#include "lib/output/convert/stream_converter.h"

// What sounds go through. All is borrowed.
struct wr_sound_way {
    AVFrame *const *like; // frames without samples: what the sounds are like
    int count;
    const struct wr_sound_cut *cuts; // of each sound
    const char *filters;             // NULL for none
    bool is_graph; // they take the sounds by their numbers: see struct wr_sound_part
};

// Adds a source for each sound, and a sink, to a graph, and between them the way and then `last`,
// a chain. Returns an error of FFmpeg's, or 0 or more.
int wr_sound_graph_make(AVFilterGraph *graph, AVFilterContext **sources, AVFilterContext **sink,
                        const struct wr_sound_way *way, const char *last);

// Describes in *heard what the way's filters give of what the decoder of the first sound gives:
// layout and sample format, and the sample rate where it is not higher than before. The caller
// frees *heard. Fails with WR_USAGE, and FFmpeg's reason, where they cannot be.
enum wr_status wr_sound_filter_try(AVCodecContext **heard, const AVCodecContext *decoder,
                                   const struct wr_sound_way *way, struct wr_error *error);
