// SPDX-License-Identifier: MIT
// The file of a part: words that say what it is a part of, then its pieces, then how it ended.
//
// It is a row of blocks: four letters, the length of what follows, that, and its SHA-256. So a file
// that was cut or changed is found out. Numbers are big-endian.
#pragma once

#include <libavformat/avio.h>
#include <stdbool.h>

#include "lib/output/chunks/piece.h"

// What must be the same in all parts, and what tells them apart. Texts may be empty, not NULL.
enum wr_part_word {
    WR_PART_VERSION,                // of warpreel and FFmpeg
    WR_PART_SOURCE,                 // size and hash of the input
    WR_PART_CHAIN,                  // as run
    WR_PART_FILES,                  // size and hash of what the chain reads
    WR_PART_ENCODER,                // its name, threads and header
    WR_PART_TIMES,                  // frames of a piece, and the tick of times
    WR_PART_SETTINGS,               // what the caller wants to know again
    WR_PART_COMMON,                 // so many words are the same in all parts
    WR_PART_INPUT = WR_PART_COMMON, // the input's path
    WR_PART_NUMBER,                 // "K/N"
    WR_PART_WORDS
};

struct wr_part_head {
    char *words[WR_PART_WORDS]; // freed with av_free
};

struct wr_part_tail {
    int64_t frames;  // of the whole video
    int64_t damaged; // places of the input, as far as the part has read it
};

void wr_part_head_close(struct wr_part_head *head);

// Each writes one block; false when memory is short. What the disk refuses is in file->error.
bool wr_part_write_head(AVIOContext *file, const struct wr_part_head *head);
bool wr_part_write_piece(AVIOContext *file, const struct wr_piece *piece);
bool wr_part_write_tail(AVIOContext *file, const struct wr_part_tail *tail);

// A part that is read.
struct wr_part_file {
    const char *path; // borrowed
    AVIOContext *file;
    struct wr_part_head head;
    struct wr_part_tail tail; // known once wr_part_read has said WR_END
};

// Opens the file and reads its head. Close it after a failure, too.
enum wr_status wr_part_open(struct wr_part_file *part, const char *path, struct wr_error *error);

// Reads the next piece, which the caller closes; WR_END after the last.
int wr_part_read(struct wr_part_file *part, struct wr_piece *piece, struct wr_error *error);

void wr_part_close(struct wr_part_file *part);
