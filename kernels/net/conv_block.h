// SPDX-License-Identifier: MIT
// Part of conv.h. Convolutions on the CPU: a rectangle of pixels at once, with the same bits as one
// by one.
//
// What the rectangle reads is copied first, so that nothing is outside the picture any more. Then
// tiles of the result are computed in registers. Where there are many output channels, these are
// the lanes of vectors, and pixels share the weights. Where there are few, pixels are the lanes,
// and output channels share the pixels; the copy then has each channel by itself.
#pragma once

#include "kernels/net/lanes.h"

enum { net_conv_block_columns = NET_COLUMNS, net_conv_block_rows = 8, NET_FEW_CHANNELS = 24 };

// The copy of what a rectangle reads.
struct net_patch {
    float *values;
    int pixels;      // in each row
    ptrdiff_t row;   // from row to row
    ptrdiff_t pixel; // from pixel to pixel
    ptrdiff_t channel;
};

// Tiles may go beyond the rectangle's last pixel, by less than NET_MOST_PIXELS: there they compute
// with whatever is in the patch, and store nothing.
WR_PIXEL struct net_patch net_conv_patch(const struct net_conv *p, unsigned char *scratch)
{
    const int pixels = NET_COLUMNS / p->out_padded + NET_MOST_PIXELS + p->kernel_width - 1;
    const int planar = p->out_padded <= NET_FEW_CHANNELS;
    return (struct net_patch){(float *)scratch, pixels, (ptrdiff_t)pixels * p->in_words,
                              planar ? 1 : p->in_words, planar ? pixels : 1};
}

WR_PIXEL size_t net_conv_scratch(const struct net_conv *p)
{
    const ptrdiff_t rows = net_conv_block_rows + p->kernel_height - 1;
    return sizeof(float) * (size_t)(net_conv_patch(p, NULL).row * rows);
}

// Eight pixels by four words at once, in the order in which the pixels lie in memory; then what is
// left of either.
WR_PIXEL void net_copy_planar(const struct net_conv *p, const struct net_patch *patch,
                              const float *restrict from, int count, float *restrict to)
{
    enum { PIXELS = 8, WORDS = 4 };
    const int pixels = count / PIXELS * PIXELS, words = p->in_words / WORDS * WORDS;
    for (int x = 0; x < pixels; x += PIXELS)
        for (int c = 0; c < words; c += WORDS)
            net_transpose(from + (ptrdiff_t)x * p->in_padded + c, p->in_padded,
                          to + c * patch->channel + x, patch->channel);
    for (int c = 0; c < p->in_words; c++)
        for (int x = c < words ? pixels : 0; x < count; x++)
            to[c * patch->channel + x] = from[(ptrdiff_t)x * p->in_padded + c];
}

// `count` pixels of a row that begin with pixel `first` of the patch.
WR_PIXEL void net_copy_pixels(const struct net_conv *p, const struct net_patch *patch,
                              const float *from, int count, int first, float *to)
{
    if (patch->pixel == 1)
        net_copy_planar(p, patch, from, count, to + first);
    else if (p->in_words == p->in_padded)
        memcpy(to + first * patch->pixel, from,
               sizeof(float) * (size_t)count * (size_t)p->in_padded);
    else
        for (int x = 0; x < count; x++)
            memcpy(to + (first + x) * patch->pixel, from + (ptrdiff_t)x * p->in_padded,
                   sizeof(float) * (size_t)p->in_words);
}

WR_PIXEL void net_conv_copy(const struct net_conv *p, const struct window *in,
                            const struct net_patch *patch, int x, int pixels, int rows)
{
    const int columns = net_conv_columns(p, in), left = x - p->left;
    const int count = pixels + p->kernel_width - 1;
    const int first = wr_clamp(-left, 0, count), end = wr_clamp(columns - left, first, count);
    for (int r = 0; r < rows + p->kernel_height - 1; r++) {
        const int y = in->y + r - p->top, inside = y >= 0 && y < height(in);
        float *const to = patch->values + r * patch->row;
        if (!inside || first > 0 || end < count)
            memset(to, 0, sizeof *to * (size_t)patch->row);
        if (inside && first < end)
            net_copy_pixels(p, patch,
                            (const float *)wr_row(in, 0, y) +
                                (ptrdiff_t)(left + first) * p->in_padded,
                            end - first, first, to);
    }
}

// What tiles compute, a group of channels after the other.
struct net_rectangle {
    const struct net_conv *p;
    const struct net_patch *patch;
    const float *weights, *bias; // of the group's first channel
    float *out;
    int pixels, rows;
    int is_int; // whether words are pairs of integers, a constant after inlining
};

#include "kernels/net/conv_tiles.h"

// Before the activation.
WR_PIXEL void net_conv_sums(const struct net_conv *p, const struct window *in, int columns,
                            int rows, int is_int, float *out)
{
    const int pixels = columns / p->out_padded;
    const struct net_patch patch = net_conv_patch(p, in->pass->scratch);
    struct net_rectangle rectangle = {
        p, &patch, float_table(in, 0), float_table(in, 1), out, pixels, rows, is_int};
    net_conv_copy(p, in, &patch, in->x / p->out_padded, pixels, rows);
    if (patch.pixel == 1)
        net_few_channels(&rectangle);
    else
        net_many_channels(&rectangle);
}

WR_PIXEL void net_conv_activate(const struct net_conv *p, const struct window *in, int count,
                                float *restrict values)
{
    net_activate_all(&p->activation,
                     p->activation.kind == WR_ACTIVATION_PRELU ? float_table(in, 2) : NULL,
                     p->out_padded, count, values);
}

WR_PIXEL void net_conv_block(const struct net_conv *p, const struct window *in, int columns,
                             int rows, float *restrict out)
{
    net_conv_sums(p, in, columns, rows, 0, out);
    net_conv_activate(p, in, columns * rows, out);
}

// A row of the result from its sums, which are integers.
WR_PIXEL void net_conv_row(const struct net_conv *p, const struct window *in, int columns,
                           const void *restrict sums, float *restrict values)
{
    const float *const factors = float_table(in, 3);
    for (int first = 0, c = 0; first < columns; first += NET_LANES) {
        int32_t sum[NET_LANES];
        memcpy(sum, (const char *)sums + sizeof *sum * (size_t)first, sizeof sum);
        for (int n = 0; n < NET_LANES; n++)
            values[first + n] = (float)sum[n] * factors[c + n];
        c = c + NET_LANES < p->out_padded ? c + NET_LANES : 0;
    }
    net_conv_activate(p, in, columns, values);
}

enum {
    net_conv_int_block_columns = net_conv_block_columns,
    net_conv_int_block_rows = net_conv_block_rows,
    net_conv_to_float_block_columns = net_conv_block_columns,
    net_conv_to_float_block_rows = net_conv_block_rows
};

WR_PIXEL void net_conv_int_block(const struct net_conv_int *p, const struct window *in, int columns,
                                 int rows, int *restrict out)
{
    float values[NET_COLUMNS];
    net_conv_sums(&p->conv, in, columns, rows, 1, (float *)out);
    for (int y = 0; y < rows; y++, out += columns) {
        net_conv_row(&p->conv, in, columns, out, values);
        for (int n = 0; n < columns; n++)
            out[n] = net_to_steps(values[n], p->steps);
    }
}

WR_PIXEL void net_conv_to_float_block(const struct net_conv_int *p, const struct window *in,
                                      int columns, int rows, float *restrict out)
{
    float values[NET_COLUMNS];
    net_conv_sums(&p->conv, in, columns, rows, 1, out);
    for (int y = 0; y < rows; y++, out += columns) {
        net_conv_row(&p->conv, in, columns, out, values);
        memcpy(out, values, sizeof *out * (size_t)columns);
    }
}
