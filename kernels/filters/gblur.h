// SPDX-License-Identifier: MIT
// gblur: a Gaussian along rows and then along columns.
//
// The two samples k away from the middle have the same weight, so they are added up first; the
// middle makes a pair with itself. Weights add up to 1 << 15, pairs to twice a sample.
//
// Where windows are small for the depth, sums have 16 bits: rows hand samples of 15 bits to
// columns, and of each product only the upper 16 bits are added up. That loses less than one, half
// of one on average, for each pair; what both passes are wrong by must stay below half a sample of
// the result. Otherwise sums have 32 bits and are exact until they are rounded; rows hand on 16
// bits.
#pragma once

#include "kernels/pixel/block.h"

struct gblur {
    int scale; // bits that samples are shifted up by
    int start; // what a sum begins with, so that it is rounded in the end
    int drop;  // bits that a sum is shifted down by
};

// Table 0: the weights of pairs 0 to reach.
WR_PIXEL uint16_t gblur_weight(const struct window *in, int k)
{
    return short_table(in, 0)[k];
}

// A pair's share of a sum of 16 bits.
WR_PIXEL uint16_t gblur_upper(uint16_t weight, uint16_t pair)
{
    return (uint16_t)((uint32_t)weight * pair >> 16);
}

// For CUDA, the samples of a column at once; pair k is the samples k times dx, dy away. A weight is
// looked up once for all of them, and has the shift of the samples in it, which gives the same
// products. `exact`: with 32 bits.
WR_PIXEL void gblur_add_pairs(const struct gblur *p, const struct window *in, int reach, int dx,
                              int dy, int exact, uint32_t *sum)
{
    WR_UNROLL
    for (int k = 0; k <= reach; k++) {
        const uint32_t weight = (uint32_t)gblur_weight(in, k) << (exact ? 0 : p->scale);
        WR_UNROLL
        for (int n = 0; n < WR_STRIP; n++) {
            const int pair = at(in, -k * dx, n - k * dy) + at(in, k * dx, n + k * dy);
            const uint32_t product = weight * (uint32_t)pair;
            sum[n] += exact ? product : product >> 16;
        }
    }
}

WR_PIXEL void gblur_strip(const struct gblur *p, const struct window *in, int reach, int dx, int dy,
                          int exact, int *out)
{
    uint32_t sum[WR_STRIP];
    WR_UNROLL
    for (int n = 0; n < WR_STRIP; n++)
        sum[n] = (uint32_t)p->start;
    gblur_add_pairs(p, in, reach, dx, dy, exact, sum);
    WR_UNROLL
    for (int n = 0; n < WR_STRIP; n++)
        out[n] = (int)((exact ? sum[n] : (uint16_t)sum[n]) >> p->drop);
}

// For the CPU, GBLUR_LANES sums at a time, four vectors of 16 bits, stay in registers while the
// pairs go by. That adding up pairs is a loop of its own keeps the compiler from taking the loops
// apart another way. Columns are summed up in rectangles, so that rows which many sums read stay in
// the nearest cache.
enum { GBLUR_LANES = 2 * WR_VECTOR, GBLUR_ROW_COLUMNS = 512, GBLUR_COLUMNS = 256, GBLUR_ROWS = 16 };

// What sums are made of: samples `step` bytes from each other, on either side of `middle`. Only so
// many lie before and after it; beyond them the last one repeats.
struct gblur_line {
    const unsigned char *middle;
    ptrdiff_t step;
    int before, after;
    const uint16_t *weights;
    int reach;
};

WR_PIXEL void gblur_add(const struct gblur *p, const struct gblur_line *line, int x, int count,
                        int *restrict out)
{
    const unsigned char *before = line->middle, *after = line->middle;
    uint16_t sum[GBLUR_LANES];
    for (int n = 0; n < count; n++)
        sum[n] = (uint16_t)p->start;
    for (int k = 0; k <= line->reach; k++) {
        const uint16_t *const a = (const uint16_t *)before + x;
        const uint16_t *const b = (const uint16_t *)after + x;
        const uint16_t weight = line->weights[k];
        uint16_t pair[GBLUR_LANES];
        for (int n = 0; n < count; n++)
            pair[n] = (uint16_t)(a[n] + b[n]);
        for (int n = 0; n < count; n++)
            sum[n] = (uint16_t)(sum[n] + gblur_upper(weight, pair[n]));
        before -= k < line->before ? line->step : 0;
        after += k < line->after ? line->step : 0;
    }
    for (int n = 0; n < count; n++)
        out[x + n] = sum[n] >> p->drop;
}

WR_PIXEL void gblur_add_exactly(const struct gblur *p, const struct gblur_line *line, int x,
                                int count, int *restrict out)
{
    const unsigned char *before = line->middle, *after = line->middle;
    uint32_t sum[GBLUR_LANES];
    for (int n = 0; n < count; n++)
        sum[n] = (uint32_t)p->start;
    for (int k = 0; k <= line->reach; k++) {
        const uint16_t *const a = (const uint16_t *)before + x;
        const uint16_t *const b = (const uint16_t *)after + x;
        const uint16_t weight = line->weights[k];
        uint32_t pair[GBLUR_LANES];
        for (int n = 0; n < count; n++)
            pair[n] = (uint32_t)a[n] + b[n];
        for (int n = 0; n < count; n++)
            sum[n] += weight * pair[n];
        before -= k < line->before ? line->step : 0;
        after += k < line->after ? line->step : 0;
    }
    for (int n = 0; n < count; n++)
        out[x + n] = (int)(sum[n] >> p->drop);
}

WR_PIXEL void gblur_piece(const struct gblur *p, const struct gblur_line *line, int x, int count,
                          int exact, int *restrict out)
{
    if (exact)
        gblur_add_exactly(p, line, x, count, out);
    else
        gblur_add(p, line, x, count, out);
}

// The sums of a line from column x on, in a piece of a constant size, where so many are asked for:
// at the end it begins earlier and computes some of them again.
WR_PIXEL void gblur_piece_at(const struct gblur *p, const struct gblur_line *line, int x,
                             int columns, int exact, int *restrict out)
{
    if (columns >= GBLUR_LANES)
        gblur_piece(p, line, wr_min(x, columns - GBLUR_LANES), GBLUR_LANES, exact, out);
    else
        gblur_piece(p, line, x, columns, exact, out);
}

WR_PIXEL size_t gblur_scratch(int reach_x)
{
    return sizeof(uint16_t) * (size_t)(GBLUR_ROW_COLUMNS + 2 * reach_x);
}

WR_PIXEL void gblur_rows(const struct gblur *p, const struct window *in, int columns, int rows,
                         int exact, int *restrict out)
{
    const int reach = in->reach_x, count = columns + 2 * reach;
    uint16_t *const samples = (uint16_t *)in->pass->scratch;
    wr_copy_row(in, in->x - reach, in->y, count, samples);
    for (int n = 0; n < count; n++)
        samples[n] = (uint16_t)(samples[n] << p->scale);
    const struct gblur_line line = {(const unsigned char *)(samples + reach),
                                    sizeof *samples,
                                    reach,
                                    reach,
                                    short_table(in, 0),
                                    reach};
    (void)rows; // one
    for (int x = 0; x < columns; x += GBLUR_LANES)
        gblur_piece_at(p, &line, x, columns, exact, out);
}

WR_PIXEL struct gblur_line gblur_column_line(const struct window *in, int y)
{
    return (struct gblur_line){wr_row(in, 0, y) + in->x * (ptrdiff_t)sizeof(uint16_t),
                               in->pass->in[0].pitch,
                               y,
                               height(in) - 1 - y,
                               short_table(in, 0),
                               in->reach_y};
}

// A piece of all rows of the rectangle, and then the next, so that their samples stay in the
// nearest cache.
WR_PIXEL void gblur_columns(const struct gblur *p, const struct window *in, int columns, int rows,
                            int exact, int *restrict out)
{
    wr_check_row(in, 0, wr_near_y(in, 0, -in->reach_y));
    wr_check_row(in, 0, wr_near_y(in, 0, rows - 1 + in->reach_y));
    for (int x = 0; x < columns; x += GBLUR_LANES)
        for (int y = 0; y < rows; y++) {
            const struct gblur_line line = gblur_column_line(in, in->y + y);
            gblur_piece_at(p, &line, x, columns, exact, out + y * columns);
        }
}

// The blocks and the strips.
#define GBLUR_BLOCK(name, lines, columns_, rows_, exact, reach, dx, dy)                            \
    enum { name##_block_columns = columns_, name##_block_rows = rows_ };                           \
    WR_PIXEL void name##_block(const struct gblur *p, const struct window *in, int columns,        \
                               int rows, int *restrict out)                                        \
    {                                                                                              \
        lines(p, in, columns, rows, exact, out);                                                   \
    }                                                                                              \
    WR_PIXEL void name##_strip(const struct gblur *p, const struct window *in, int count,          \
                               int *out)                                                           \
    {                                                                                              \
        (void)count; /* samples beyond the picture can be computed like the others */              \
        gblur_strip(p, in, in->reach, dx, dy, exact, out);                                         \
    }
GBLUR_BLOCK(gblur_row, gblur_rows, GBLUR_ROW_COLUMNS, 1, 0, reach_x, 1, 0)
GBLUR_BLOCK(gblur_column, gblur_columns, GBLUR_COLUMNS, GBLUR_ROWS, 0, reach_y, 0, 1)
GBLUR_BLOCK(gblur_exact_row, gblur_rows, GBLUR_ROW_COLUMNS, 1, 1, reach_x, 1, 0)
GBLUR_BLOCK(gblur_exact_column, gblur_columns, GBLUR_COLUMNS, GBLUR_ROWS, 1, reach_y, 0, 1)

// With a larger reach there are too few registers for what a thread of CUDA would hold.
enum {
    gblur_row_near = 6,
    gblur_column_near = 6,
    gblur_exact_row_near = 5,
    gblur_exact_column_near = 5
};

#define KERNELS(K)                                                                                 \
    K(STRIP_ACROSS, gblur_row, struct gblur, (WR_SAMPLE), WR_U16)                                  \
    K(STRIP_DOWN, gblur_column, struct gblur, (WR_U16), WR_SAMPLE)                                 \
    K(STRIP_ACROSS, gblur_exact_row, struct gblur, (WR_SAMPLE), WR_U16)                            \
    K(STRIP_DOWN, gblur_exact_column, struct gblur, (WR_U16), WR_SAMPLE)
