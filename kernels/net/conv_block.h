// SPDX-License-Identifier: MIT
// Part of conv.h. Convolutions on the CPU: a rectangle of pixels at once, with the same bits as one
// by one.
//
// Tiles of the result are computed in registers. Where there are many output channels, these are
// the lanes of vectors, and pixels share the weights. Where there are few, pixels are the lanes,
// and output channels share the pixels.
//
// What the rectangle reads is copied first where some of it is outside the picture, and where there
// are few output channels: the copy then has each channel by itself.
#pragma once

#include "kernels/net/lanes.h"

enum { NET_ROWS = 8 }; // of a rectangle
enum { NET_FEW_CHANNELS = 24 };
enum { NET_MOST_BEYOND = 7 }; // pixels that tiles of many channels go beyond a rectangle

// What a rectangle reads: a copy, or the input where it is.
struct net_patch {
    const float *values;
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
    return (struct net_patch){(const float *)scratch, pixels, (ptrdiff_t)pixels * p->in_words,
                              planar ? 1 : p->in_words, planar ? pixels : 1};
}

WR_PIXEL size_t net_conv_scratch(const struct net_conv *p)
{
    const ptrdiff_t rows = NET_ROWS + p->kernel_height - 1;
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
        float *const to = (float *)in->pass->scratch + r * patch->row;
        if (!inside || first > 0 || end < count)
            memset(to, 0, sizeof *to * (size_t)patch->row);
        if (inside && first < end)
            net_copy_pixels(p, patch,
                            (const float *)wr_row(in, 0, y) +
                                (ptrdiff_t)(left + first) * p->in_padded,
                            end - first, first, to);
    }
}

// What tiles compute, row by row.
struct net_rectangle {
    const struct net_conv *p;
    struct net_patch patch;
    const float *weights, *bias;
    int pixels; // of a row
    int is_int; // whether words are pairs of integers, a constant after inlining
};

#include "kernels/net/conv_tiles.h"

// Whether tiles can read the input where it is: all of it is inside the picture, also what tiles
// read beyond the rectangle's last pixel, and channels lie there as in a patch.
WR_PIXEL int net_conv_in_place(const struct net_conv *p, const struct window *in, int x, int pixels,
                               int rows)
{
    const int left = x - p->left, top = in->y - p->top;
    return p->out_padded > NET_FEW_CHANNELS && p->in_words == p->in_padded && left >= 0 &&
           top >= 0 && top + rows + p->kernel_height - 1 <= height(in) &&
           left + pixels + NET_MOST_BEYOND + p->kernel_width - 1 <= net_conv_columns(p, in);
}

WR_PIXEL struct net_rectangle net_conv_open(const struct net_conv *p, const struct window *in,
                                            int columns, int rows, int is_int)
{
    const int x = in->x / p->out_padded, pixels = columns / p->out_padded;
    struct net_patch patch = net_conv_patch(p, in->pass->scratch);
    if (net_conv_in_place(p, in, x, pixels, rows)) {
        patch.values =
            (const float *)wr_row(in, 0, in->y - p->top) + (ptrdiff_t)(x - p->left) * p->in_padded;
        patch.row = in->pitch[0] / (ptrdiff_t)sizeof(float);
    } else {
        net_conv_copy(p, in, &patch, x, pixels, rows);
    }
    return (struct net_rectangle){p, patch, float_table(in, 0), float_table(in, 1), pixels, is_int};
}

// Row y of the rectangle, before the activation.
WR_PIXEL void net_conv_sums(const struct net_rectangle *r, int y, float *out)
{
    const struct net_group all = {r, r->weights, r->bias, r->patch.values + y * r->patch.row, out};
    if (r->patch.pixel == 1)
        net_few_channels(all);
    else
        net_many_channels(all);
}

WR_PIXEL void net_conv_activate(const struct net_conv *p, const struct window *in, int count,
                                float *restrict values)
{
    net_activate_all(&p->activation,
                     p->activation.kind == WR_ACTIVATION_PRELU ? float_table(in, 2) : NULL,
                     p->out_padded, count, values);
}

// The kernels compute a rectangle from in->x, in->y on, whose first result is at `to`.
WR_PIXEL void net_conv_block(const struct net_conv *p, const struct window *in, int columns,
                             int rows, unsigned char *to, ptrdiff_t pitch)
{
    const struct net_rectangle rectangle = net_conv_open(p, in, columns, rows, 0);
    for (int y = 0; y < rows; y++, to += pitch) {
        net_conv_sums(&rectangle, y, (float *)to);
        net_conv_activate(p, in, columns, (float *)to);
    }
}

// Row y of a rectangle of integers, as floats.
WR_PIXEL void net_conv_row(const struct net_rectangle *r, const struct window *in, int y,
                           float *restrict values)
{
    const float *const factors = float_table(in, 3);
    const int padded = r->p->out_padded, columns = r->pixels * padded;
    int32_t sums[NET_COLUMNS];
    net_conv_sums(r, y, (float *)sums);
    for (int first = 0; first < columns; first += padded)
        for (int c = 0; c < padded; c++)
            values[first + c] = (float)sums[first + c] * factors[c];
    net_conv_activate(r->p, in, columns, values);
}

WR_PIXEL void net_conv_int_block(const struct net_conv_int *p, const struct window *in, int columns,
                                 int rows, unsigned char *to, ptrdiff_t pitch)
{
    const struct net_rectangle rectangle = net_conv_open(&p->conv, in, columns, rows, 1);
    float values[NET_COLUMNS];
    for (int y = 0; y < rows; y++, to += pitch) {
        int16_t *const restrict out = (int16_t *)to;
        net_conv_row(&rectangle, in, y, values);
        for (int n = 0; n < columns; n++)
            out[n] = (int16_t)net_to_steps(values[n], p->steps);
    }
}

WR_PIXEL void net_conv_to_float_block(const struct net_conv_int *p, const struct window *in,
                                      int columns, int rows, unsigned char *to, ptrdiff_t pitch)
{
    const struct net_rectangle rectangle = net_conv_open(&p->conv, in, columns, rows, 1);
    for (int y = 0; y < rows; y++, to += pitch)
        net_conv_row(&rectangle, in, y, (float *)to);
}

// How the CPU shares out the work (cpu_loops.h): rectangles, as for a BLOCK, but results are
// written where they belong.
#define WR_LINES_CONVOLUTIONS(writes, name, type, inputs, output)                                  \
    enum { name##_block_columns = NET_COLUMNS, name##_block_rows = NET_ROWS };                     \
    WR_INLINE void name##_rectangle(const struct wr_pass_view *pass, const void *arguments,        \
                                    int wide, int span, int x, int y0, int y1)                     \
    {                                                                                              \
        static const int storage[WR_MAX_INPUTS] = WR_LIST inputs;                                  \
        struct window window = wr_open_window(pass, storage, wide, y0, span, 1);                   \
        window.x = x;                                                                              \
        name##_block((const type *)arguments, &window,                                             \
                     wr_min(pass->out[0].width - x, NET_COLUMNS), y1 - y0,                         \
                     wr_out_row(pass, 0, y0) + x * (int)wr_storage_bytes(output),                  \
                     pass->out[0].pitch);                                                          \
    }
#define WR_SPAN_CONVOLUTIONS(name) WR_SPAN_RECTANGLES(name)
#define WR_ROWS_CONVOLUTIONS(name) WR_ROWS_PIXELS(name)
