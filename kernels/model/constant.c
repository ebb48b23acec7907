// SPDX-License-Identifier: MIT
// Constants of a model: memory for them, and how their values are reached.
#include "kernels/model/constant.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int64_t wr_constant_count(int rank, const int64_t *sizes)
{
    const int64_t most = 1 << 28;
    int64_t count = 1;
    bool is_empty = false;
    for (int n = 0; n < rank; n++) {
        if (sizes[n] < 0 || sizes[n] > most)
            return -1;
        if (sizes[n] == 0)
            is_empty = true;
        else if ((count *= sizes[n]) > most)
            return -1;
    }
    return is_empty ? 0 : count;
}

bool wr_constant_open(struct wr_constant *c, bool is_integer, int rank, const int64_t *sizes)
{
    *c = (struct wr_constant){.rank = rank};
    const int64_t count = rank <= WR_MOST_AXES ? wr_constant_count(rank, sizes) : -1;
    if (count < 0)
        return false;
    if (rank)
        memcpy(c->sizes, sizes, (size_t)rank * sizeof *sizes);
    c->count = (size_t)count;
    if (is_integer)
        c->integers = calloc(c->count + 1, sizeof *c->integers);
    else
        c->floats = calloc(c->count + 1, sizeof *c->floats);
    return c->integers || c->floats;
}

void wr_constant_close(struct wr_constant *c)
{
    free(c->integers);
    free(c->floats);
    *c = (struct wr_constant){0};
}

double wr_constant_number(const struct wr_constant *c, size_t n)
{
    return c->integers ? (double)c->integers[n] : (double)c->floats[n];
}

static int64_t to_integer(double number)
{
    const double limit = 9223372036854775808.0;
    if (isnan(number))
        return 0;
    return number >= limit ? INT64_MAX : number <= -limit ? INT64_MIN : (int64_t)number;
}

int64_t wr_constant_integer(const struct wr_constant *c, size_t n)
{
    return c->integers ? c->integers[n] : to_integer((double)c->floats[n]);
}

void wr_constant_put(struct wr_constant *c, size_t n, double number)
{
    if (c->integers)
        c->integers[n] = to_integer(number);
    else
        c->floats[n] = (float)number;
}

bool wr_constant_pick(struct wr_constant *out, const struct wr_constant *in, int rank,
                      const int64_t *sizes, int64_t first, const int64_t *steps)
{
    if (!wr_constant_open(out, in->integers, rank, sizes))
        return false;
    int64_t index[WR_MOST_AXES] = {0}, at = first;
    for (size_t n = 0; n < out->count; n++) {
        if (out->integers)
            out->integers[n] = in->integers[at];
        else
            out->floats[n] = in->floats[at];
        for (int axis = rank - 1; axis >= 0; axis--) {
            at += steps[axis];
            if (++index[axis] < sizes[axis])
                break;
            at -= steps[axis] * sizes[axis];
            index[axis] = 0;
        }
    }
    return true;
}

void wr_constant_steps(const struct wr_constant *c, int64_t steps[WR_MOST_AXES])
{
    int64_t step = 1;
    for (int axis = c->rank - 1; axis >= 0; axis--) {
        steps[axis] = step;
        step *= c->sizes[axis];
    }
}

float wr_float_from_half(uint16_t half)
{
    const int exponent = half >> 10 & 31, fraction = half & 1023;
    const float sign = half & 0x8000 ? -1.0f : 1.0f;
    if (exponent == 31)
        return fraction ? NAN : sign * INFINITY;
    return sign * (exponent ? ldexpf((float)(fraction + 1024), exponent - 25)
                            : ldexpf((float)fraction, -24));
}
