// SPDX-License-Identifier: MIT
// nlmeans for the CPU: a rectangle of samples at once, with the same bits as one by one.
//
// For each shift, squared differences are summed up along columns, sliding down row by row, then
// along rows: that is the distance of every pair of samples so far apart, and its weight serves
// both. Shifts by as many rows walk down the rectangle together, so that all they touch stays in
// the first cache. Everything is as wide as the rectangle rounded up to whole vectors.
#pragma once

#include <string.h>

#include "kernels/pixel/block.h"

enum { nlmeans_block_columns = 256, nlmeans_block_rows = 64, NLMEANS_LANES = 64 };

// Where the work is done, carved out of the scratch memory.
struct nlmeans_work {
    int width, rows;    // of the rectangle, width rounded up
    int margin;         // samples of `samples` around it
    ptrdiff_t pitch;    // elements from row to row of samples
    ptrdiff_t stride;   // elements from shift to shift of columns and weights
    float *sum, *total; // [rows][width]
    int *columns;       // [shifts][stride]: sums of squared differences along columns
    float *weights;     // [shifts][stride]
    uint16_t *samples;  // [rows + 2 margin][pitch]: the picture, its edge repeated
};

WR_PIXEL size_t nlmeans_aligned(size_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

// Carves; returns the bytes needed, with scratch NULL as well.
WR_PIXEL size_t nlmeans_open(struct nlmeans_work *work, int patch, int research, int columns,
                             int rows, unsigned char *scratch)
{
    const int shifts = 2 * research + 1;
    work->width = (columns + NLMEANS_LANES - 1) / NLMEANS_LANES * NLMEANS_LANES;
    work->rows = rows;
    work->margin = patch + research;
    work->pitch = work->width + 2 * work->margin;
    work->stride = work->width + 2 * research + 2 * patch;
    const size_t parts[] = {sizeof(float) * (size_t)(work->width * rows),
                            sizeof(float) * (size_t)(work->width * rows),
                            sizeof(int) * (size_t)(shifts * work->stride),
                            sizeof(float) * (size_t)(shifts * work->stride),
                            sizeof(uint16_t) * (size_t)(work->pitch * (rows + 2 * work->margin))};
    size_t end[6] = {0};
    for (int n = 0; n < 5; n++)
        end[n + 1] = end[n] + nlmeans_aligned(parts[n]);
    if (scratch) {
        work->sum = (float *)scratch;
        work->total = (float *)(scratch + end[1]);
        work->columns = (int *)(scratch + end[2]);
        work->weights = (float *)(scratch + end[3]);
        work->samples = (uint16_t *)(scratch + end[4]);
    }
    return end[5];
}

// The sample x columns and y rows from the rectangle's first.
WR_PIXEL const uint16_t *nlmeans_sample(const struct nlmeans_work *work, int x, int y)
{
    return work->samples + (y + work->margin) * work->pitch + x + work->margin;
}

WR_PIXEL void nlmeans_load(const struct nlmeans_work *work, const struct window *in)
{
    for (int y = -work->margin; y < work->rows + work->margin; y++)
        wr_copy_row(in, in->x - work->margin, in->y + y, (int)work->pitch,
                    work->samples + (y + work->margin) * work->pitch);
}

// Adds the squared differences of one row to the columns, or takes them away.
WR_PIXEL void nlmeans_add_row(const struct nlmeans *p, int storage, int *restrict columns,
                              int count, const uint16_t *a, const uint16_t *b)
{
    for (int n = 0; n < count; n++)
        columns[n] += nlmeans_square(p, storage, a[n] - b[n]);
}

WR_PIXEL void nlmeans_slide(const struct nlmeans *p, int storage, int *restrict columns, int count,
                            const uint16_t *a, const uint16_t *b, ptrdiff_t back)
{
    for (int n = 0; n < count; n++)
        columns[n] += nlmeans_square(p, storage, a[n] - b[n]) -
                      nlmeans_square(p, storage, a[n - back] - b[n - back]);
}

// Weights from the sums of `size` columns each, a constant.
WR_PIXEL void nlmeans_weigh_sums(const struct nlmeans *p, int size, const int *restrict columns,
                                 int count, float *restrict weights)
{
    for (int n = 0; n < count; n++) {
        int distance = 0;
        for (int k = 0; k < size; k++)
            distance += columns[n + k];
        weights[n] = nlmeans_weight(p, distance);
    }
}

// The same for any number of columns: the sum slides along.
WR_PIXEL void nlmeans_weigh_sliding(const struct nlmeans *p, const int *restrict columns, int count,
                                    float *restrict weights)
{
    int *const distances = (int *)weights;
    int distance = 0;
    for (int k = 0; k < 2 * p->patch; k++)
        distance += columns[k];
    for (int n = 0; n < count; n++) {
        distance += columns[n + 2 * p->patch];
        distances[n] = distance;
        distance -= columns[n];
    }
    for (int n = 0; n < count; n++)
        weights[n] = nlmeans_weight(p, distances[n]);
}

WR_PIXEL void nlmeans_weigh(const struct nlmeans *p, const int *columns, int count, float *weights)
{
    switch (p->patch) {
    case 1:
        nlmeans_weigh_sums(p, 3, columns, count, weights);
        break;
    case 2:
        nlmeans_weigh_sums(p, 5, columns, count, weights);
        break;
    case 3:
        nlmeans_weigh_sums(p, 7, columns, count, weights);
        break;
    default:
        nlmeans_weigh_sliding(p, columns, count, weights);
    }
}

// Adds weights[shift][x] times the other sample to row sum, for all shifts from `first` on; `step`
// is how far weights and samples move from shift to shift.
WR_PIXEL void nlmeans_accumulate(int width, int shifts, const float *weights, ptrdiff_t weight_step,
                                 const uint16_t *samples, int sample_step, float *restrict sum,
                                 float *restrict total)
{
    for (int x = 0; x < width; x += NLMEANS_LANES) {
        float s[NLMEANS_LANES], t[NLMEANS_LANES];
        memcpy(s, sum + x, sizeof s);
        memcpy(t, total + x, sizeof t);
        for (int shift = 0; shift < shifts; shift++) {
            const float *const w = weights + shift * weight_step + x;
            const uint16_t *const other = samples + shift * sample_step + x;
            for (int n = 0; n < NLMEANS_LANES; n++) {
                s[n] += w[n] * (float)other[n];
                t[n] += w[n];
            }
        }
        memcpy(sum + x, s, sizeof s);
        memcpy(total + x, t, sizeof t);
    }
}

// The weights of all pairs whose first sample is in row y, shift by shift.
WR_PIXEL void nlmeans_weigh_row(const struct nlmeans *p, const struct window *in,
                                const struct nlmeans_work *work, int y, int dy, int is_first)
{
    const int reach = p->patch, storage = in->storage[0];
    for (int dx = dy ? -p->research : 1; dx <= p->research; dx++) {
        const int shift = dx + p->research, left = dx > 0 ? dx : 0;
        const int count = work->width + (dx > 0 ? dx : -dx);
        int *const columns = work->columns + shift * work->stride;
        const uint16_t *const a = nlmeans_sample(work, -left - reach, y);
        const uint16_t *const b = a + dy * work->pitch + dx;
        if (is_first) {
            memset(columns, 0, (size_t)(count + 2 * reach) * sizeof *columns);
            for (int k = -reach; k <= reach; k++)
                nlmeans_add_row(p, storage, columns, count + 2 * reach, a + k * work->pitch,
                                b + k * work->pitch);
        } else {
            nlmeans_slide(p, storage, columns, count + 2 * reach, a + reach * work->pitch,
                          b + reach * work->pitch, (2 * reach + 1) * work->pitch);
        }
        // weights[n] belongs to column n - left; pairs that are not both inside weigh nothing.
        float *const weights = work->weights + shift * work->stride + p->research - left;
        nlmeans_weigh(p, columns, count, weights);
        const int from = (dx > 0 ? 0 : -dx) - in->x + left;
        const int to = width(in) - (dx > 0 ? dx : 0) - in->x + left;
        for (int n = 0; n < from; n++)
            weights[n] = 0.0f;
        for (int n = to > 0 ? to : 0; n < count; n++)
            weights[n] = 0.0f;
    }
}

// All shifts by dy rows: pairs whose first sample lies up to dy rows above the rectangle, too.
WR_PIXEL void nlmeans_shift_rows(const struct nlmeans *p, const struct window *in,
                                 const struct nlmeans_work *work, int dy)
{
    const int first = in->y < dy ? -in->y : -dy, below = height(in) - dy - in->y;
    const int end = work->rows < below ? work->rows : below;
    const int shift = dy ? 0 : p->research + 1, shifts = dy ? 2 * p->research + 1 : p->research;
    const int dx = shift - p->research;
    const float *const weights = work->weights + shift * work->stride + p->research;
    for (int y = first; y < end; y++) {
        nlmeans_weigh_row(p, in, work, y, dy, y == first);
        if (y + dy < work->rows) {
            const ptrdiff_t row = (y + dy) * work->width;
            nlmeans_accumulate(work->width, shifts, weights - dx, work->stride - 1,
                               nlmeans_sample(work, -dx, y), -1, work->sum + row,
                               work->total + row);
        }
        if (y >= 0) {
            const ptrdiff_t row = y * work->width;
            nlmeans_accumulate(work->width, shifts, weights, work->stride,
                               nlmeans_sample(work, dx, y + dy), 1, work->sum + row,
                               work->total + row);
        }
    }
}

WR_PIXEL void nlmeans_block(const struct nlmeans *p, const struct window *in, int columns, int rows,
                            int *restrict out)
{
    struct nlmeans_work work = {0};
    nlmeans_open(&work, p->patch, p->research, columns, rows, in->pass->scratch);
    nlmeans_load(&work, in);
    memset(work.sum, 0, sizeof *work.sum * (size_t)(work.width * rows));
    memset(work.total, 0, sizeof *work.total * (size_t)(work.width * rows));
    for (int dy = 0; dy <= p->research; dy++)
        nlmeans_shift_rows(p, in, &work, dy);
    for (int y = 0; y < rows; y++) {
        const float *const sum = work.sum + y * work.width, *total = work.total + y * work.width;
        const uint16_t *const own = nlmeans_sample(&work, 0, y);
        for (int x = 0; x < columns; x++)
            out[y * columns + x] =
                wr_to_sample((sum[x] + (float)own[x]) / (total[x] + 1.0f), p->max);
    }
}
