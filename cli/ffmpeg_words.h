// SPDX-License-Identifier: MIT
// What reading a line written for ffmpeg shares: its words, and what they have become so far.
#pragma once

#include "cli/ffmpeg_options.h"
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
};

// Splits word->text into name and specifier.
void wr_ffmpeg_split_name(struct wr_ffmpeg_word *word);

// Whether the option takes a value: all that are not flags do, also those that nobody knows.
bool wr_ffmpeg_takes_value(const struct wr_ffmpeg_word *word);

// The row of an option at a place; NULL if there is none.
const struct wr_ffmpeg_option *wr_ffmpeg_find_row(const struct wr_ffmpeg_word *word, int place);

// What FFmpeg's libraries call so at a place, as one of our options; NULL for nothing.
const char *wr_ffmpeg_library_option(int place, const char *name, const char *specifier);

// A string that lives as long as the settings; NULL, with the error set, where memory is short.
const char *wr_ffmpeg_make(struct wr_ffmpeg_line *line, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Sets one of our options to text that was made, which is NULL where memory was short. Before a
// further -i it is a setting of that input.
enum wr_status wr_ffmpeg_set(struct wr_ffmpeg_line *line, const char *own, const char *text);

// Keeps a sentence to be said once the line is read; NULL where memory was short.
enum wr_status wr_ffmpeg_remark(struct wr_ffmpeg_line *line, const char *sentence);

// Sets how far the times of an MPEG transport stream lie behind, in seconds.
enum wr_status wr_ffmpeg_set_mux_delay(struct wr_ffmpeg_line *line, const char *seconds);

// Makes an option of the line, at line->place, one of ours.
enum wr_status wr_ffmpeg_read_option(struct wr_ffmpeg_line *line,
                                     const struct wr_ffmpeg_word *word);
