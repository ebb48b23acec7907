// SPDX-License-Identifier: MIT
// Which rows of every buffer a band of output rows needs: the CPU runs a whole program over one
// band of one frame at a time, so that what lies between the passes stays in the cache.
#pragma once

#include "kernels/program.h"

struct wr_rows {
    int from, to; // [from, to), empty where from == to
};

// rows has one entry for each buffer: filled with what band number `band` of `bands` needs (read or
// written). Bands share the output's rows out without overlap; buffers between the passes overlap
// by what the windows reach.
void wr_band_rows(const struct wr_program *program, int band, int bands, struct wr_rows *rows);

// How many bands keep one band's rows within cache_bytes, at least `least`.
int wr_band_count(const struct wr_program *program, size_t cache_bytes, int least);
