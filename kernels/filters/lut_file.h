// SPDX-License-Identifier: MIT
// Look-up tables in files: .cube, and FFmpeg's other formats .3dl, .dat, .m3d and .csp.
#pragma once

#include <locale.h>
#include <stdbool.h>

#include "kernels/program/filter.h"

// A table: size values for each of three channels (1D), or a lattice of size^3 points, red fastest.
struct wr_lut {
    int dimensions; // 1 or 3
    int size;
    double min[3], max[3]; // of the input: red, green, blue
    float *values;         // [points][red, green, blue], none infinite
    uint16_t *shaper; // curves that come before a lattice, each from 0..65535 to 0..65535, which is
                      // 0 to 1: [red, green, blue][WR_MAX_VALUES]. NULL if there are none
};

// Reads the text of a file, whose format the suffix of path tells; .cube if no other does. A broken
// one gets a sentence with the line. Close the table in any case. What comes out is safe to compute
// with: as floats, (size - 1) / (max - min), that times min, and max - min are finite and min lies
// below max.
enum wr_status wr_lut_read(struct wr_lut *lut, const struct wr_lowering *lowering, const char *path,
                           const char *text);
void wr_lut_close(struct wr_lut *lut);

// ---- for the readers of the formats

enum { WR_LUT_LINE = 512, WR_LUT_MOST_3D = 256, WR_LUT_MOST_1D = 65536 };

struct wr_lut_reader {
    struct wr_lut *lut;
    const struct wr_lowering *lowering;
    const char *path, *rest; // rest: of the text, behind the line
    locale_t plain;
    int line;               // its number
    int range_line;         // the line that gave the range of the input, 0: none did
    char text[WR_LUT_LINE]; // without comment and blanks around it; "" only at the end
};

// Goes to the next line that holds anything. text is "" after the last one.
enum wr_status wr_lut_next(struct wr_lut_reader *r);

enum wr_status wr_lut_refuse(const struct wr_lut_reader *r, const char *what);

// Reads exactly count numbers to the end of text; `expected` says so if there is anything else.
enum wr_status wr_lut_numbers(const struct wr_lut_reader *r, const char *text, double *numbers,
                              int count, const char *expected);

// Makes room for the table's values, all 0.
enum wr_status wr_lut_allocate(const struct wr_lut_reader *r, int dimensions, int size);

// Sets the n-th value of the table to three numbers.
enum wr_status wr_lut_put(const struct wr_lut_reader *r, size_t n, const double point[3]);

size_t wr_lut_points(const struct wr_lut *lut);

// Makes a curve of the shaper for color, through count points whose x rise. What comes out of it is
// 0 at `low` and 1 at `high`, the range of the lattice.
enum wr_status wr_lut_shape(const struct wr_lut_reader *r, int color, const double *x,
                            const double *y, int count, double low, double high);

// Reads the whole text.
enum wr_status wr_lut_read_cube(struct wr_lut_reader *r);
enum wr_status wr_lut_read_3dl(struct wr_lut_reader *r);
enum wr_status wr_lut_read_csp(struct wr_lut_reader *r);
enum wr_status wr_lut_read_dat(struct wr_lut_reader *r);
enum wr_status wr_lut_read_m3d(struct wr_lut_reader *r);
