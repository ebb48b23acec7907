// SPDX-License-Identifier: MIT
// What streams are for: default, forced and other words of FFmpeg's.
#pragma once

#include <libavformat/avformat.h>

#include "lib/base/error.h"
#include "lib/output/writer_options.h"

// Refuses words that FFmpeg does not know.
enum wr_status wr_dispositions_check(const struct wr_writer_options *options,
                                     struct wr_error *error);

// Sets or changes the stream's disposition as `flags`, which have been checked, say. Returns 0.
int wr_disposition_set(AVStream *stream, const char *flags);

// Where no stream of a kind is the default, makes the first of several the default, as ffmpeg does.
// Covers do not count.
void wr_dispositions_choose(AVFormatContext *file);
