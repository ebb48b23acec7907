// SPDX-License-Identifier: MIT
// Which streams of an input are asked for, in the grammar of FFmpeg's -map.
#pragma once

#include <libavformat/avformat.h>

#include "lib/base/error.h"

// Strings are borrowed.
struct wr_maps {
    const char *const *list; // "0:v", "0:a:1?", "-0:s", "[label]", NULL at the end; NULL for all
    bool no_audio, no_subtitles, no_data;
};

// Fails with WR_USAGE where a map is none, names another input, or matches no stream.
enum wr_status wr_maps_check(const struct wr_maps *maps, AVFormatContext *file, const char *name,
                             struct wr_error *error);

// The index of the video stream that the maps name, WR_NO_STREAM if none of them names a video, and
// WR_ANY_STREAM if they leave the choice.
enum { WR_NO_STREAM = -1, WR_ANY_STREAM = -2 };
int wr_maps_video(const struct wr_maps *maps, AVFormatContext *file);

// Whether a stream other than that video is asked for.
bool wr_maps_have(const struct wr_maps *maps, AVFormatContext *file, const AVStream *stream);
