// SPDX-License-Identifier: MIT
// Look-up tables in .cube files: Adobe's Cube LUT Specification 1.0, with Resolve's names for the
// range.
#pragma once

#include "kernels/program/filter.h"

// A table: size values for each of three channels (1D), or a lattice of size^3 points, red fastest.
struct wr_cube {
    int dimensions; // 1 or 3
    int size;
    double min[3], max[3]; // of the input: red, green, blue
    float *values;         // [points][red, green, blue], none infinite
};

// Reads the text of a file. A broken one gets a sentence with the line. Free values in any case.
// What comes out is safe to compute with: as floats, (size - 1) / (max - min), that times min, and
// max - min are finite and min lies below max.
enum wr_status wr_cube_read(struct wr_cube *cube, const struct wr_lowering *lowering,
                            const char *path, const char *text);
