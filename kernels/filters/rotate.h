// SPDX-License-Identifier: MIT
// rotate: each sample from where it was before the turn, in 16 bits of fixed point, as in FFmpeg's
// vf_rotate.
#pragma once

#include <string.h>

#include "kernels/pixel/pixel.h"

struct rotate {
    int fill;      // what is seen beside the picture
    int continues; // instead of that, its edge goes on
};

enum rotate_method { ROTATE_NEAREST, ROTATE_BILINEAR, ROTATE_BILINEAR_LONG };

// Samples [from, to) of a run.
struct rotate_range {
    int from, to;
};

// Numbers 0 and 1: where the first sample of the first row was; 2 and 3: cosine and sine.
struct rotate_line {
    int x, y;           // where the run's first sample was
    int step_x, step_y; // from sample to sample
};

WR_PIXEL struct rotate_line rotate_open(const struct window *in)
{
    const int cosine = frame_int(in, 2), sine = frame_int(in, 3);
    const struct rotate_line line = {frame_int(in, 0) + in->y * sine + in->x * cosine,
                                     frame_int(in, 1) + in->y * cosine - in->x * sine, cosine,
                                     -sine};
    return line;
}

// A fraction of 16 bits of `step`, rounded down. Up to 12 bits of depth the product has 41; for
// vectors of the CPU it is put together from two that fit an int.
WR_PIXEL int rotate_share(int fraction, int step)
{
#ifdef __CUDACC__
    return __mulhi(fraction << 15, step << 1);
#else
    return (fraction * (step >> 14) + ((fraction * (step & 16383)) >> 14)) >> 2;
#endif
}

// Weighs four neighbours with 16 bits of each fraction.
WR_PIXEL int rotate_mix(int s00, int s01, int s10, int s11, int fx, int fy)
{
    const int top = s00 * 65536 + fx * (s01 - s00), bottom = s10 * 65536 + fx * (s11 - s10);
    return (top + rotate_share(fy, bottom - top)) >> 16;
}

WR_PIXEL int rotate_mix_long(int s00, int s01, int s10, int s11, int fx, int fy)
{
    const int64_t top = (int64_t)(65536 - fx) * s00 + (int64_t)fx * s01;
    const int64_t bottom = (int64_t)(65536 - fx) * s10 + (int64_t)fx * s11;
    return (int)(((65536 - fy) * top + fy * bottom) >> 32);
}

// Anywhere, also beside the picture.
WR_PIXEL int rotate_near(const struct window *in, int method, int x, int y)
{
    const int right = width(in) - 1, bottom = height(in) - 1;
    const int x0 = wr_clamp(x >> 16, 0, right), y0 = wr_clamp(y >> 16, 0, bottom);
    const int x1 = x0 < right ? x0 + 1 : right, y1 = y0 < bottom ? y0 + 1 : bottom;
    const int fx = x & 65535, fy = y & 65535;
    if (method == ROTATE_NEAREST)
        return sample(in, x0, y0);
    const int s00 = sample(in, x0, y0), s01 = sample(in, x1, y0);
    const int s10 = sample(in, x0, y1), s11 = sample(in, x1, y1);
    return method == ROTATE_BILINEAR ? rotate_mix(s00, s01, s10, s11, fx, fy)
                                     : rotate_mix_long(s00, s01, s10, s11, fx, fy);
}

WR_PIXEL int rotate_is_seen(const struct rotate *p, const struct window *in, int x, int y)
{
    // A sample more on each side, so that the border does not fray.
    return p->continues || ((x >> 16) >= -1 && (x >> 16) <= width(in) && (y >> 16) >= -1 &&
                            (y >> 16) <= height(in));
}

// Which of `count` samples, beginning at `start`, lie in [low, high).
WR_PIXEL struct rotate_range rotate_within(int64_t start, int64_t step, int64_t low, int64_t high,
                                           int count)
{
    if (step < 0) {
        const int64_t above = 1 - low;
        low = 1 - high;
        high = above;
        start = -start;
        step = -step;
    }
    struct rotate_range range = {0, 0};
    if (step) {
        const int64_t from = low <= start ? 0 : (low - start + step - 1) / step;
        const int64_t to = high <= start ? 0 : (high - start + step - 1) / step;
        range.from = from < count ? (int)from : count;
        range.to = to < count ? (int)to : count;
    } else if (start >= low && start < high) {
        range.to = count;
    }
    return range;
}

// Where a sample lies inside the picture with the one below and three more to the right.
WR_PIXEL struct rotate_range rotate_inside(const struct window *in, const struct rotate_line *line,
                                           int count)
{
    const struct rotate_range across =
        rotate_within(line->x, line->step_x, 0, (int64_t)(width(in) - 3) * 65536, count);
    const struct rotate_range down =
        rotate_within(line->y, line->step_y, 0, (int64_t)(height(in) - 1) * 65536, count);
    struct rotate_range both = {across.from > down.from ? across.from : down.from,
                                across.to < down.to ? across.to : down.to};
    if (both.to <= both.from)
        both.from = both.to = 0;
    return both;
}

// A sample and its right neighbour; on the CPU in one read of four bytes, which vectors can gather.
WR_PIXEL void rotate_pair(const struct window *in, int x, int y, int *left, int *right)
{
    const int bytes = in->storage[0] == WR_U8 ? 1 : 2;
    const int pitch = (int)in->pitch[0];
#ifdef __CUDACC__
    const unsigned char *const place = in->plane[0] + (y * pitch + x * bytes);
    *left = wr_load(place, in->storage[0], 0);
    *right = wr_load(place, in->storage[0], 1);
#else
    uint32_t pair;
    wr_check_row(in, 0, y);
    memcpy(&pair, in->plane[0] + (y * pitch + x * bytes), sizeof pair);
    *left = (int)(pair & (bytes == 1 ? 0xff : 0xffff));
    *right = bytes == 1 ? (int)(pair >> 8 & 0xff) : (int)(pair >> 16);
#endif
}

// The same as rotate_near, inside.
WR_PIXEL int rotate_quick(const struct window *in, int method, int x, int y)
{
    const int fx = x & 65535, fy = y & 65535;
    int s00, s01, s10, s11;
    rotate_pair(in, x >> 16, y >> 16, &s00, &s01);
    if (method == ROTATE_NEAREST)
        return s00;
    rotate_pair(in, x >> 16, (y >> 16) + 1, &s10, &s11);
    return method == ROTATE_BILINEAR ? rotate_mix(s00, s01, s10, s11, fx, fy)
                                     : rotate_mix_long(s00, s01, s10, s11, fx, fy);
}

WR_PIXEL void rotate_part(const struct rotate *p, const struct window *in,
                          const struct rotate_line *line, int method, int from, int to, int out[])
{
    WR_UNROLL_ALL
    for (int n = from; n < to; n++) {
        const int x = line->x + n * line->step_x, y = line->y + n * line->step_y;
        out[n] = rotate_is_seen(p, in, x, y) ? rotate_near(in, method, x, y) : p->fill;
    }
}

#ifdef __CUDACC__
WR_PIXEL int rotate_is_inside(const struct window *in, int x, int y)
{
    return x >= 0 && x >> 16 < width(in) - 3 && y >= 0 && y >> 16 < height(in) - 1;
}

// A constant number of samples, which stay in registers. They lie on a line: all are inside if the
// first and the last one are.
WR_PIXEL void rotate_run(const struct rotate *p, const struct window *in, int method, int count,
                         int out[])
{
    const struct rotate_line line = rotate_open(in);
    const int last_x = line.x + (count - 1) * line.step_x;
    const int last_y = line.y + (count - 1) * line.step_y;
    if (rotate_is_inside(in, line.x, line.y) && rotate_is_inside(in, last_x, last_y)) {
        WR_UNROLL_ALL
        for (int n = 0; n < count; n++)
            out[n] = rotate_quick(in, method, line.x + n * line.step_x, line.y + n * line.step_y);
    } else {
        rotate_part(p, in, &line, method, 0, count, out);
    }
}
#else
WR_PIXEL void rotate_run(const struct rotate *p, const struct window *in, int method, int count,
                         int out[])
{
    const struct rotate_line line = rotate_open(in);
    const struct rotate_range none = {0, 0};
    const struct rotate_range inside = count > 1 ? rotate_inside(in, &line, count) : none;
    rotate_part(p, in, &line, method, 0, inside.from, out);
    WR_INDEPENDENT
    for (int n = inside.from; n < inside.to; n++) {
        const int x = line.x + n * line.step_x, y = line.y + n * line.step_y;
        out[n] = rotate_quick(in, method, x, y);
    }
    rotate_part(p, in, &line, method, inside.to, count, out);
}
#endif

WR_PIXEL void rotate_nearest(const struct rotate *p, const struct window *in, int count, int out[])
{
    rotate_run(p, in, ROTATE_NEAREST, count, out);
}

WR_PIXEL void rotate_bilinear(const struct rotate *p, const struct window *in, int count, int out[])
{
    rotate_run(p, in, ROTATE_BILINEAR, count, out);
}

// Above 12 bits.
WR_PIXEL void rotate_bilinear_long(const struct rotate *p, const struct window *in, int count,
                                   int out[])
{
    rotate_run(p, in, ROTATE_BILINEAR_LONG, count, out);
}

#define KERNELS(K)                                                                                 \
    K(EACH, rotate_nearest, struct rotate, (WR_SAMPLE), WR_SAMPLE)                                 \
    K(EACH, rotate_bilinear, struct rotate, (WR_SAMPLE), WR_SAMPLE)                                \
    K(EACH, rotate_bilinear_long, struct rotate, (WR_SAMPLE), WR_SAMPLE)
