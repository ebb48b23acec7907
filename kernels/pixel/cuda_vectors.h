// SPDX-License-Identifier: MIT
// Part of cuda_loops.h. Neighbouring samples of a row by one thread of CUDA, which loads its own
// samples of each input, and stores what it computed, with as few accesses as there are words of 4
// to 16 bytes in them.
//
// That takes samples that begin at a multiple of their size in memory. Rows of an output do. Those
// of an input may begin anywhere, as in a cropped picture: there the words that hold the samples
// are loaded and shifted. At the right edge, where a thread has fewer samples than it could, each
// is computed by itself.
#pragma once

// `words` words of 4 bytes, from or to a multiple of their size, 16 bytes at most with one access.
template <int words> __device__ __forceinline__ void wr_load_words(const void *from, uint32_t *to)
{
    if (words == 1) {
        to[0] = *(const uint32_t *)from;
    } else if (words == 2) {
        const uint2 two = *(const uint2 *)from;
        to[0] = two.x, to[1] = two.y;
    } else {
#pragma unroll
        for (int n = 0; n < words; n += 4) {
            const uint4 four = ((const uint4 *)from)[n / 4];
            to[n] = four.x, to[n + 1] = four.y, to[n + 2] = four.z, to[n + 3] = four.w;
        }
    }
}

template <int words> __device__ __forceinline__ void wr_store_words(void *to, const uint32_t *from)
{
    if (words == 1) {
        *(uint32_t *)to = from[0];
    } else if (words == 2) {
        *(uint2 *)to = make_uint2(from[0], from[1]);
    } else {
#pragma unroll
        for (int n = 0; n < words; n += 4)
            ((uint4 *)to)[n / 4] = make_uint4(from[n], from[n + 1], from[n + 2], from[n + 3]);
    }
}

// How many bytes a place lies past a multiple of four.
__device__ __forceinline__ unsigned wr_past(const unsigned char *place)
{
    return (unsigned)(uintptr_t)place % 4;
}

// Words from anywhere, of which the place is so many bytes past. No word is loaded that holds none
// of the bytes.
template <int words>
__device__ __forceinline__ void wr_load_shifted(const unsigned char *from, unsigned past,
                                                uint32_t *to)
{
    const uint32_t *const first = (const uint32_t *)(from - past);
    uint32_t word[words + 1];
#pragma unroll
    for (int n = 0; n < words; n++)
        word[n] = first[n];
    word[words] = first[past ? words : words - 1];
#pragma unroll
    for (int n = 0; n < words; n++)
        to[n] = __funnelshift_r(word[n], word[n + 1], 8 * past);
}

// `count` neighbouring samples of input n, from x, y on.
template <int count>
__device__ __forceinline__ void wr_load_samples(const struct window *in, int n, int x, int y,
                                                int aligned, uint32_t *to)
{
    const int bytes = (int)wr_storage_bytes(in->storage[n]);
    const unsigned char *const from = in->plane[n] + y * in->pitch[n] + x * bytes;
    const unsigned past = wr_past(from);
    if (bytes == 1)
        aligned ? wr_load_words<count / 4>(from, to) : wr_load_shifted<count / 4>(from, past, to);
    else if (bytes == 2)
        aligned ? wr_load_words<count / 2>(from, to) : wr_load_shifted<count / 2>(from, past, to);
    else
        aligned ? wr_load_words<count>(from, to) : wr_load_shifted<count>(from, past, to);
}

// The samples from x on of each input.
template <int count>
__device__ __forceinline__ void wr_load_own(const struct window *in, int inputs, int x, int y,
                                            int aligned, struct wr_own *own)
{
#pragma unroll
    for (int n = 0; n < inputs; n++)
        if (in->pass->in[n].data)
            wr_load_samples<count>(in, n, x, y, aligned, own->word[n]);
}

__device__ __forceinline__ uint32_t wr_bits(int value)
{
    return (uint32_t)value;
}

__device__ __forceinline__ uint32_t wr_bits(float value)
{
    return __float_as_uint(value);
}

// Stores `count` neighbouring samples, value[0][n], value[1][n], ..., from x on: one, or a multiple
// of four of them, where x is a multiple of as many.
template <int count, typename type, int outputs>
__device__ __forceinline__ void wr_store_row(unsigned char *row, int storage, int x,
                                             const type (&value)[count][outputs], int n)
{
    const int bytes = (int)wr_storage_bytes(storage);
    uint32_t word[count];
    if constexpr (count == 1) {
        wr_store(row, storage, x, value[0][n]);
    } else if (bytes == 1) {
#pragma unroll
        for (int k = 0; k < count; k += 4) {
            const uint32_t low =
                __byte_perm(wr_bits(value[k][n]), wr_bits(value[k + 1][n]), 0x0040);
            const uint32_t high =
                __byte_perm(wr_bits(value[k + 2][n]), wr_bits(value[k + 3][n]), 0x0040);
            word[k / 4] = __byte_perm(low, high, 0x5410);
        }
        wr_store_words<count / 4>(row + x, word);
    } else if (bytes == 2) {
#pragma unroll
        for (int k = 0; k < count; k += 2)
            word[k / 2] = __byte_perm(wr_bits(value[k][n]), wr_bits(value[k + 1][n]), 0x5410);
        wr_store_words<count / 2>(row + 2 * x, word);
    } else {
#pragma unroll
        for (int k = 0; k < count; k++)
            word[k] = wr_bits(value[k][n]);
        wr_store_words<count>(row + 4 * x, word);
    }
}

// The ways to put `count` neighbouring samples from x on into the output: one, three, or one and
// two others for each; `run` of one sample each.
template <auto pixel> struct wr_put_one {
    template <int count, typename type>
    static __device__ __forceinline__ void put(const type *arguments, struct window *in,
                                               struct wr_own *own, int to, int x)
    {
        decltype(pixel(arguments, in)) out[count][1];
#pragma unroll
        for (int n = 0; n < count; n++) {
            in->x = x + n;
            own->column = n;
            out[n][0] = pixel(arguments, in);
        }
        wr_store_row<count>(wr_out_row(in->pass, 0, in->y), to, x, out, 0);
    }
};

template <auto run> struct wr_put_each {
    template <int count, typename type>
    static __device__ __forceinline__ void put(const type *arguments, struct window *in,
                                               struct wr_own *own, int to, int x)
    {
        int out[count], column[count][1];
        in->x = x;
        run(arguments, in, count, out);
#pragma unroll
        for (int n = 0; n < count; n++)
            column[n][0] = out[n];
        wr_store_row<count>(wr_out_row(in->pass, 0, in->y), to, x, column, 0);
    }
};

// Samples that come from elsewhere in the input, side by side, and others that are all alike.
template <int count>
__device__ __forceinline__ void wr_store_samples(unsigned char *row, int storage, int x,
                                                 const uint32_t *word)
{
    if (storage == WR_U8)
        wr_store_words<count / 4>(row + x, word);
    else
        wr_store_words<count / 2>(row + 2 * x, word);
}

template <auto source, auto beside> struct wr_put_moved {
    template <int count, typename type>
    static __device__ __forceinline__ void put_each(const type *arguments, struct window *in,
                                                    int to, int x)
    {
        int out[count][1], from_x, from_y;
#pragma unroll
        for (int n = 0; n < count; n++) {
            in->x = x + n;
            out[n][0] = source(arguments, in, 1, &from_x, &from_y) ? sample(in, from_x, from_y)
                                                                   : beside(arguments);
        }
        wr_store_row<count>(wr_out_row(in->pass, 0, in->y), to, x, out, 0);
    }

    // Few threads have some of either, and compute each; a few at a time, for want of registers.
    template <int count, typename type>
    static __device__ __forceinline__ void put(const type *arguments, struct window *in,
                                               struct wr_own *own, int to, int x)
    {
        uint32_t *const word = own->word[0];
        int from_x, from_y;
        in->x = x;
        const int moved = source(arguments, in, count, &from_x, &from_y);
        if (count == 1 || (moved && moved < count)) {
            constexpr int few = count < 4 ? count : 4;
#pragma unroll 1
            for (int n = 0; n < count; n += few)
                put_each<few>(arguments, in, to, x + n);
            return;
        }
        if (moved)
            wr_load_samples<count>(in, 0, from_x, from_y, false, word);
#pragma unroll
        for (int n = 0; n < count / 2 && !moved; n++)
            word[n] = (uint32_t)beside(arguments) * (to == WR_U8 ? 0x01010101 : 0x00010001);
        wr_store_samples<count>(wr_out_row(in->pass, 0, in->y), to, x, word);
    }
};

template <auto pixel> struct wr_put_color {
    template <int count, typename type>
    static __device__ __forceinline__ void put(const type *arguments, struct window *in,
                                               struct wr_own *own, int to, int x)
    {
        int out[count][3];
#pragma unroll
        for (int n = 0; n < count; n++) {
            in->x = x + n;
            own->column = n;
            pixel(arguments, in, out[n]);
        }
#pragma unroll
        for (int c = 0; c < 3; c++)
            wr_store_row<count>(wr_out_row(in->pass, c, in->y), to, x, out, c);
    }
};

// What a pixel function gives for elements of a storage.
template <int storage> struct wr_number {
    typedef int type;
};
template <> struct wr_number<WR_F32> {
    typedef float type;
};

template <auto pixel, int other> struct wr_put_split {
    template <int count, typename type>
    static __device__ __forceinline__ void put(const type *arguments, struct window *in,
                                               struct wr_own *own, int to, int x)
    {
        int out[count][1];
        typename wr_number<other>::type rest[count][2];
#pragma unroll
        for (int n = 0; n < count; n++) {
            in->x = x + n;
            own->column = n;
            out[n][0] = pixel(arguments, in, rest[n]);
        }
        wr_store_row<count>(wr_out_row(in->pass, 0, in->y), to, x, out, 0);
#pragma unroll
        for (int c = 0; c < 2; c++)
            wr_store_row<count>(wr_out_row(in->pass, 1 + c, in->y), other, x, rest, c);
    }
};

// What a thread does in a block that begins at (left, top).
template <typename way, int count, int inputs, typename type>
__device__ __forceinline__ void wr_put_neighbours(const type *arguments, struct window *in,
                                                  const struct wr_share *share, int to, int left,
                                                  int top)
{
    const int width = in->pass->out[0].width;
    uint32_t word[WR_MAX_INPUTS][WR_OWN_WORDS];
    struct wr_own own;
    int x = left + threadIdx.x * count;
    in->y = top + threadIdx.y;
    if (in->y >= in->pass->out[0].height)
        return;
    if (x + count <= width) {
        own.columns = count;
        own.word = word;
        own.row = own.reach_x = own.reach_y = 0;
        wr_load_own<count>(in, inputs, x, in->y, share->aligned, &own);
        in->own = &own;
        way::template put<count>(arguments, in, &own, to, x);
    } else {
        for (; x < width; x++)
            way::template put<1>(arguments, in, &own, to, x);
    }
}
