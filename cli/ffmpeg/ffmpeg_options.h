// SPDX-License-Identifier: MIT
// The options of ffmpeg's command line, one row for each: what it becomes here, or why it does not.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// Where it may stand: before -i, behind it, or anywhere with one meaning.
enum { WR_BEFORE = 1, WR_BEHIND = 2, WR_GLOBAL = 4 };

// What is more than one setting of one value.
enum wr_ffmpeg_special {
    WR_FFMPEG_PLAIN, // the row says all
    WR_FFMPEG_CODEC,
    WR_FFMPEG_AUDIO_OPTION, // of the encoder for sound
    WR_FFMPEG_AUDIO_FILTER,
    WR_FFMPEG_LOG_LEVEL,
    WR_FFMPEG_MAP_FROM, // tags and chapters: `own` takes an input, `key` none
    WR_FFMPEG_METADATA,
    WR_FFMPEG_OF_STREAMS, // "specifier/value"; `key` is the specifier where it has none
    WR_FFMPEG_PACKET_FILTER,
    WR_FFMPEG_SCALER_FLAGS,
    WR_FFMPEG_SYNC,
    WR_FFMPEG_SWITCH,     // its value is 1, or 0 for its name with "no" before it
    WR_FFMPEG_START,      // a time before the beginning is how much later all is
    WR_FFMPEG_END,        // -to behind -i counts from where -ss there begins
    WR_FFMPEG_LENGTH,     // -t before -i
    WR_FFMPEG_COPY_TIMES, // -t and -to behind -i are times of the first input
    WR_FFMPEG_CHANNELS,   // of raw sound
    WR_FFMPEG_BITEXACT,
    WR_FFMPEG_MUX_DELAY,
    WR_FFMPEG_PIX_FMT,      // of what the encoder takes the nearest, without a + before it
    WR_FFMPEG_FLAGS,        // of the container: shortest is an option of ours
    WR_FFMPEG_TIMESTAMP,    // when the file is said to be made
    WR_FFMPEG_BYTES,        // k, M and G are powers of 1000, with an i of 1024
    WR_FFMPEG_SCRIPT,       // `own` takes the content of a file
    WR_FFMPEG_GRAPH_SCRIPT, // the same for a graph
    WR_FFMPEG_TARGET,       // stands for several options
    WR_FFMPEG_MAP_CHANNEL,  // one more channel of sound, by `pan`
    WR_FFMPEG_GRAPH,        // what its output without a label makes needs no -map
};

struct wr_ffmpeg_option {
    const char *name;
    int places;
    bool is_flag; // it takes no value
    // The first letters of the stream specifiers that it may have, and '-' if it may have none;
    // NULL for those of video and none.
    const char *streams;
    const char *own; // the option of ours that it becomes, or the nearest to it; NULL for none
    const char *key; // of that option's K=V
    enum wr_ffmpeg_special special;
    // How a sentence goes on that begins with its name: why it changes nothing ("" is not worth a
    // sentence), or why it cannot be.
    const char *unneeded, *refused;
};

// The row of an option at a place, for a specifier like "v:0" or ""; NULL if there is none.
const struct wr_ffmpeg_option *wr_ffmpeg_option_find(const char *name, const char *specifier,
                                                     int place);

// The row number n, from 0; NULL where there are no more.
const struct wr_ffmpeg_option *wr_ffmpeg_option_at(int n);

// The name of the option that becomes one of ours and nothing else, or its K=V with this key, ""
// for an option without one. NULL if there is none. The lengths are those of own and key.
const char *wr_ffmpeg_option_name(const char *own, size_t own_length, const char *key,
                                  size_t key_length);

// The nearest name to one that there is not; NULL if none is near.
const char *wr_ffmpeg_option_nearest(const char *name);
