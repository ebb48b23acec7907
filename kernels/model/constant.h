// SPDX-License-Identifier: MIT
// Constants of a model: arrays of whole numbers or float32, as files hold them and as shape
// arithmetic makes them.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WR_MOST_AXES = 8 };

struct wr_constant {
    int rank; // 0 for a single number
    int64_t sizes[WR_MOST_AXES];
    size_t count;      // product of the sizes
    int64_t *integers; // one of the two is NULL, both in a constant that was never opened
    float *floats;
};

// How many values there are of these sizes; -1 where one is negative or it is more than 2^28.
int64_t wr_constant_count(int rank, const int64_t *sizes);

// Makes zeros. False where wr_constant_count() is negative or memory is short; *c is empty then.
bool wr_constant_open(struct wr_constant *c, bool is_integer, int rank, const int64_t *sizes);

// Frees the values and empties *c.
void wr_constant_close(struct wr_constant *c);

// Value n as a number, and as a whole one: cut off, into the range of int64_t; NaN gives 0.
double wr_constant_number(const struct wr_constant *c, size_t n);
int64_t wr_constant_integer(const struct wr_constant *c, size_t n);

// Stores a number, as wr_constant_integer() makes it whole where whole ones are kept.
void wr_constant_put(struct wr_constant *c, size_t n, double number);

// Opens *out with `sizes` and fills it from `in`: the value at an index is the one at the sum of
// `first` and index * step over the axes, which must lie inside. False as wr_constant_open().
bool wr_constant_pick(struct wr_constant *out, const struct wr_constant *in, int rank,
                      const int64_t *sizes, int64_t first, const int64_t *steps);

// For each axis, how far apart in `c` two values are that are neighbours along it.
void wr_constant_steps(const struct wr_constant *c, int64_t steps[WR_MOST_AXES]);

float wr_float_from_half(uint16_t half);
