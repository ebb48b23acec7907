// SPDX-License-Identifier: MIT
// Part of cuda_loops.h. Squares of the output by one block of CUDA, for kernels that turn rows of
// the input into columns. Shared memory holds the square until it is stored row by row. Samples
// have at most two bytes.
//
// Where the square lies inside the picture, a thread loads parts of four rows that lie below each
// other, and turns them.
#pragma once

enum {
    WR_SIDE = 64,
    WR_SIDE_THREADS = 128,
    WR_SIDE_ROWS = 4,   // of the input that a thread loads from
    WR_SIDE_PART = 8,   // samples of each
    WR_SIDE_VECTOR = 16 // samples that a thread stores side by side
};

// What a block has in shared memory: rows of samples, with room between them that keeps threads of
// a warp from using the same bank.
struct wr_square {
    unsigned char *memory;
    int pitch, left, top;
};

// The square sample by sample, as far as it lies inside the picture.
template <auto pixel, typename type>
__device__ __forceinline__ void wr_fill_square(const type *arguments, struct window *in, int to,
                                               const struct wr_square *square)
{
    const struct wr_view *const out = &in->pass->out[0];
    const int columns = wr_min(WR_SIDE, out->width - square->left);
    const int rows = wr_min(WR_SIDE, out->height - square->top);
#pragma unroll 1
    for (int row = threadIdx.x; row < rows; row += WR_WARP)
#pragma unroll 4
        for (int column = threadIdx.y; column < columns; column += WR_SIDE_THREADS / WR_WARP) {
            in->x = square->left + column;
            in->y = square->top + row;
            wr_store(square->memory + row * square->pitch, to, column, pixel(arguments, in));
        }
}

__device__ __forceinline__ void wr_store_part_square(const struct window *in, int to,
                                                     const struct wr_square *square)
{
    const struct wr_view *const out = &in->pass->out[0];
    const int columns = wr_min(WR_SIDE, out->width - square->left);
    const int rows = wr_min(WR_SIDE, out->height - square->top);
#pragma unroll 1
    for (int row = threadIdx.y; row < rows; row += WR_SIDE_THREADS / WR_WARP)
        for (int column = threadIdx.x; column < columns; column += WR_WARP)
            wr_store(wr_out_row(in->pass, 0, square->top + row), to, square->left + column,
                     wr_load(square->memory + row * square->pitch, to, column));
}

// Four samples of each of four rows become as many columns: first pairs of rows, sample by sample,
// then pairs of those.
template <int bytes>
__device__ __forceinline__ void wr_turn_part(const uint32_t *const (&row)[4],
                                             uint32_t (&column)[4][bytes])
{
    if constexpr (bytes == 1) {
        const uint32_t upper[] = {__byte_perm(*row[0], *row[1], 0x5140),
                                  __byte_perm(*row[0], *row[1], 0x7362)};
        const uint32_t lower[] = {__byte_perm(*row[2], *row[3], 0x5140),
                                  __byte_perm(*row[2], *row[3], 0x7362)};
#pragma unroll
        for (int n = 0; n < 4; n++)
            column[n][0] = __byte_perm(upper[n / 2], lower[n / 2], n % 2 ? 0x7632 : 0x5410);
    } else {
#pragma unroll
        for (int n = 0; n < 4; n++)
#pragma unroll
            for (int c = 0; c < 2; c++)
                column[n][c] =
                    __byte_perm(row[2 * c][n / 2], row[2 * c + 1][n / 2], n % 2 ? 0x7632 : 0x5410);
    }
}

// Neighbouring threads load neighbouring parts of rows, whose pitch is a multiple of four bytes.
template <auto source, int bytes, typename type>
__device__ __forceinline__ void wr_turn_square(const type *arguments, struct window *in, int thread,
                                               const struct wr_square *square)
{
    const int each = WR_SIDE / WR_SIDE_PART, words = WR_SIDE_PART * bytes / 4;
    const int column = thread / each * WR_SIDE_ROWS, row = thread % each * WR_SIDE_PART;
    uint32_t from[WR_SIDE_ROWS][words];
    int x, y, next_x, next_y;
    in->x = square->left + column;
    in->y = square->top + row;
    source(arguments, in, &x, &y);
    in->x++;
    in->y++;
    source(arguments, in, &next_x, &next_y);
    const bool is_mirrored = next_x < x;
    const ptrdiff_t down = next_y < y ? -in->pitch[0] : in->pitch[0];
    const unsigned char *place =
        in->plane[0] + y * in->pitch[0] + (is_mirrored ? x - (WR_SIDE_PART - 1) : x) * bytes;
    const unsigned past = wr_past(place);
#pragma unroll
    for (int n = 0; n < WR_SIDE_ROWS; n++, place += down)
        wr_load_shifted<words>(place, past, from[n]);
    const int step = is_mirrored ? -square->pitch : square->pitch;
    unsigned char *to = square->memory + column * bytes +
                        (is_mirrored ? row + WR_SIDE_PART - 1 : row) * square->pitch;
#pragma unroll
    for (int part = 0; part < words; part += bytes) {
        const uint32_t *const rows[] = {from[0] + part, from[1] + part, from[2] + part,
                                        from[3] + part};
        uint32_t turned[4][bytes];
        wr_turn_part<bytes>(rows, turned);
#pragma unroll
        for (int n = 0; n < 4; n++, to += step)
#pragma unroll
            for (int word = 0; word < bytes; word++)
                ((uint32_t *)to)[word] = turned[n][word];
    }
}

template <int bytes>
__device__ __forceinline__ void wr_store_square(const struct window *in, int thread,
                                                const struct wr_square *square)
{
    const int each = WR_SIDE / WR_SIDE_VECTOR, words = WR_SIDE_VECTOR * bytes / 4;
    const int column = thread % each * WR_SIDE_VECTOR, step = WR_SIDE_THREADS / each;
    const ptrdiff_t pitch = in->pass->out[0].pitch;
    const unsigned char *from = square->memory + thread / each * square->pitch + column * bytes;
    unsigned char *to =
        wr_out_row(in->pass, 0, square->top + thread / each) + (square->left + column) * bytes;
#pragma unroll
    for (int row = 0; row < WR_SIDE;
         row += step, from += step * square->pitch, to += step * pitch) {
        uint32_t word[words];
#pragma unroll
        for (int n = 0; n < words; n++)
            word[n] = ((const uint32_t *)from)[n];
        wr_store_words<words>(to, word);
    }
}

template <auto source, int bytes, typename type>
__device__ __forceinline__ void wr_move_square(const type *arguments, struct window *in,
                                               const struct wr_square *square)
{
    const int thread = threadIdx.y * WR_WARP + threadIdx.x;
    wr_turn_square<source, bytes>(arguments, in, thread, square);
    __syncthreads();
    wr_store_square<bytes>(in, thread, square);
}

template <auto pixel, auto source, typename type>
__device__ __forceinline__ void wr_put_square(const type *arguments, struct window *in,
                                              const struct wr_share *, int to, int left, int top)
{
    __shared__ uint32_t memory[WR_SIDE * (WR_SIDE * 2 + 4) / 4];
    const int bytes = (int)wr_storage_bytes(to);
    const struct wr_square square = {(unsigned char *)memory, WR_SIDE * bytes + 4, left, top};
    if (left + WR_SIDE > in->pass->out[0].width || top + WR_SIDE > in->pass->out[0].height) {
        wr_fill_square<pixel>(arguments, in, to, &square);
        __syncthreads();
        wr_store_part_square(in, to, &square);
    } else if (bytes == 1) {
        wr_move_square<source, 1>(arguments, in, &square);
    } else {
        wr_move_square<source, 2>(arguments, in, &square);
    }
}
