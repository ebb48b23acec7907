// SPDX-License-Identifier: MIT
// Parabolas through three points of each stretch of a table.
#include <math.h>
#include <stdlib.h>

#include "kernels/program/smooth.h"

// How far a value may be off, in 1/65535.
enum { TOLERANCE = 4 };

// The first and the last place of a stretch of the table whose values are not clipped. Both are 0
// where all are clipped.
static void find_open(const uint16_t *values, int *from, int *to)
{
    int first = 0, last = PARABOLAS_SAMPLES - 1;
    while (first < last && (values[first] == 0 || values[first] == 65535))
        first++;
    while (last > first && (values[last] == 0 || values[last] == 65535))
        last--;
    *from = first < last ? first : 0;
    *to = first < last ? last : 0;
}

// The coefficients of a + b * n + c * n * n through values[from], values[to] and the value in the
// middle. Where the three lie near each other it is a straight line, and a constant where from is
// to.
static void pass_through(const uint16_t *values, int from, int to, double coefficients[3])
{
    const int middle = (from + to) / 2;
    const double rise = to > from ? (values[to] - values[from]) / (double)(to - from) : 0;
    double bend = 0;
    if (to - from >= PARABOLAS_SAMPLES / 4)
        bend = ((values[middle] - values[from]) / (double)(middle - from) - rise) / (middle - to);
    coefficients[2] = bend;
    coefficients[1] = rise - bend * (from + to);
    coefficients[0] = values[from] - coefficients[1] * from - bend * from * from;
}

static bool round_to(double number, int16_t *to)
{
    *to = (int16_t)lrint(fmin(fmax(number, INT16_MIN), INT16_MAX));
    return fabs(number) <= INT16_MAX;
}

// Moves the parabola so that it is as far above the values as below.
static void centre(const uint16_t *values, int from, int to, struct parabolas *p, int n)
{
    int low = 0, high = 0;
    for (int k = from; k <= to; k++) {
        const int value = parabolas_value(p, n * PARABOLAS_SAMPLES + k);
        const int off = parabolas_whole(value) - values[k];
        low = off < low ? off : low;
        high = off > high ? off : high;
    }
    p->start[n] -= (int16_t)((low + high) / 4);
}

static bool fit(const uint16_t *values, struct parabolas *p, int n)
{
    int from, to;
    double c[3];
    find_open(values, &from, &to);
    pass_through(values, from, to, c);
    // Half of everything, with x = n / PARABOLAS_SAMPLES.
    const double square = c[2] / 2 * PARABOLAS_SAMPLES * PARABOLAS_SAMPLES;
    const bool fits = round_to(c[0] / 2 - PARABOLAS_MOST - 1, &p->start[n]) &
                      round_to(c[1] / 2 * PARABOLAS_SAMPLES + square, &p->slope[n]) &
                      round_to(-square, &p->bow[n]);
    centre(values, from, to, p, n);
    return fits;
}

bool wr_fit_parabolas(uint16_t *values, struct parabolas *parabolas)
{
    uint16_t computed[65536];
    for (int n = 0; n < PARABOLAS; n++)
        if (!fit(values + n * PARABOLAS_SAMPLES, parabolas, n))
            return false;
    for (int v = 0; v < 65536; v++) {
        const int value = parabolas_value(parabolas, v);
        computed[v] = parabolas_whole(value);
        if (value != (int16_t)value || abs(computed[v] - values[v]) > TOLERANCE)
            return false;
    }
    memcpy(values, computed, sizeof computed);
    return true;
}
