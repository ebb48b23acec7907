// SPDX-License-Identifier: MIT
// Part of cuda_loops.h. Neighbouring samples of a row by one thread of CUDA, which loads its own
// samples of each input, and stores what it computed, with as few accesses as there are words of 4
// to 16 bytes in them.
//
// That takes samples that begin at a multiple of their size in memory. Rows of an output do; of an
// input all do but those of some cropped pictures, whose samples are loaded one by one. At the
// right edge, where a thread has fewer samples than it could, each is computed by itself.
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

// The samples from x on of each input.
template <int count>
__device__ __forceinline__ void wr_load_own(const struct window *in, int inputs, int x, int y,
                                            struct wr_own *own)
{
#pragma unroll
    for (int n = 0; n < inputs; n++) {
        const int bytes = (int)wr_storage_bytes(in->storage[n]);
        const unsigned char *const from = in->plane[n] + y * in->pitch[n] + x * bytes;
        if (!in->pass->in[n].data)
            continue;
        if (bytes == 1)
            wr_load_words<count / 4>(from, own->word[n]);
        else if (bytes == 2)
            wr_load_words<count / 2>(from, own->word[n]);
        else
            wr_load_words<count>(from, own->word[n]);
    }
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
            own->nth = n;
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
        int out[count][1];
#pragma unroll
        for (int n = 0; n < count; n++) {
            in->x = x + n;
            own->nth = n;
            run(arguments, in, 1, out[n]);
        }
        wr_store_row<count>(wr_out_row(in->pass, 0, in->y), to, x, out, 0);
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
            own->nth = n;
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
            own->nth = n;
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
    struct wr_own own;
    int x = left + threadIdx.x * count;
    in->y = top + threadIdx.y;
    if (in->y >= in->pass->out[0].height)
        return;
    if (x + count <= width && share->aligned) {
        wr_load_own<count>(in, inputs, x, in->y, &own);
        in->own = &own;
        way::template put<count>(arguments, in, &own, to, x);
    } else if (x + count <= width) {
        way::template put<count>(arguments, in, &own, to, x);
    } else {
        for (; x < width; x++)
            way::template put<1>(arguments, in, &own, to, x);
    }
}

// A square of WR_SIDE samples, for kernels that read columns. The threads of a warp go down the
// square, so that they read neighbours; then they store rows of it. Samples have at most two bytes.
enum { WR_SIDE = 64, WR_SIDE_VECTOR = 8 };

template <int words>
__device__ __forceinline__ void wr_store_square(const struct window *in, int to,
                                                const unsigned char *square, int pitch, int left,
                                                int top)
{
    const struct wr_view *const out = &in->pass->out[0];
    const int thread = threadIdx.y * WR_WARP + threadIdx.x, each = WR_SIDE / WR_SIDE_VECTOR;
    const int column = thread % each * WR_SIDE_VECTOR, x = left + column;
    for (int row = thread / each; row < WR_SIDE; row += WR_WARP * blockDim.y / each) {
        const int y = top + row;
        const unsigned char *const from = square + row * pitch;
        if (y >= out->height)
            return;
        if (x + WR_SIDE_VECTOR <= out->width) {
            uint32_t word[words];
#pragma unroll
            for (int n = 0; n < words; n++)
                word[n] = ((const uint32_t *)from)[column * words / WR_SIDE_VECTOR + n];
            wr_store_words<words>(wr_out_row(in->pass, 0, y) + x * words * 4 / WR_SIDE_VECTOR,
                                  word);
        } else {
            for (int n = 0; n < WR_SIDE_VECTOR && x + n < out->width; n++)
                wr_store(wr_out_row(in->pass, 0, y), to, x + n, wr_load(from, to, column + n));
        }
    }
}

template <auto pixel, typename type>
__device__ __forceinline__ void wr_put_square(const type *arguments, struct window *in,
                                              const struct wr_share *, int to, int left, int top)
{
    __shared__ uint32_t square[WR_SIDE * (WR_SIDE * 2 + 4) / 4];
    const int right = in->pass->out[0].width - 1, bottom = in->pass->out[0].height - 1;
    const int bytes = (int)wr_storage_bytes(to), pitch = WR_SIDE * bytes + 4;
#pragma unroll
    for (int row = 0; row < WR_SIDE; row += WR_WARP) {
        in->y = wr_min(top + row + threadIdx.x, bottom);
#pragma unroll
        for (int column = 0; column < WR_SIDE; column += 8) {
            in->x = wr_min(left + column + threadIdx.y, right);
            wr_store((unsigned char *)square + (row + threadIdx.x) * pitch, to,
                     column + threadIdx.y, pixel(arguments, in));
        }
    }
    __syncthreads();
    if (bytes == 1)
        wr_store_square<WR_SIDE_VECTOR / 4>(in, to, (unsigned char *)square, pitch, left, top);
    else
        wr_store_square<WR_SIDE_VECTOR / 2>(in, to, (unsigned char *)square, pitch, left, top);
}
