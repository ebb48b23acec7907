// SPDX-License-Identifier: MIT
// Part of conv_block.h: tiles of a convolution that are computed in registers.
#pragma once

// A group of output channels, for one row of the result; starts with the group's first channel.
struct net_group {
    const struct net_rectangle *r;
    const float *weights, *bias;
    const float *from; // the row's first pixel in the patch
    float *to;         // the row of the result
};

// ---- many output channels: `vectors` vectors of them, for `pixels` pixels; both are constants.
WR_PIXEL void net_put_sums(const struct net_conv *p, const net_vector *sum, float *to, int pixels,
                           int vectors, int stored)
{
    NET_EACH(n, pixels * vectors)
    {
        if (n / vectors < stored)
            net_put(to + n / vectors * (ptrdiff_t)p->out_padded + n % vectors * NET_VECTOR, sum[n]);
    }
}

WR_PIXEL void net_tile_of_channels(const struct net_group *group, int x, int pixels, int vectors)
{
    const struct net_rectangle *const r = group->r;
    const struct net_conv *const p = r->p;
    const ptrdiff_t step = r->patch.pixel;
    const int taps = p->kernel_width * p->in_words, stored = wr_min(pixels, r->pixels - x);
    const float *weight = group->weights;
    net_vector sum[NET_REGISTERS], weights[NET_REGISTERS];
    NET_EACH(n, pixels * vectors)
    {
        sum[n] = net_get(group->bias + n % vectors * NET_VECTOR);
    }
    for (int row = 0; row < p->kernel_height; row++) {
        const float *from = group->from + row * r->patch.row + x * step;
        for (int k = 0; k < taps; k++, from++, weight += p->out_padded) {
            NET_EACH(v, vectors)
            {
                weights[v] = net_get(weight + v * NET_VECTOR);
            }
            NET_EACH(n, pixels)
            {
                const net_vector value = net_all(from[n * step]);
                NET_EACH(v, vectors)
                {
                    sum[n * vectors + v] =
                        net_add_product(r->is_int, weights[v], value, sum[n * vectors + v]);
                }
            }
        }
    }
    // Most tiles are whole; those need no decision for each pixel.
    float *const to = group->to + (ptrdiff_t)x * p->out_padded;
    if (stored == pixels)
        net_put_sums(p, sum, to, pixels, vectors, pixels);
    else
        net_put_sums(p, sum, to, pixels, vectors, stored);
}

WR_PIXEL void net_tiles_of_channels(const struct net_group *group, int pixels, int vectors)
{
    for (int x = 0; x < group->r->pixels; x += pixels)
        net_tile_of_channels(group, x, pixels, vectors);
}

// All channels, as many vectors of them at once as registers allow, and what pads them.
WR_PIXEL void net_many_channels(struct net_group group)
{
    for (int left = group.r->p->out_padded, done; left > 0; left -= done) {
#if defined __AVX512F__
        if (left >= 64 && left != 96) {
            net_tiles_of_channels(&group, 6, 4);
            done = 64;
        } else if (left >= 48) {
            net_tiles_of_channels(&group, 8, 3);
            done = 48;
        } else {
            net_tiles_of_channels(&group, 8, 2);
            done = 32;
        }
#else
        net_tiles_of_channels(&group, 6, 2);
        done = 2 * NET_VECTOR;
#endif
        group.weights += done;
        group.bias += done;
        group.to += done;
    }
}

// ---- few: `channels` of them, for `vectors` vectors of pixels; both are constants.

// Channels that follow each other, four or eight of them, become the pixels' own.
WR_PIXEL void net_put_channels(const struct net_conv *p, const net_vector *sum, float *to,
                               int channels, int vectors, int stored)
{
    float lanes[NET_REGISTERS / 3][NET_MOST_PIXELS];
    NET_EACH(n, channels * vectors)
    {
        net_put(lanes[n / vectors] + n % vectors * NET_VECTOR, sum[n]);
    }
    int x = 0;
    for (; x + 8 <= stored; x += 8)
        for (int c = 0; c < channels; c += 4)
            net_transpose_back(lanes[c] + x, NET_MOST_PIXELS, to + (ptrdiff_t)x * p->out_padded + c,
                               p->out_padded);
    for (; x < stored; x++)
        for (int c = 0; c < channels; c++)
            to[(ptrdiff_t)x * p->out_padded + c] = lanes[c][x];
}

WR_PIXEL void net_tile_of_pixels(const struct net_group *group, int x, int channels, int vectors)
{
    const struct net_rectangle *const r = group->r;
    const struct net_conv *const p = r->p;
    const float *weight = group->weights;
    net_vector sum[NET_REGISTERS], values[NET_REGISTERS];
    NET_EACH(n, channels * vectors)
    {
        sum[n] = net_all(group->bias[n / vectors]);
    }
    for (int row = 0; row < p->kernel_height; row++)
        for (int column = 0; column < p->kernel_width; column++) {
            const float *from = group->from + row * r->patch.row + x + column;
            for (int k = 0; k < p->in_words; k++) {
                NET_EACH(v, vectors)
                {
                    values[v] = net_get(from + v * NET_VECTOR);
                }
                NET_EACH(c, channels)
                {
                    const net_vector of_channel = net_all(weight[c]);
                    NET_EACH(v, vectors)
                    {
                        sum[c * vectors + v] =
                            net_add_product(r->is_int, of_channel, values[v], sum[c * vectors + v]);
                    }
                }
                from += r->patch.channel;
                weight += p->out_padded;
            }
        }
    net_put_channels(p, sum, group->to + (ptrdiff_t)x * p->out_padded, channels, vectors,
                     wr_min(vectors * NET_VECTOR, r->pixels - x));
}

WR_PIXEL void net_tiles_of_pixels(const struct net_group *group, int channels)
{
    for (int x = 0; x < group->r->pixels; x += 3 * NET_VECTOR) {
        const int left = group->r->pixels - x;
        if (left > 2 * NET_VECTOR)
            net_tile_of_pixels(group, x, channels, 3);
        else if (left > NET_VECTOR)
            net_tile_of_pixels(group, x, channels, 2);
        else
            net_tile_of_pixels(group, x, channels, 1);
    }
}

// Channels that pad the others become 0 where no tile has them.
WR_PIXEL void net_few_channels(struct net_group group)
{
    enum { MOST = NET_REGISTERS / 3, LEAST = 4 };
    const struct net_conv *const p = group.r->p;
    for (int c = 0, done; c < p->out_padded; c += done) {
        const int left = p->out_channels - c;
        done = left > LEAST ? MOST : LEAST;
        if (left > LEAST)
            net_tiles_of_pixels(&group, MOST);
        else if (left > 0)
            net_tiles_of_pixels(&group, LEAST);
        for (ptrdiff_t n = 0; n < group.r->pixels && left <= 0; n++)
            memset(group.to + n * p->out_padded, 0, sizeof *group.to * LEAST);
        group.weights += done;
        group.bias += done;
        group.to += done;
    }
}
