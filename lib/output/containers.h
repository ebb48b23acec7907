// SPDX-License-Identifier: MIT
// What is known of single containers: one row for each, or for several that are alike.
#pragma once

#include <libavformat/avformat.h>

#include "lib/warpreel.h"

enum wr_chapters {
    WR_CHAPTERS_NONE,      // the muxer leaves them out and says nothing
    WR_CHAPTERS_IN_HEADER, // they must be known when writing begins
    WR_CHAPTERS_ANY_TIME   // the muxer can also write them at the end of a file
};

struct wr_container_row {
    const char *names;   // of muxers, "a,b"
    const char *refused; // why warpreel does not write it; NULL if it does

    // The encoders that users of the container expect, the second for RGB; NULL: libavformat's
    // choice.
    const char *encoder, *rgb_encoder;

    // The muxer of the files that it writes, where it is none itself; "*": by the output's name.
    const char *inner;

    // Encoders for sound and text that the container cannot hold: the first, "a,b", that keeps all
    // channels; NULL: libavformat's choice.
    const char *sound, *text;

    // For the muxer, "key=value:key=value": always, for a file, for what cannot be rewound, and to
    // keep free tags, which some muxers can only do when there is no cover, and then all are free.
    const char *options, *file_options, *stream_options, *free_tag_options;
    const char *options_unless; // "key=flag": the user's flag that takes .options away
    const char *start_options;  // the same, for streams that do not start at once
    const char *tags;           // that all readers know; those of other names are free

    enum wr_chapters chapters;
    bool any_time;    // frames need not be at multiples of the frame rate; not all muxers that
                      // could say so do
    bool holds_order; // frames keep their times where they are encoded in another order: this need
                      // not be tried
    bool varies;      // ffmpeg keeps variable rates in it, although the muxer does not say so
    bool rotation;    // it holds how the picture is to be turned, and all players heed it
    int rotation_since;  // the major version of libavformat from which it does; 0 for none
    bool covers;         // it holds covers as pictures
    bool attachments;    // it holds attached files, and covers as such
    bool decoding_times; // it holds when pictures are decoded, not when they are shown
    bool negative_gray;  // raw 8-bit gray is its negative in it, as its own codec tag says
    bool drops_empty;    // the muxer leaves out streams without packets, and says nothing
    bool needs_sound;    // it has pictures only for as long as there is sound, if it has any, and
                         // sound only for as long as there are pictures
    bool plain_sound;    // users expect sound in it that is not compressed
    bool tags_by_shape;  // a codec's tag depends on size and rate, where the muxer is not lenient
    bool says_nothing;   // of what is in it: whoever reads it has to know
    bool takes_anything; // for tests: what is given is counted or hashed, and need not be known
    bool writes_nothing; // there is no file
    bool holds_pictures; // one file for each frame; a name without a number is one picture
    bool converts;       // the user wants a picture or an animation, in whatever pixel format

    // Of an animation: the muxer's options for how often it plays, and for how long the last frame
    // is shown. NULL where there is none.
    const char *plays_option, *last_delay_option;
    bool counts_repeats; // plays_option is -1 for one play, and does not count the first of others
    int ticks_of_delay;  // in a second, of last_delay_option; 0: it is a fraction of a second
};

// The row of a muxer; an empty one if nothing is known of it.
const struct wr_container_row *wr_container_row(const AVOutputFormat *container);

// Whether the container that is meant is one for sound, which holds no video but covers.
bool wr_container_is_of_sound(const char *format, const char *output);

// Whether it is one for subtitles, which holds nothing else.
bool wr_container_is_of_text(const char *format, const char *output);

// Whether it holds pictures and nothing else.
bool wr_container_is_of_pictures(const AVOutputFormat *container);

// Whether the container that is meant does.
bool wr_asks_for_pictures(const char *format, const char *output);

// Whether all is thrown away.
bool wr_asks_for_nothing(const char *format, const char *output);

// Whether it holds tags and chapters, and no streams.
bool wr_asks_for_tags(const char *format, const char *output);

// Finds the container that a user means: by `format` if that is not NULL, a muxer's name or a
// file's suffix, else by the output's name. Fails with WR_USAGE.
enum wr_status wr_find_container(const AVOutputFormat **container, const char *format,
                                 const char *output, struct wr_error *error);

// Fails with WR_USAGE where the container has no option of a name that is asked for as "K=V", or
// does not take the value of one that it has, "K?=V" included. asked ends with NULL, or is NULL.
enum wr_status wr_container_check_options(const AVOutputFormat *container, const char *const *asked,
                                          struct wr_error *error);
