// SPDX-License-Identifier: MIT
// Part of conv_block.h: tiles of a convolution that are computed in registers.
#pragma once

// ---- many output channels: `vectors` vectors of them, for `pixels` pixels; both are constants.
// `stored` pixels are inside the rectangle.
WR_PIXEL void net_tile_of_channels(const struct net_line *line, int x, int pixels, int vectors,
                                   int stored)
{
    const struct net_conv *const p = line->p;
    const ptrdiff_t step = line->patch->pixel;
    const int taps = p->kernel_width * p->in_channels;
    const float *weight = line->weights;
    net_vector sum[NET_REGISTERS];
    _Pragma("GCC unroll 32") for (int n = 0; n < pixels; n++)
        _Pragma("GCC unroll 32") for (int v = 0; v < vectors; v++) sum[n * vectors + v] =
            net_get(line->bias + v * NET_VECTOR);
    for (int row = 0; row < p->kernel_height; row++) {
        const float *from = line->from + row * line->patch->row + x * step;
        for (int k = 0; k < taps; k++, from++, weight += p->out_padded) {
            net_vector weights[4];
            _Pragma("GCC unroll 32") for (int v = 0; v < vectors; v++) weights[v] =
                net_get(weight + v * NET_VECTOR);
            _Pragma("GCC unroll 32") for (int n = 0; n < pixels; n++)
            {
                const net_vector value = net_all(from[n * step]);
                _Pragma("GCC unroll 32") for (int v = 0; v < vectors; v++) sum[n * vectors + v] =
                    net_add_product(weights[v], value, sum[n * vectors + v]);
            }
        }
    }
    _Pragma("GCC unroll 32") for (int n = 0; n < pixels; n++)
        _Pragma("GCC unroll 32") for (int v = 0; v < vectors; v++) if (n < stored) net_put(
            line->out + (x + n) * (ptrdiff_t)p->out_padded + v * NET_VECTOR, sum[n * vectors + v]);
}

#define NET_CHANNELS(vectors, most)                                                                \
    for (int x = 0; x < line->pixels; x += most)                                                   \
        net_tile_of_channels(line, x, most, vectors, wr_min(most, line->pixels - x));

// The channels of a row, as many vectors of them at once as registers allow. What is padding of
// the padding is computed as well, since the tables have it.
WR_PIXEL void net_many_channels(struct net_line *line)
{
    const int total = line->p->out_padded;
    for (int left = total, done; left > 0; left -= done) {
        done = NET_VECTOR;
#if defined __AVX512F__
        if (left >= 64 && left != 96) {
            NET_CHANNELS(4, 6)
            done = 64;
        } else if (left >= 48) {
            NET_CHANNELS(3, 8)
            done = 48;
        } else if (left >= 32) {
            NET_CHANNELS(2, 8)
            done = 32;
        } else {
            NET_CHANNELS(1, 8)
        }
#else
        if (left >= 2 * NET_VECTOR) {
            NET_CHANNELS(2, 6)
            done = 2 * NET_VECTOR;
        } else {
            NET_CHANNELS(1, 8)
        }
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
    net_vector sum[NET_REGISTERS];
    float lanes[NET_MOST_PIXELS];
    _Pragma("GCC unroll 32") for (int c = 0; c < channels; c++)
        _Pragma("GCC unroll 32") for (int v = 0; v < vectors; v++) sum[c * vectors + v] =
            net_all(line->bias[c]);
    for (int row = 0; row < p->kernel_height; row++)
        for (int column = 0; column < p->kernel_width; column++) {
            const float *from = line->from + row * patch->row + x + column;
            for (int k = 0; k < p->in_channels;
                 k++, from += patch->channel, weight += p->out_padded) {
                net_vector values[3];
                _Pragma("GCC unroll 32") for (int v = 0; v < vectors; v++) values[v] =
                    net_get(from + v * NET_VECTOR);
                _Pragma("GCC unroll 32") for (int c = 0; c < channels; c++)
                {
                    const net_vector of_channel = net_all(weight[c]);
                    _Pragma("GCC unroll 32") for (int v = 0; v < vectors; v++)
                        sum[c * vectors + v] =
                            net_add_product(of_channel, values[v], sum[c * vectors + v]);
                }
            }
        }
    _Pragma("GCC unroll 32") for (int c = 0; c < channels; c++)
    {
        _Pragma("GCC unroll 32") for (int v = 0; v < vectors; v++)
            net_put(lanes + v * NET_VECTOR, sum[c * vectors + v]);
        const int stored = wr_min(vectors * NET_VECTOR, line->pixels - x);
        for (int n = 0; n < stored; n++)
            line->out[(x + n) * (ptrdiff_t)p->out_padded + c] = lanes[n];
    }
}

WR_PIXEL void net_line_of_pixels(const struct net_line *line, int channels)
{
    for (int x = 0; x < line->pixels;) {
        const int left = line->pixels - x;
        if (left > 2 * NET_VECTOR)
            net_tile_of_pixels(line, x, channels, 3);
        else if (left > NET_VECTOR)
            net_tile_of_pixels(line, x, channels, 2);
        else
            net_tile_of_pixels(line, x, channels, 1);
        x += wr_min(left, 3 * NET_VECTOR);
    }
}

// The last vectors' lanes beyond the channels there are stay as they were: nobody uses them.
WR_PIXEL void net_few_channels(struct net_line *line)
{
    enum { MOST = NET_REGISTERS / 3 };
    const int end = line->p->out_padded;
    for (int c = 0, done; c < end; c += done) {
        const int left = line->p->out_channels - c;
        done = left > 4 ? MOST : 4;
        if (left <= 0)
            for (int x = 0; x < line->pixels; x++)
                memset(line->out + x * (ptrdiff_t)end, 0, sizeof *line->out * 4);
        else if (left > 4)
            net_line_of_pixels(line, MOST);
        else
            net_line_of_pixels(line, 4);
        line->weights += done;
        line->bias += done;
        line->out += done;
    }
}
