// SPDX-License-Identifier: MIT
// FFmpeg's filters for sound: graphs of them, and what sound is like behind those that are asked
// for.
#pragma once

#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>

#include "lib/base/error.h"

// Adds the source "in" for sound as described, and the sink "out", to a graph, and filters between
// them. Returns an error of FFmpeg's, or 0 or more.
int wr_sound_graph_make(AVFilterGraph *graph, AVFilterContext **source, AVFilterContext **sink,
                        int sample_rate, enum AVSampleFormat sample_fmt,
                        const AVChannelLayout *layout, const char *filters);

// Describes in *heard what the filters give of what the decoder gives: layout and sample format,
// and the sample rate where it is not higher than before. The caller frees *heard. Fails with
// WR_USAGE, and FFmpeg's reason, where they cannot be.
enum wr_status wr_sound_filter_try(AVCodecContext **heard, const AVCodecContext *decoder,
                                   const char *filters, struct wr_error *error);
