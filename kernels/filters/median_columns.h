// SPDX-License-Identifier: MIT
// median on the CPU for samples of up to 12 bits: a histogram of each column of the window slides
// down the picture, and their sum along the row, so that time does not go by the window's size
// (Perreault, Hebert: Median filtering in constant time, 2007).
//
// Histograms have two levels: how many samples share the upper half of their bits, and how many of
// these the lower half. The window's fine counts are brought up to date only for the upper half in
// which the result lies.
#pragma once

#include "kernels/pixel/pixel.h"

enum { MEDIAN_COLUMNS_BITS = 12 };

// A column's counts: coarse [1 << half], fine [1 << half][1 << half]. Its window has 255 rows at
// most. The bits of a half, `half`, become a constant by inlining.
struct median_columns {
    const struct window *in;
    uint8_t *counts; // of columns from `left` to `right`, which lie in the picture
    uint16_t *sums;  // the window's, laid out the same
    int *place;      // [1 << half], the window's position for which these fine sums hold
    int left, right, values;
};

WR_PIXEL int median_bins(int half)
{
    return (1 << half) + (1 << 2 * half);
}

WR_PIXEL size_t median_columns_scratch(int half, int columns, int reach_x)
{
    return (size_t)median_bins(half) * ((size_t)(columns + 2 * reach_x) + sizeof(uint16_t)) +
           ((size_t)1 << half) * sizeof(int);
}

// The column dx from the block's first, or the picture's nearest.
WR_PIXEL const uint8_t *median_counts(const struct median_columns *m, int half, int dx)
{
    return m->counts + (wr_clamp(m->in->x + dx, m->left, m->right) - m->left) * median_bins(half);
}

// Row dy from the block's first enters every column, or leaves it where times is -1.
WR_PIXEL void median_count_row(const struct median_columns *m, int half, int dy, int times)
{
    const int y = wr_near_y(m->in, 0, dy);
    uint8_t *counts = m->counts;
    for (int x = m->left; x <= m->right; x++, counts += median_bins(half)) {
        const int value = sample(m->in, x, y);
        if (value >= m->values)
            continue;
        counts[value >> half] = (uint8_t)(counts[value >> half] + times);
        counts[(1 << half) + value] = (uint8_t)(counts[(1 << half) + value] + times);
    }
}

// 1 << half sums: a column enters, and another leaves where it is not NULL.
WR_PIXEL void median_sum(int half, uint16_t *sums, const uint8_t *enters, const uint8_t *leaves)
{
    const int count = 1 << half;
    if (leaves) {
        WR_INDEPENDENT
        for (int n = 0; n < count; n++)
            sums[n] = (uint16_t)(sums[n] + enters[n] - leaves[n]);
    } else {
        WR_INDEPENDENT
        for (int n = 0; n < count; n++)
            sums[n] = (uint16_t)(sums[n] + enters[n]);
    }
}

// Makes 1 << half sums, which hold for position `place`, those for position x.
WR_PIXEL void median_move(const struct median_columns *m, int half, int first, int place, int x)
{
    const int reach = m->in->reach_x;
    if (x - place > reach) {
        for (int n = 0; n < 1 << half; n++)
            m->sums[first + n] = 0;
        for (int dx = x - reach; dx <= x + reach; dx++)
            median_sum(half, m->sums + first, median_counts(m, half, dx) + first, NULL);
    } else {
        for (int dx = place + 1; dx <= x; dx++)
            median_sum(half, m->sums + first, median_counts(m, half, dx + reach) + first,
                       median_counts(m, half, dx - reach - 1) + first);
    }
}

// The first of 1 << half bins with which there are more than `rank` samples, or 1 << half; *rank
// loses the samples before it.
WR_PIXEL int median_seek(const uint16_t *sums, int half, int *rank)
{
    int bin = 0;
    while (bin < 1 << half && sums[bin] <= *rank)
        *rank -= sums[bin++];
    return bin;
}

WR_PIXEL void median_columns_row(const struct median_columns *m, int half, int rank, int columns,
                                 int *out)
{
    const int never = -WR_MAX_RUN;
    for (int n = 0; n < 1 << half; n++)
        m->place[n] = never;
    for (int x = 0; x < columns; x++) {
        int left = rank;
        median_move(m, half, 0, x ? x - 1 : never, x);
        const int upper = median_seek(m->sums, half, &left), fine = (upper + 1) << half;
        out[x] = m->values;
        if (upper == 1 << half)
            continue;
        median_move(m, half, fine, m->place[upper], x);
        m->place[upper] = x;
        out[x] = upper << half | median_seek(m->sums + fine, half, &left);
    }
}

WR_PIXEL void median_columns_block(const struct window *in, int half, int rank, int bits,
                                   int columns, int rows, int *out)
{
    const int reach_x = in->reach_x, reach_y = in->reach_y;
    struct median_columns m = {.in = in,
                               .left = wr_max(in->x - reach_x, 0),
                               .right = wr_min(in->x + columns - 1 + reach_x, width(in) - 1),
                               .values = 1 << bits};
    m.place = (int *)in->pass->scratch;
    m.sums = (uint16_t *)(m.place + (1 << half));
    m.counts = (uint8_t *)(m.sums + median_bins(half));
    for (int n = 0; n < (m.right - m.left + 1) * median_bins(half); n++)
        m.counts[n] = 0;
    for (int dy = -reach_y; dy <= reach_y; dy++)
        median_count_row(&m, half, dy, 1);
    for (int y = 0; y < rows; y++) {
        if (y) {
            median_count_row(&m, half, y - 1 - reach_y, -1);
            median_count_row(&m, half, y + reach_y, 1);
        }
        median_columns_row(&m, half, rank, columns, out + y * columns);
    }
}
