// SPDX-License-Identifier: MIT
// What is asked of an input in words: its format, its options, and the rate of its frames.
#pragma once

#include <libavformat/avformat.h>

#include "lib/base/error.h"

// Strings are borrowed.
struct wr_input_words {
    const char *format;         // FFmpeg's name of the demuxer or device, NULL to find out
    const char *const *options; // "K=V" for demuxer or decoder, NULL at the end, or NULL
    const char *framerate;      // NULL for the input's own
};

// The demuxer or device, NULL where none is named. Fails with WR_USAGE where there is none of that
// name.
enum wr_status wr_input_find_format(const AVInputFormat **format, const char *name,
                                    struct wr_error *error);

// The options as a dictionary, with the rate of frames: many demuxers have an option of that name.
// The caller frees *options, also after a failure.
enum wr_status wr_input_read_options(AVDictionary **options, const struct wr_input_words *words,
                                     struct wr_error *error);

// 0/1 where text is NULL.
enum wr_status wr_input_read_rate(AVRational *rate, const char *text, struct wr_error *error);

// Fails with WR_USAGE where no input could be read so: where there is no such format, where neither
// it nor any decoder has an option of that name, or where the rate is none.
enum wr_status wr_input_words_check(const struct wr_input_words *words, struct wr_error *error);
