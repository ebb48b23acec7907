// SPDX-License-Identifier: MIT
// What was asked for the sounds of an output.
#pragma once

#include <libavformat/avformat.h>

#include "lib/output/writer_options.h"

// What becomes of sound.
enum wr_sound {
    WR_SOUND_COPY_OR_CONVERT, // converted only where the container cannot hold it
    WR_SOUND_COPY,            // left out where the container cannot hold it
    WR_SOUND_NONE,
    WR_SOUND_CONVERT, // always
};

// Strings are borrowed from the options.
struct wr_sound_choice {
    enum wr_sound kind;
    bool is_asked;        // anything was
    bool is_copied;       // that was: it cannot be filtered
    const AVCodec *codec; // with WR_SOUND_CONVERT, and where the chain filters sound
    const char *options;  // of it, "key=value:key=value", NULL for none
    const char *filters;  // that the sound goes through before, NULL for none
};

// What a list of "N/TEXT" has for number n, `common` where it has nothing.
const char *wr_stream_list_find(const char *const *list, int n, const char *common);

// Fails with WR_USAGE where such a list has something else, and names an example.
enum wr_status wr_stream_list_check(const char *const *list, const char *example,
                                    struct wr_error *error);

// Fills in what was asked for each sound by its number in the output; the last choice is for all
// sounds behind it, too. Fails with WR_USAGE where that cannot be.
enum wr_status wr_sound_choices_make(struct wr_sound_choice choices[WR_MOST_SOUNDS],
                                     const AVOutputFormat *container,
                                     const struct wr_writer_options *options,
                                     struct wr_error *error);
