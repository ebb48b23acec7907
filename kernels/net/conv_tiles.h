// SPDX-License-Identifier: MIT
// Part of conv_block.h: tiles of a convolution that are computed in registers.
#pragma once

// A loop of a constant number of turns, without which sums would not stay in registers.
#define NET_EACH(n, count) _Pragma("GCC unroll 32") for (int n = 0; n < (count); n++)

// ---- many output channels: `vectors` vectors of them, for `pixels` pixels; both are constants.
// `stored` pixels are inside the rectangle.
WR_PIXEL void net_tile_of_channels(const struct net_line *line, int x, int pixels, int vectors,
                                   int stored)
{
    const struct net_conv *const p = line->p;
    const ptrdiff_t step = line->patch->pixel;
    const int taps = p->kernel_width * p->in_channels;
    const float *weight = line->weights;
    net_vector sum[NET_REGISTERS], weights[NET_REGISTERS];
    NET_EACH(n, pixels * vectors)
    {
        sum[n] = net_get(line->bias + n % vectors * NET_VECTOR);
    }
    for (int row = 0; row < p->kernel_height; row++) {
        const float *from = line->from + row * line->patch->row + x * step;
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
                    sum[n * vectors + v] = net_add_product(weights[v], value, sum[n * vectors + v]);
                }
            }
        }
    }
    NET_EACH(n, pixels * vectors)
    {
        if (n / vectors < stored)
            net_put(line->out + (x + n / vectors) * (ptrdiff_t)p->out_padded +
                        n % vectors * NET_VECTOR,
                    sum[n]);
    }
}

#define NET_CHANNELS(vectors, most)                                                                \
    for (int x = 0; x < line->pixels; x += most)                                                   \
        net_tile_of_channels(line, x, most, vectors, wr_min(most, line->pixels - x));

// The channels of a row, as many vectors of them at once as registers allow, and what pads them.
WR_PIXEL void net_many_channels(struct net_line *line)
{
    for (int left = line->p->out_padded, done; left > 0; left -= done) {
#if defined __AVX512F__
        if (left >= 64 && left != 96) {
            NET_CHANNELS(4, 6)
            done = 64;
        } else if (left >= 48) {
            NET_CHANNELS(3, 8)
            done = 48;
        } else {
            NET_CHANNELS(2, 8)
            done = 32;
        }
#else
        NET_CHANNELS(2, 6)
        done = 2 * NET_VECTOR;
#endif
        line->weights += done;
        line->bias += done;
        line->out += done;
    }
}

// ---- few: `channels` of them, for `vectors` vectors of pixels; both are constants.
WR_PIXEL void net_tile_of_pixels(const struct net_line *line, int x, int channels, int vectors)
{
    const struct net_conv *const p = line->p;
    const struct net_patch *const patch = line->patch;
    const float *weight = line->weights;
    net_vector sum[NET_REGISTERS], values[NET_REGISTERS];
    float lanes[NET_MOST_PIXELS];
    NET_EACH(n, channels * vectors)
    {
        sum[n] = net_all(line->bias[n / vectors]);
    }
    for (int row = 0; row < p->kernel_height; row++)
        for (int column = 0; column < p->kernel_width; column++) {
            const float *from = line->from + row * patch->row + x + column;
            for (int k = 0; k < p->in_channels; k++) {
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
                            net_add_product(of_channel, values[v], sum[c * vectors + v]);
                    }
                }
                from += patch->channel;
                weight += p->out_padded;
            }
        }
    const int stored = wr_min(vectors * NET_VECTOR, line->pixels - x);
    NET_EACH(c, channels)
    {
        NET_EACH(v, vectors)
        {
            net_put(lanes + v * NET_VECTOR, sum[c * vectors + v]);
        }
        for (int n = 0; n < stored; n++)
            line->out[(x + n) * (ptrdiff_t)p->out_padded + c] = lanes[n];
    }
}

WR_PIXEL void net_line_of_pixels(const struct net_line *line, int channels)
{
    for (int x = 0; x < line->pixels; x += 3 * NET_VECTOR) {
        const int left = line->pixels - x;
        if (left > 2 * NET_VECTOR)
            net_tile_of_pixels(line, x, channels, 3);
        else if (left > NET_VECTOR)
            net_tile_of_pixels(line, x, channels, 2);
        else
            net_tile_of_pixels(line, x, channels, 1);
    }
}

// Channels that pad the others become 0 where no tile has them.
WR_PIXEL void net_few_channels(struct net_line *line)
{
    enum { MOST = NET_REGISTERS / 3, LEAST = 4 };
    const int end = line->p->out_padded;
    for (int c = 0, done; c < end; c += done) {
        const int left = line->p->out_channels - c;
        done = left > LEAST ? MOST : LEAST;
        if (left > LEAST)
            net_line_of_pixels(line, MOST);
        else if (left > 0)
            net_line_of_pixels(line, LEAST);
        for (int x = 0; x < line->pixels && left <= 0; x++)
            memset(line->out + x * (ptrdiff_t)end, 0, sizeof *line->out * LEAST);
        line->weights += done;
        line->bias += done;
        line->out += done;
    }
}
