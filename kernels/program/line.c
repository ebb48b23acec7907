// SPDX-License-Identifier: MIT
// Looks for a line through gates. Each value of the table is a gate: the line has to pass within
// the room that rounding leaves there. Where a line misses, two gates tell whether it must be
// steeper or flatter.
#include "kernels/program/line.h"

// What a line must pass through: value n of the table allows gain * n + offset from least to most.
struct gates {
    const uint16_t *values;
    int max, low, high, shift;
};

// Beyond every gate that is closed on that side.
#define OPEN_BELOW (INT64_MIN / 4)
#define OPEN_ABOVE (INT64_MAX / 4)

// The least that the line may be at a gate. Results are clipped, so where the value is the lowest
// one, the line may lie anywhere below.
static int64_t least(const struct gates *g, int n)
{
    return g->values[n] == g->low ? INT64_MIN / 2 : (int64_t)g->values[n] << g->shift;
}

static int64_t most(const struct gates *g, int n)
{
    return g->values[n] == g->high ? INT64_MAX / 2 : (((int64_t)g->values[n] + 1) << g->shift) - 1;
}

// Looks for an offset that goes with this gain. Where there is none, two gates contradict each
// other: returns 1 where only a steeper line could pass through both, -1 where only a flatter one
// could, and 0 where one was found.
static int find_offset(const struct gates *g, int64_t gain, int64_t *offset)
{
    int64_t from = INT64_MIN, to = INT64_MAX;
    int lowest = 0, highest = 0;
    for (int n = 0; n <= g->max; n++) {
        const int64_t above = least(g, n) - gain * n, below = most(g, n) - gain * n;
        if (above > from)
            from = above, lowest = n;
        if (below < to)
            to = below, highest = n;
    }
    *offset = from > OPEN_BELOW ? from : to < OPEN_ABOVE ? to : 0;
    return from <= to ? 0 : lowest > highest ? 1 : -1;
}

static bool search(const struct gates *g, int64_t flattest, int64_t steepest, struct line *line)
{
    while (flattest <= steepest) {
        const int64_t gain = flattest + (steepest - flattest) / 2;
        int64_t offset;
        const int direction = find_offset(g, gain, &offset);
        if (!direction) {
            *line = (struct line){(int)gain, (int)offset, g->shift, g->low, g->high, g->max};
            return true;
        }
        if (direction > 0)
            flattest = gain + 1;
        else
            steepest = gain - 1;
    }
    return false;
}

// Where the table leaves its first value, and the last place before it reaches its last one:
// between them nothing is clipped.
static void find_slope(const struct gates *g, int *from, int *to)
{
    *from = *to = 0;
    while (*from <= g->max && g->values[*from] == g->values[0])
        ++*from;
    while (g->values[*to] != g->values[g->max])
        ++*to;
    --*to;
}

// Whether every value lies between the ends, and those of the slope beside the chord: most tables
// that are no line are found out here.
static bool is_nearly_straight(const struct gates *g, int from, int to)
{
    const int64_t run = to - from, rise = g->values[to] - g->values[from];
    for (int n = 0; n <= g->max; n++) {
        const int64_t off = (g->values[n] - g->values[from]) * run - rise * (n - from);
        if (g->values[n] < g->low || g->values[n] > g->high)
            return false;
        if (n >= from && n <= to && (off > run || off < -run))
            return false;
    }
    return true;
}

// All of it stays within 32 bits: gain * max below 2^29, the offset below 2^30. The steeper the
// line, the fewer bits are left behind the point; what is too steep even without any stays a table.
bool wr_find_line(const uint16_t *values, int max, struct line *line)
{
    const int first = values[0], last = values[max];
    struct gates gates = {values, max, wr_min(first, last), wr_max(first, last), 29};
    int from, to;
    find_slope(&gates, &from, &to);
    if (from > max) { // one value throughout
        *line = (struct line){0, 0, 0, first, first, max};
        return true;
    }
    if (to - from < 1 || !is_nearly_straight(&gates, from, to))
        return false;
    while (max >> (29 - gates.shift))
        gates.shift--;
    const int64_t run = to - from, rise = values[to] - values[from];
    const int64_t limit = (int64_t)(1 << 29) / max, most_rise = (rise < 0 ? -rise : rise) + 1;
    while (gates.shift > 0 && (most_rise << gates.shift) / run >= limit)
        gates.shift--;
    if ((most_rise << gates.shift) / run >= limit)
        return false;
    return search(&gates, ((rise - 1) * (1 << gates.shift)) / run - 1,
                  ((rise + 1) * (1 << gates.shift)) / run + 1, line);
}
