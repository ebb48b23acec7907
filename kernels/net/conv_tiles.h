// SPDX-License-Identifier: MIT
// Part of conv_block.h: tiles of a convolution that are computed in registers.
#pragma once

// ---- many output channels: `vectors` vectors of them, for `pixels` pixels; both are constants.
// Taps are numbered over rows of the kernel, its columns, and input channels. A tile adds those
// from `first` to `end`, and before the first of all of them the bias: sums between are in the
// result.

// Starts with the pixel's first channel in the patch, and in the result.
struct net_place_of_tile {
    const float *from;
    float *to;
    int stored; // pixels that are inside the rectangle
};

WR_PIXEL void net_put_sums(const struct net_conv *p, const net_vector *sum, float *to, int pixels,
                           int vectors, int stored)
{
    NET_EACH(n, pixels * vectors)
    {
        if (n / vectors < stored)
            net_put(to + n / vectors * (ptrdiff_t)p->out_padded + n % vectors * NET_VECTOR, sum[n]);
    }
}

WR_PIXEL void net_tile_of_channels(const struct net_rectangle *r,
                                   const struct net_place_of_tile *place, int first, int end,
                                   int pixels, int vectors)
{
    const struct net_conv *const p = r->p;
    const ptrdiff_t step = r->patch->pixel;
    const int taps = p->kernel_width * p->in_words;
    const float *weight = r->weights + (ptrdiff_t)first * p->out_padded;
    net_vector sum[NET_REGISTERS], weights[NET_REGISTERS];
    NET_EACH(n, pixels * vectors)
    {
        const ptrdiff_t lane = n % vectors * NET_VECTOR;
        sum[n] = net_get(first == 0 || n / vectors >= place->stored
                             ? r->bias + lane
                             : place->to + n / vectors * (ptrdiff_t)p->out_padded + lane);
    }
    for (int row = first / taps, tap = first % taps, left = end - first; left > 0; row++, tap = 0) {
        const float *from = place->from + row * r->patch->row + tap;
        const int count = wr_min(taps - tap, left);
        left -= count;
        for (int k = 0; k < count; k++, from++, weight += p->out_padded) {
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
    const int stored = place->stored < pixels ? place->stored : pixels;
    if (stored == pixels)
        net_put_sums(p, sum, place->to, pixels, vectors, pixels);
    else
        net_put_sums(p, sum, place->to, pixels, vectors, stored);
}

// So many taps that their weights stay in the nearest cache while all tiles of the rectangle use
// them, which costs each tile to get its sums and to put them back.
enum { NET_NEAR_WEIGHTS = 4096 };

WR_PIXEL void net_tiles_of_channels(const struct net_rectangle *r, int pixels, int vectors)
{
    const struct net_conv *const p = r->p;
    const int taps = p->kernel_height * p->kernel_width * p->in_words;
    const int most = NET_NEAR_WEIGHTS / (vectors * NET_VECTOR);
    for (int first = 0; first < taps; first += most)
        for (int y = 0; y < r->rows; y++)
            for (int x = 0; x < r->pixels; x += pixels) {
                const struct net_place_of_tile place = {
                    r->patch->values + y * r->patch->row + x * r->patch->pixel,
                    r->out + ((ptrdiff_t)y * r->pixels + x) * p->out_padded,
                    wr_min(pixels, r->pixels - x)};
                net_tile_of_channels(r, &place, first, wr_min(first + most, taps), pixels, vectors);
            }
}

// All channels, as many vectors of them at once as registers allow, and what pads them.
WR_PIXEL void net_many_channels(struct net_rectangle *r)
{
    for (int left = r->p->out_padded, done; left > 0; left -= done) {
#if defined __AVX512F__
        if (left >= 64 && left != 96) {
            net_tiles_of_channels(r, 6, 4);
            done = 64;
        } else if (left >= 48) {
            net_tiles_of_channels(r, 8, 3);
            done = 48;
        } else {
            net_tiles_of_channels(r, 8, 2);
            done = 32;
        }
#else
        net_tiles_of_channels(r, 6, 2);
        done = 2 * NET_VECTOR;
#endif
        r->weights += done;
        r->bias += done;
        r->out += done;
    }
}

// ---- few: `channels` of them, for `vectors` vectors of pixels; both are constants.
WR_PIXEL void net_tile_of_pixels(const struct net_rectangle *r, int x, int y, int channels,
                                 int vectors)
{
    const struct net_conv *const p = r->p;
    const struct net_patch *const patch = r->patch;
    const float *weight = r->weights;
    net_vector sum[NET_REGISTERS], values[NET_REGISTERS];
    float lanes[NET_MOST_PIXELS];
    NET_EACH(n, channels * vectors)
    {
        sum[n] = net_all(r->bias[n / vectors]);
    }
    for (int row = 0; row < p->kernel_height; row++)
        for (int column = 0; column < p->kernel_width; column++) {
            const float *from = patch->values + (y + row) * patch->row + x + column;
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
                from += patch->channel;
                weight += p->out_padded;
            }
        }
    const int stored = wr_min(vectors * NET_VECTOR, r->pixels - x);
    float *const to = r->out + ((ptrdiff_t)y * r->pixels + x) * p->out_padded;
    NET_EACH(c, channels)
    {
        NET_EACH(v, vectors)
        {
            net_put(lanes + v * NET_VECTOR, sum[c * vectors + v]);
        }
        for (int n = 0; n < stored; n++)
            memcpy(to + n * (ptrdiff_t)p->out_padded + c, lanes + n, sizeof *to);
    }
}

WR_PIXEL void net_tiles_of_pixels(const struct net_rectangle *r, int channels)
{
    for (int y = 0; y < r->rows; y++)
        for (int x = 0; x < r->pixels; x += 3 * NET_VECTOR) {
            const int left = r->pixels - x;
            if (left > 2 * NET_VECTOR)
                net_tile_of_pixels(r, x, y, channels, 3);
            else if (left > NET_VECTOR)
                net_tile_of_pixels(r, x, y, channels, 2);
            else
                net_tile_of_pixels(r, x, y, channels, 1);
        }
}

// Channels that pad the others become 0 where no tile has them.
WR_PIXEL void net_few_channels(struct net_rectangle *r)
{
    enum { MOST = NET_REGISTERS / 3, LEAST = 4 };
    const int end = r->p->out_padded;
    for (int c = 0, done; c < end; c += done) {
        const int left = r->p->out_channels - c;
        done = left > LEAST ? MOST : LEAST;
        if (left > LEAST)
            net_tiles_of_pixels(r, MOST);
        else if (left > 0)
            net_tiles_of_pixels(r, LEAST);
        for (ptrdiff_t n = 0; n < (ptrdiff_t)r->pixels * r->rows && left <= 0; n++)
            memset(r->out + n * end, 0, sizeof *r->out * LEAST);
        r->weights += done;
        r->bias += done;
        r->out += done;
    }
}
