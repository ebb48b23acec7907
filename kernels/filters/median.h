// SPDX-License-Identifier: MIT
// median: of the samples in a window, sorted, the one at a given rank.
//
// There are several ways, all exact. The median of 9 or 25 samples is found by a selection network:
// comparisons of two at a time, the same ones whatever the values, so that a vector computes as
// many medians as it has lanes. Windows of few samples are counted bit by bit (median_counts.h).
// For everything else the CPU adds up histograms of columns (median_columns.h). These take too much
// memory for more than 12 bits and for CUDA, where a histogram slides along the row instead (Huang,
// Yang, Tang: A fast two-dimensional median filtering algorithm, 1979): from one position to the
// next one column leaves and one enters, and the result moves a little. Where a window is not too
// large for it, CUDA, which has room for few histograms, picks samples bit by bit (median_bits.h).
#pragma once

#include "kernels/filters/median_columns.h"
#include "kernels/filters/median_counts.h"
#include "kernels/pixel/pairs.h"

enum { MEDIAN_NEAR = 15 }; // columns and rows to each side of windows that CUDA picks from

struct median {
    int rank; // samples of the sorted window before the one taken
    int bits; // of a sample
};

// Vectors hold most lanes when nothing is wider than a sample.
#define MEDIAN_ORDER(type, a, b)                                                                   \
    do {                                                                                           \
        const type low = (type)(a < b ? a : b);                                                    \
        b = (type)(a < b ? b : a);                                                                 \
        a = low;                                                                                   \
    } while (0)

// Sorts three columns, then takes the middle of the largest of the smallest, the middle of the
// middles and the smallest of the largest.
#define MEDIAN_OF_NINE(type)                                                                       \
    do {                                                                                           \
        type a0 = (type)at(in, -1, -1), a1 = (type)at(in, -1, 0), a2 = (type)at(in, -1, 1);        \
        type b0 = (type)at(in, 0, -1), b1 = (type)at(in, 0, 0), b2 = (type)at(in, 0, 1);           \
        type c0 = (type)at(in, 1, -1), c1 = (type)at(in, 1, 0), c2 = (type)at(in, 1, 1);           \
        MEDIAN_SORT(type, a0, a1, a2);                                                             \
        MEDIAN_SORT(type, b0, b1, b2);                                                             \
        MEDIAN_SORT(type, c0, c1, c2);                                                             \
        MEDIAN_SORT(type, a0, b0, c0);                                                             \
        MEDIAN_SORT(type, a1, b1, c1);                                                             \
        MEDIAN_SORT(type, a2, b2, c2);                                                             \
        MEDIAN_SORT(type, a2, b1, c0);                                                             \
        return b1;                                                                                 \
    } while (0)
#define MEDIAN_SORT(type, a, b, c)                                                                 \
    MEDIAN_ORDER(type, a, b);                                                                      \
    MEDIAN_ORDER(type, b, c);                                                                      \
    MEDIAN_ORDER(type, a, b)

WR_PIXEL int median_of_nine(const struct median *p, const struct window *in)
{
    (void)p;
    if (in->storage[0] == WR_U8)
        MEDIAN_OF_NINE(uint8_t);
    else
        MEDIAN_OF_NINE(uint16_t);
}

#ifdef __CUDACC__
// The same, each column sorted once for all windows that it is part of.
struct median_column_pair {
    uint32_t low, middle, high;
};

WR_PIXEL struct median_column_pair median_sort_pair(const struct wr_pair_window *in, int dx)
{
    const uint32_t a = at_pair(in, dx, -1), b = at_pair(in, dx, 0), c = at_pair(in, dx, 1);
    return {__vimin3_u16x2(a, b, c), wr_middle_pair(a, b, c), __vimax3_u16x2(a, b, c)};
}

WR_PIXEL uint32_t median_of_nine_pair(const struct median *, const struct wr_pair_window *in)
{
    const struct median_column_pair a = median_sort_pair(in, -1), b = median_sort_pair(in, 0),
                                    c = median_sort_pair(in, 1);
    return wr_middle_pair(__vimax3_u16x2(a.low, b.low, c.low),
                          wr_middle_pair(a.middle, b.middle, c.middle),
                          __vimin3_u16x2(a.high, b.high, c.high));
}
#endif

// Orders v[first] to v[last] so that the smallest stands first and the largest last.
#define MEDIAN_EXTREMES(type, first, last)                                                         \
    for (int n = 0; n < (last - first + 1) / 2; n++)                                               \
        MEDIAN_ORDER(type, v[first + n], v[last - n]);                                             \
    for (int n = first + 1; n <= (first + last) / 2; n++)                                          \
        MEDIAN_ORDER(type, v[first], v[n]);                                                        \
    for (int n = (first + last + 1) / 2; n < last; n++)                                            \
        MEDIAN_ORDER(type, v[n], v[last]);

// Of fourteen samples neither the smallest nor the largest is the median of 25: they are forgotten
// and another sample comes in, until three are left.
#define MEDIAN_FORGET(type, first, dx, dy)                                                         \
    MEDIAN_EXTREMES(type, first, 13)                                                               \
    v[13] = (type)at(in, dx, dy);
#define MEDIAN_OF_25(type)                                                                         \
    do {                                                                                           \
        type v[14];                                                                                \
        for (int n = 0; n < 14; n++)                                                               \
            v[n] = (type)at(in, n % 5 - 2, n / 5 - 2);                                             \
        MEDIAN_FORGET(type, 0, 2, 0)                                                               \
        MEDIAN_FORGET(type, 1, -2, 1)                                                              \
        MEDIAN_FORGET(type, 2, -1, 1)                                                              \
        MEDIAN_FORGET(type, 3, 0, 1)                                                               \
        MEDIAN_FORGET(type, 4, 1, 1)                                                               \
        MEDIAN_FORGET(type, 5, 2, 1)                                                               \
        MEDIAN_FORGET(type, 6, -2, 2)                                                              \
        MEDIAN_FORGET(type, 7, -1, 2)                                                              \
        MEDIAN_FORGET(type, 8, 0, 2)                                                               \
        MEDIAN_FORGET(type, 9, 1, 2)                                                               \
        MEDIAN_FORGET(type, 10, 2, 2)                                                              \
        MEDIAN_EXTREMES(type, 11, 13)                                                              \
        return v[12];                                                                              \
    } while (0)

WR_PIXEL int median_of_25(const struct median *p, const struct window *in)
{
    (void)p;
    if (in->storage[0] == WR_U8)
        MEDIAN_OF_25(uint8_t);
    else
        MEDIAN_OF_25(uint16_t);
}

// A histogram of the window's samples near its result. Where it is too small for all values, it is
// first one of coarse steps, samples shifted to the right.
struct median_histogram {
    uint16_t *counts; // of the values base, base + 1, ...; samples beyond stand in none
    int bins, base;
    int value; // where the result is sought
    int below; // samples of the window that are less than value
};

// A sample enters `times` times, or leaves where that is negative.
WR_PIXEL void median_count(struct median_histogram *h, int entry, int times)
{
    const unsigned bin = (unsigned)(entry - h->base);
    if (bin < (unsigned)h->bins)
        h->counts[bin] = (uint16_t)(h->counts[bin] + times);
    h->below += entry < h->value ? times : 0;
}

// The window's column dx, with edges repeated.
WR_PIXEL void median_column(struct median_histogram *h, const struct window *in, int dx, int shift,
                            int times)
{
    const int x = wr_near_x(in, 0, dx), bottom = height(in) - 1;
    const int first = in->y - in->reach_y, last = in->y + in->reach_y;
    const int from = first < 0 ? 0 : first, to = last > bottom ? bottom : last;
    for (int y = from; y <= to; y++)
        median_count(h, sample(in, x, y) >> shift, times);
    if (from > first)
        median_count(h, sample(in, x, from) >> shift, times * (from - first));
    if (to < last)
        median_count(h, sample(in, x, to) >> shift, times * (last - to));
}

// Moves to the result; stops at the histogram's ends.
WR_PIXEL void median_walk(struct median_histogram *h, int rank)
{
    while (h->below > rank && h->value > h->base)
        h->below -= h->counts[--h->value - h->base];
    while (h->value < h->base + h->bins && h->below + h->counts[h->value - h->base] <= rank)
        h->below += h->counts[h->value++ - h->base];
}

// Counts the whole window around column x of the run anew and finds its result.
WR_PIXEL void median_find(struct median_histogram *h, const struct window *in, int x, int shift,
                          int rank)
{
    for (int n = 0; n < h->bins; n++)
        h->counts[n] = 0;
    h->value = h->base;
    h->below = 0;
    for (int dx = -in->reach_x; dx <= in->reach_x; dx++)
        median_column(h, in, x + dx, shift, 1);
    median_walk(h, rank);
}

WR_PIXEL void median_start(struct median_histogram *h, const struct median *p,
                           const struct window *in, int x)
{
    const int values = in->storage[0] == WR_U8 ? 256 : 1 << p->bits;
    int shift = 0;
    while (values >> shift > h->bins)
        shift++;
    h->base = 0;
    median_find(h, in, x, shift, p->rank);
    if (shift) {
        h->base = wr_clamp((h->value << shift) - h->bins / 2, 0, values - h->bins);
        median_find(h, in, x, 0, p->rank);
    }
}

WR_PIXEL void median_slide(const struct median *p, const struct window *in, int count, int *out,
                           struct median_histogram *h)
{
    median_start(h, p, in, 0);
    out[0] = h->value;
    for (int n = 1; n < count; n++) {
        median_column(h, in, n - 1 - in->reach_x, 0, -1);
        median_column(h, in, n + in->reach_x, 0, 1);
        median_walk(h, p->rank);
        if (in->storage[0] != WR_U8 && (h->below > p->rank || h->value == h->base + h->bins))
            median_start(h, p, in, n);
        out[n] = h->value;
    }
}

// Rectangles that the CPU does at once.
enum {
    median_block_columns = MEDIAN_COUNTS_COLUMNS,
    median_block_rows = MEDIAN_COUNTS_ROWS,
    median_deep_block_columns = median_block_columns,
    median_deep_block_rows = median_block_rows,
    median_near_block_columns = median_block_columns,
    median_near_block_rows = median_block_rows
};

// Into how many bits each a sample is split, the upper and the lower ones, for histograms of
// columns; 0: it has too many bits for these.
WR_PIXEL int median_half(int bits)
{
    return bits <= 10 ? 5 : bits <= MEDIAN_COLUMNS_BITS ? 6 : 0;
}

#ifdef __CUDACC__
#include "kernels/filters/median_bits.h"

enum { median_run = 64, median_deep_run = 64 };

WR_PIXEL void median(const struct median *p, const struct window *in, int count, int *out)
{
    uint16_t counts[256];
    struct median_histogram histogram = {.counts = counts, .bins = 256};
    median_slide(p, in, count, out, &histogram);
}

WR_PIXEL void median_deep(const struct median *p, const struct window *in, int count, int *out)
{
    uint16_t counts[1024];
    struct median_histogram histogram = {.counts = counts, .bins = p->bits < 10 ? 512 : 1024};
    median_slide(p, in, count, out, &histogram);
}

#else

WR_PIXEL void median_slide_rows(const struct median *p, const struct window *in, int columns,
                                int rows, int *out)
{
    uint16_t counts[1024];
    struct median_histogram histogram = {.counts = counts, .bins = 1024};
    struct window row = *in;
    for (int y = 0; y < rows; y++, row.y++)
        median_slide(p, &row, columns, out + y * columns, &histogram);
}

WR_PIXEL void median_block(const struct median *p, const struct window *in, int columns, int rows,
                           int *out)
{
    median_columns_block(in, 5, p->rank, 8, columns, rows, out);
}

WR_PIXEL void median_deep_block(const struct median *p, const struct window *in, int columns,
                                int rows, int *out)
{
    switch (median_half(p->bits)) {
    case 5:
        median_columns_block(in, 5, p->rank, p->bits, columns, rows, out);
        break;
    case 6:
        median_columns_block(in, 6, p->rank, p->bits, columns, rows, out);
        break;
    default:
        median_slide_rows(p, in, columns, rows, out);
    }
}

WR_PIXEL void median_near_block(const struct median *p, const struct window *in, int columns,
                                int rows, int *out)
{
    const int is_deep = in->storage[0] != WR_U8;
    if (is_deep && median_counts_suit(in, 2))
        median_counts_words(in, p->rank, p->bits, columns, rows, out);
    else if (is_deep)
        median_deep_block(p, in, columns, rows, out);
    else if (median_counts_suit(in, 1))
        median_counts_bytes(in, p->rank, 8, columns, rows, out);
    else
        median_block(p, in, columns, rows, out);
}

#endif

#define KERNELS(K)                                                                                 \
    K(PAIRS, median_of_nine, struct median, (WR_SAMPLE), WR_SAMPLE)                                \
    K(WINDOW, median_of_25, struct median, (WR_SAMPLE), WR_SAMPLE)                                 \
    K(READY, median_near, struct median, (WR_SAMPLE), WR_SAMPLE)                                   \
    K(SLIDE, median, struct median, (WR_U8), WR_SAMPLE)                                            \
    K(SLIDE, median_deep, struct median, (WR_U16), WR_SAMPLE)
