// SPDX-License-Identifier: MIT
// What reading a line written for ffmpeg shares: where it is, and what has become of it so far.
#pragma once

#include "cli/ffmpeg/ffmpeg_options.h"
#include "cli/options.h"

// An option with its value, as they stand in the line.
struct wr_ffmpeg_word {
    const char *text;      // "-b:v"
    char name[64];         // "b"
    const char *specifier; // "v", "" for none
    const char *value;     // NULL for a flag
};

enum { WR_FFMPEG_SOUNDS = 32 };

// What stands for sound; NULL if nothing does.
struct wr_ffmpeg_sound {
    const char *codec, *options; // "aac", "b=128k:ac=2"
};

struct wr_ffmpeg_line {
    struct wr_settings *settings;
    int place;                         // WR_BEFORE or WR_BEHIND
    int inputs;                        // so far
    const struct wr_ffmpeg_word *word; // being read
    bool has_graph;                    // -filter_complex
    bool copies_times;                 // -copyts
    struct wr_error *error;
    // What is put together from several options; NULL if not given.
    struct wr_ffmpeg_sound all_sounds, sounds[WR_FFMPEG_SOUNDS]; // by their numbers in the output
    const char *scaler_flags, *end;
    const char *channels; // of -map_channel, "|c0=c1|c1=c0"
    int channel_count;
};

// A string that lives as long as the settings; NULL, with the error set, where memory is short.
const char *wr_ffmpeg_make(struct wr_ffmpeg_line *line, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Sets one of our options to text that was made, which is NULL where memory was short. Before a
// further -i it is a setting of that input.
enum wr_status wr_ffmpeg_set(struct wr_ffmpeg_line *line, const char *own, const char *text);

// Keeps a sentence to be said once the line is read; NULL where memory was short.
enum wr_status wr_ffmpeg_remark(struct wr_ffmpeg_line *line, const char *sentence);
