// SPDX-License-Identifier: MIT
// unsharp: adds to each sample what sets it apart from its blurred surroundings.
//
// The blur is a window of binomial weights (1 2 1, 1 4 6 4 1, ...), separable: unsharp_rows sums
// along rows, unsharp_columns along columns and mixes with the picture. Weights sum up to a power
// of two, so everything is exact integer arithmetic until one rounded shift, as in FFmpeg's
// vf_unsharp.
#pragma once

#include "kernels/pixel/block.h"

#define UNSHARP_MAX_SIZE 23

struct unsharp {
    int weights[UNSHARP_MAX_SIZE]; // of this direction, 2 * reach + 1 of them
    int shift;  // rows: bits dropped to fit 32; columns: bits of all weights together
    int amount; // 16.16 fixed point, negative blurs
    int max;    // largest sample value
};

WR_PIXEL int unsharp_rows(const struct unsharp *p, const struct window *in)
{
    uint32_t sum = 0;
    const int reach = in->reach_x;
    WR_UNROLL
    for (int dx = -reach; dx <= reach; dx++)
        sum += (uint32_t)p->weights[dx + reach] * (uint32_t)at(in, dx, 0);
    return (int)sum;
}

// Deep samples under a large window need more than 32 bits.
WR_PIXEL int unsharp_rows_shifted(const struct unsharp *p, const struct window *in)
{
    uint64_t sum = ((uint64_t)1 << p->shift) >> 1;
    const int reach = in->reach_x;
    for (int dx = -reach; dx <= reach; dx++)
        sum += (uint64_t)p->weights[dx + reach] * (uint64_t)at(in, dx, 0);
    return (int)(uint32_t)(sum >> p->shift);
}

// The sample for the sum of all weighted samples around it. Where a file has samples of more bits
// than its format says, the product wraps around, alike on every device.
WR_PIXEL int unsharp_mix(const struct unsharp *p, int value, uint32_t sum)
{
    const int detail = value - (int)(sum >> p->shift);
    const int added = (int)((uint32_t)detail * (uint32_t)p->amount) >> 16;
    return wr_clamp(value + added, 0, p->max);
}

// Input 0: the sums along rows; input 1: the picture.
WR_PIXEL int unsharp_columns(const struct unsharp *p, const struct window *in)
{
    uint32_t sum = ((uint32_t)1 << p->shift) >> 1;
    const int reach = in->reach_y;
    WR_UNROLL
    for (int dy = -reach; dy <= reach; dy++)
        sum += (uint32_t)p->weights[dy + reach] * (uint32_t)at(in, 0, dy);
    return unsharp_mix(p, at_of(in, 1, 0, 0), sum);
}

// Where sums or what is added need more than 32 bits.
WR_PIXEL int unsharp_columns_long(const struct unsharp *p, const struct window *in)
{
    uint64_t sum = ((uint64_t)1 << p->shift) >> 1;
    const int reach = in->reach_y;
    for (int dy = -reach; dy <= reach; dy++)
        sum += (uint64_t)p->weights[dy + reach] * (uint32_t)at(in, 0, dy);
    const int value = at_of(in, 1, 0, 0);
    const int detail = value - (int)(sum >> p->shift);
    return wr_clamp(value + (int)(((int64_t)detail * p->amount) >> 16), 0, p->max);
}

// ---- windows for which the CPU has no loops of constant length: the sums of UNSHARP_LANES samples
// stay in registers while the weights go by. Rows of input are read from a line that begins `step`
// bytes further with each weight.
enum { UNSHARP_LANES = 64, UNSHARP_COLUMNS = 512 };

struct unsharp_line {
    const unsigned char *middle;
    ptrdiff_t step;
    int first, last; // steps beyond which the edge repeats
    int reach;
};

WR_PIXEL const unsigned char *unsharp_at(const struct unsharp_line *line, int k)
{
    return line->middle + line->step * wr_clamp(k, line->first, line->last);
}

WR_PIXEL void unsharp_add(const struct unsharp *p, const struct unsharp_line *line, int storage,
                          uint32_t start, int x, int count, uint32_t *restrict sum)
{
    for (int n = 0; n < count; n++)
        sum[n] = start;
    for (int k = -line->reach; k <= line->reach; k++) {
        const unsigned char *const from = unsharp_at(line, k);
        const uint32_t weight = (uint32_t)p->weights[k + line->reach];
        uint32_t value[UNSHARP_LANES]; // with these, the compiler makes vectors of both loops
        for (int n = 0; n < count; n++)
            value[n] = (uint32_t)wr_load(from, storage, x + n);
        for (int n = 0; n < count; n++)
            sum[n] += weight * value[n];
    }
}

WR_PIXEL int unsharp_wide_rows(const struct unsharp *p, const struct window *in)
{
    return unsharp_rows(p, in);
}

WR_PIXEL int unsharp_wide_columns(const struct unsharp *p, const struct window *in)
{
    return unsharp_columns(p, in);
}

WR_PIXEL size_t unsharp_scratch(int reach_x)
{
    return sizeof(uint16_t) * (size_t)(UNSHARP_COLUMNS + 2 * reach_x);
}

enum {
    unsharp_wide_rows_block_columns = UNSHARP_COLUMNS,
    unsharp_wide_rows_block_rows = 1,
    unsharp_wide_columns_block_columns = UNSHARP_COLUMNS,
    unsharp_wide_columns_block_rows = 1
};

WR_PIXEL void unsharp_row_part(const struct unsharp *p, const struct unsharp_line *line, int x,
                               int count, int *restrict out)
{
    uint32_t sum[UNSHARP_LANES];
    unsharp_add(p, line, WR_U16, 0, x, count, sum);
    for (int n = 0; n < count; n++)
        out[x + n] = (int)sum[n];
}

WR_PIXEL void unsharp_wide_rows_block(const struct unsharp *p, const struct window *in, int columns,
                                      int rows, int *restrict out)
{
    const int reach = in->reach_x, whole = columns - columns % UNSHARP_LANES;
    uint16_t *const samples = (uint16_t *)in->pass->scratch;
    const struct unsharp_line line = {(const unsigned char *)(samples + reach), sizeof *samples,
                                      -reach, reach, reach};
    (void)rows;
    wr_copy_row(in, in->x - reach, in->y, columns + 2 * reach, samples);
    for (int x = 0; x < whole; x += UNSHARP_LANES)
        unsharp_row_part(p, &line, x, UNSHARP_LANES, out);
    unsharp_row_part(p, &line, whole, columns - whole, out);
}

WR_PIXEL void unsharp_column_part(const struct unsharp *p, const struct window *in,
                                  const struct unsharp_line *line, int x, int count,
                                  int *restrict out)
{
    const unsigned char *const row = wr_row(in, 1, in->y);
    uint32_t sum[UNSHARP_LANES];
    unsharp_add(p, line, WR_I32, ((uint32_t)1 << p->shift) >> 1, x, count, sum);
    for (int n = 0; n < count; n++)
        out[x + n] = unsharp_mix(p, wr_load(row, in->storage[1], in->x + x + n), sum[n]);
}

WR_PIXEL void unsharp_wide_columns_block(const struct unsharp *p, const struct window *in,
                                         int columns, int rows, int *restrict out)
{
    const int whole = columns - columns % UNSHARP_LANES;
    const struct unsharp_line line = {wr_row(in, 0, in->y) + in->x * (ptrdiff_t)sizeof(int32_t),
                                      in->pitch[0], -in->y, height(in) - 1 - in->y, in->reach_y};
    (void)rows;
    wr_check_row(in, 0, wr_near_y(in, 0, -in->reach_y));
    wr_check_row(in, 0, wr_near_y(in, 0, in->reach_y));
    for (int x = 0; x < whole; x += UNSHARP_LANES)
        unsharp_column_part(p, in, &line, x, UNSHARP_LANES, out);
    unsharp_column_part(p, in, &line, whole, columns - whole, out);
}

enum { unsharp_rows_near = 3, unsharp_columns_near = 3 };

#define KERNELS(K)                                                                                 \
    K(ACROSS, unsharp_rows, struct unsharp, (WR_SAMPLE), WR_U16)                                   \
    K(WINDOW, unsharp_rows_shifted, struct unsharp, (WR_SAMPLE), WR_I32)                           \
    K(DOWN, unsharp_columns, struct unsharp, (WR_U16, WR_SAMPLE), WR_SAMPLE)                       \
    K(BLOCK, unsharp_wide_rows, struct unsharp, (WR_SAMPLE), WR_I32)                               \
    K(BLOCK, unsharp_wide_columns, struct unsharp, (WR_I32, WR_SAMPLE), WR_SAMPLE)                 \
    K(WINDOW, unsharp_columns_long, struct unsharp, (WR_I32, WR_SAMPLE), WR_SAMPLE)
