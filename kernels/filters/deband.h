// SPDX-License-Identifier: MIT
// deband: replaces samples by the mean of four others, at random places around them, where those
// differ little.
//
// The four lie at (dx, dy), (dx, -dy), (-dx, -dy), (-dx, dy). Table 0 (int32) holds the pattern,
// p->width places in a row, computed as FFmpeg's vf_deband does. Planes with fewer samples use its
// upper left part.
#pragma once

#include "kernels/pixel/block.h"

// A place is two halves of 16 bits. For kernel deband, which looks at most DEBAND_NEAR samples
// away, they are dy * DEBAND_PITCH + dx and dy * DEBAND_PITCH - dx, the lower one first; for
// deband_far they are dx and dy.
enum { DEBAND_NEAR = 60, DEBAND_PITCH = 512 };

struct deband {
    int width;     // of the pattern
    int blur;      // whether the mean has to differ little, rather than each of the four
    int limits[4]; // how much "little" is, for each input
    int planes;    // inputs that all have to differ little
    int plane;     // the one of them that is written
};

struct deband_result {
    int change; // from the sample to the mean
    int alike;  // whether it may be made: all bits or none, since no branch could be foretold
};

WR_PIXEL struct deband_result deband_compare(const struct deband *p, int limit, int own, int a,
                                             int b, int c, int d)
{
    const int mean = (a + b + c + d) >> 2;
    if (p->blur)
        return (struct deband_result){mean - own, -((own - mean < limit) & (mean - own < limit))};
    const int high_ab = a > b ? a : b, high_cd = c > d ? c : d;
    const int low_ab = a < b ? a : b, low_cd = c < d ? c : d;
    const int high = high_ab > high_cd ? high_ab : high_cd;
    const int low = low_ab < low_cd ? low_ab : low_cd;
    return (struct deband_result){mean - own, -((own - low < limit) & (high - own < limit))};
}

WR_PIXEL struct deband_result deband_at(const struct deband *p, const struct window *in, int n,
                                        int dx, int dy)
{
    return deband_compare(p, p->limits[n], at_of(in, n, 0, 0), at_of(in, n, dx, dy),
                          at_of(in, n, dx, -dy), at_of(in, n, -dx, -dy), at_of(in, n, -dx, dy));
}

WR_PIXEL int deband_far(const struct deband *p, const struct window *in)
{
    const int place = int_table(in, 0)[in->y * p->width + in->x];
    int alike = -1, change = 0;
    for (int n = 0; n < p->planes; n++) {
        const struct deband_result result = deband_at(p, in, n, (int16_t)place, place >> 16);
        alike &= result.alike;
        change = n == p->plane ? result.change : change;
    }
    return at_of(in, p->plane, 0, 0) + (change & alike);
}

WR_PIXEL void deband_strip(const struct deband *p, const struct window *in, int count, int *out)
{
    WR_UNROLL
    for (int n = 0; n < WR_STRIP; n++) {
        const int place = int_table(in, 0)[(in->y + wr_min(n, count - 1)) * p->width + in->x];
        const int sum = (int16_t)place, difference = place >> 16; // dy * DEBAND_PITCH + dx, - dx
        const int dx = (sum - difference) / 2, dy = (sum + difference) / (2 * DEBAND_PITCH);
        const int own = at(in, 0, n);
        const struct deband_result result =
            deband_compare(p, p->limits[0], own, at(in, dx, n + dy), at(in, dx, n - dy),
                           at(in, -dx, n - dy), at(in, -dx, n + dy));
        out[n] = own + (result.change & result.alike);
    }
}

// For the CPU: a copy of the rectangle with the picture's edge repeated lies in the scratch memory,
// DEBAND_PITCH samples in a row. The four are gathered one by one, the rest goes by vectors.
enum { deband_block_columns = 256, deband_block_rows = 64 };

WR_PIXEL size_t deband_scratch(void)
{
    return sizeof(uint16_t) * DEBAND_PITCH * (deband_block_rows + 2 * DEBAND_NEAR);
}

WR_PIXEL void deband_row(const struct deband *p, const uint16_t *samples, const int32_t *places,
                         int columns, int *restrict out)
{
    uint16_t a[deband_block_columns], b[deband_block_columns];
    uint16_t c[deband_block_columns], d[deband_block_columns];
    for (int x = 0; x < columns; x++) {
        const uint16_t *const own = samples + x;
        const ptrdiff_t ahead = (int16_t)places[x], back = places[x] >> 16;
        a[x] = own[ahead];
        b[x] = own[-back];
        c[x] = own[-ahead];
        d[x] = own[back];
    }
    for (int x = 0; x < columns; x++) {
        const struct deband_result result =
            deband_compare(p, p->limits[0], samples[x], a[x], b[x], c[x], d[x]);
        out[x] = samples[x] + (result.change & result.alike);
    }
}

WR_PIXEL void deband_block(const struct deband *p, const struct window *in, int columns, int rows,
                           int *restrict out)
{
    const int reach_x = in->pass->reach_x, reach_y = in->pass->reach_y;
    uint16_t *const samples = (uint16_t *)in->pass->scratch;
    for (int y = 0; y < rows + 2 * reach_y; y++)
        wr_copy_row(in, in->x - reach_x, in->y + y - reach_y, columns + 2 * reach_x,
                    samples + y * DEBAND_PITCH);
    for (int y = 0; y < rows; y++)
        deband_row(p, samples + (y + reach_y) * DEBAND_PITCH + reach_x,
                   int_table(in, 0) + (in->y + y) * p->width + in->x, columns, out + y * columns);
}

#define KERNELS(K)                                                                                 \
    K(STRIP, deband, struct deband, (WR_SAMPLE), WR_SAMPLE)                                        \
    K(WINDOW, deband_far, struct deband, (WR_SAMPLE, WR_SAMPLE, WR_SAMPLE, WR_SAMPLE), WR_SAMPLE)
