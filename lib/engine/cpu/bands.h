// SPDX-License-Identifier: MIT
// How the CPU walks a program: over one band of rows of one frame at a time, so that what lies
// between the passes stays in the cache.
//
// A band computes all rows that its share of the result needs, so some rows are computed by two
// neighbouring bands. Where that would be too many rows (large windows, rotation) or too much work
// (convolutions of many channels) the program is cut into segments: the passes before the cut run
// over the whole frame, band by band, before those behind it begin.
#pragma once

#include "kernels/program/program.h"

struct wr_rows {
    int from, to; // [from, to), empty where from == to
};

struct wr_bands {
    int count;         // bands of a frame
    int repeats;       // see wr_bands_open()
    int segments;      // ranges of passes between cuts, at least 1
    int *segment_ends; // the pass each ends before
    bool *whole; // of each buffer: kept for the whole frame, since it is written before a cut and
                 // read behind it
    struct wr_rows *rows; // [count][buffers]: what a band computes of a buffer; of the program's
                          // input, what it reads
};

// How many bands a frame is to have: so many that one fits into cache_bytes, at least `least`, but
// none with fewer than `rows` rows of the output. One, where the output is lower than that.
int wr_bands_count(const struct wr_program *program, size_t cache_bytes, int least, int rows);

// Cuts program into segments, for `count` bands, and finds the rows of each band. repeats: how many
// times the usual work bands may do again before the program is cut there, at least 1; fewer cuts
// take less memory and more time. On failure bands is closed.
enum wr_status wr_bands_open(struct wr_bands *bands, const struct wr_program *program, int count,
                             int repeats, struct wr_error *error);

// Rows that a band computes of what a pass writes, as the pass counts them.
struct wr_rows wr_bands_rows(const struct wr_bands *bands, const struct wr_program *program,
                             int band, const struct wr_pass *pass);

// Which of those rows it may write to the program's output. The other rows of the output belong to
// other bands; what the pass writes there into buffers between passes is needed all the same.
struct wr_rows wr_bands_own(const struct wr_bands *bands, const struct wr_program *program,
                            int band, const struct wr_pass *pass);

// Rows of a plane that a pass may read in a band, as the plane counts them: all rows of a buffer
// that is kept whole; of the program's input those that the band needs; else those that it
// computes.
struct wr_rows wr_bands_held(const struct wr_bands *bands, const struct wr_program *program,
                             int band, const struct wr_plane *plane);

void wr_bands_close(struct wr_bands *bands);
