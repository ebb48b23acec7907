// SPDX-License-Identifier: MIT
// What a pixel function sees. Plain C that gcc and nvcc both compile.
//
// A pixel function computes one sample (or all components of one pixel) of the output from a window
// of the input. It is pure and knows nothing of borders, storage, threads or batches:
//
//     WR_PIXEL int blur3(const struct blur3 *p, const struct window *in)
//     {
//         return (at(in, -1, 0) + 2 * at(in, 0, 0) + at(in, 1, 0) + 2) >> 2;
//     }
//
//     #define KERNELS(K) K(WINDOW, blur3, struct blur3, (WR_SAMPLE), WR_SAMPLE)
//
// The list at the end of a header names its kernels: form, function, arguments, what the inputs
// hold, what the output holds. The forms:
//
//     POINT   reads its own position only, or anything inside the picture through sample()
//     LOOKUP  like POINT, for kernels that do little but look a sample up: on the CPU one after the
//             other, since vectors would have to be taken apart for that and put together again
//     ROW     like LOOKUP; on the CPU, <function>_row(arguments, in, count, out) writes samples of
//             the row from in->x, in->y on to `out` and returns how many, all `count` of them or
//             none: where vectors can do without looking up
//     TILE    like POINT, for kernels that make columns of rows: the CPU computes squares by
//             <function>_square(), which writes WR_SQUARE rows of WR_SQUARE samples from in->x,
//             in->y on to `out`; the function itself computes what is narrower. CUDA moves squares;
//             <function>_source(arguments, in, &x, &y) says which sample of the input goes to
//             in->x, in->y. The next column's lies in the row above or below, the next row's beside
//     SUM     like POINT, over in->span samples; small spans are compiled as constants
//     WINDOW  reads up to reach_x, reach_y samples away with at(); reads outside repeat the edge.
//             Nothing farther away is read, not by sample() either: CUDA's blocks of threads load
//             what their samples can reach into shared memory, and nothing else is there
//     ACROSS, DOWN  like WINDOW, but read their own row, or their own column only. A thread of CUDA
//             holds what its samples read in registers, where the reach is small. Its header says
//             up to which: enum { <function>_near = 3 }
//     AROUND  the same for a reach of 1 in both directions
//     PAIRS   like AROUND, for one input of integers of one or two bytes; for CUDA,
//             <function>_pair(arguments, in) computes two samples at once, which it returns in a
//             word, from a struct wr_pair_window (pairs.h)
//     COLOR   like POINT, but writes `int out[]`, one value for each of three output planes
//     SPLIT   like POINT, and writes `rest[]`, one value for each of two more output planes. Its
//             header says what these hold: enum { <function>_rest = WR_F32 }
//     RUN     computes `count` neighbouring samples of a row at once, from in->x rightwards, into
//             `int out[]`: for sums that slide along. Its header says how many at most CUDA gives
//             to one thread: enum { <function>_run = 32 }; the CPU gives up to WR_MAX_RUN. Reads
//             like WINDOW, at() from the run's first sample, or anything inside the picture through
//             sample(); results must not depend on where a run starts
//     EACH    like RUN, for kernels that look samples up one by one, through sample() and not by
//             at(). With CUDA the number of them is a constant after inlining, so that they stay in
//             registers
//     MOVE    like RUN, for samples that come from elsewhere in the input, and others all alike.
//             For CUDA, <function>_source(arguments, in, count, &x, &y) says how many of `count`
//             samples from in->x on come from the input; if all do, they lie side by side there,
//             from x, y on. <function>_beside(arguments) is what the others are
//     BLOCK   like WINDOW; for the CPU, <function>_block(arguments, in, columns, rows, out) does
//             it, bit for bit, for a rectangle that begins at in->x, in->y, row by row into `out`,
//             an array of int (or float, where the output is WR_F32). Its header says how large
//             one is at most: enum { <function>_block_columns, <function>_block_rows }. It may work
//             in pass->scratch, which its .c then says (kernels/program/kernel.h)
//     STRIP   like BLOCK, but for CUDA, <function>_strip(arguments, in, count, out) computes
//             `count` samples of a column from in->x, in->y downwards into `int out[WR_STRIP]`
//     STRIP_ACROSS, STRIP_DOWN  like STRIP, and hold what they read as ACROSS and DOWN do
//     READY   like STRIP, but for CUDA, the threads of a block first get ready together, by
//             <function>_prepare(arguments, in), which fills memory that they share; in->x, in->y
//             is the first of the block's WR_PREPARED columns and rows
//     WARP    like BLOCK, but for CUDA, the threads of a warp together call
//             <function>_warp(arguments, in, out), each for two columns, in->x and the next, from
//             in->y downwards into `int out[2][WR_STRIP]`, and may exchange what they have. They
//             compute wr_halo(arguments) columns more on either side, for others only
//     SLIDE   for the CPU like BLOCK, for CUDA like RUN
//     SWEEP   reads like POINT; <function>(arguments, in, rows, to) computes whole rows from in->y
//             on, at most WR_SWEEP, and writes them to to->rows: for what runs along rows from end
//             to end, and may read again what it wrote. CUDA gives a row to each thread
//     TWICE   like SWEEP, with two more outputs that nobody reads, WR_F32, which keep what it needs
//             to go along the rows a second time
//     GATHER  like SUM, but for the CPU by rectangles as in BLOCK, whose spans are not constants
//
// On the CPU a pass sees a band of the picture, which holds only the rows that the pass says it
// reads (see program.h). No other row may be read, not even to count it 0 times: it need not be in
// memory. Builds with a sanitizer stop there, see wr_check_row().
//
// Equal bits on every device: integers, or floats with only + - * / and sqrtf in a written order;
// no libm; values that may not fit are clamped before they become integers; results must fit the
// output.
#pragma once

#include "kernels/pixel/view.h"

#ifdef __CUDACC__
// What a thread of CUDA that computes neighbouring samples holds of each input in registers: the
// samples at the same places and those that their windows reach, in whole words as in memory, row
// by row. All but the words are constants after inlining. It is no part of the window, which stays
// in registers where nobody holds any. There is room for WR_STRIP rows of a reach of 6 with samples
// of two bytes, or of 4 with four bytes.
#define WR_OWN_WORDS 96
struct wr_own {
    int column, row;                // of the thread's samples, which is the window's own
    int columns;                    // of them
    int reach_x, reach_y;           // of the windows
    uint32_t (*word)[WR_OWN_WORDS]; // of each input
};
#endif

// Where a SWEEP writes: the first of its rows in each output.
struct wr_sweep_rows {
    unsigned char *rows[WR_MAX_OUTPUTS];
    ptrdiff_t pitch[WR_MAX_OUTPUTS]; // bytes from row to row
    int storage;                     // of the first output, a constant after inlining
};

struct window {
    const struct wr_pass_view *pass;
    const unsigned char *plane[WR_MAX_INPUTS]; // where element (0, 0) is, or would be
    ptrdiff_t pitch[WR_MAX_INPUTS];
    const union wr_value *values; // of this frame, the kernel's own first
    int storage[WR_MAX_INPUTS];   // enum wr_storage, a constant after inlining
    int x, y;
    int reach_x, reach_y; // constants after inlining where they are small
    int span;             // likewise
    int clamped;          // whether reads may lie outside the picture, likewise a constant
#ifdef __CUDACC__
    const struct wr_own *own; // NULL: none are loaded
#endif
};

WR_PIXEL int wr_clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

WR_PIXEL int wr_min(int a, int b)
{
    return a < b ? a : b;
}

WR_PIXEL int wr_max(int a, int b)
{
    return a > b ? a : b;
}

// In two steps, which become two instructions each for vectors; one nested choice does not.
WR_PIXEL float wr_clamp_float(float value, float low, float high)
{
    const float least = value < low ? low : value;
    return least > high ? high : least;
}

// In builds with a sanitizer, stops the program if the band does not hold row y of input n. The
// sanitizers themselves miss such reads, as most of them find other rows of the same block of
// memory. With ASAN_OPTIONS=handle_sigill=1 the address sanitizer prints which kernel it was.
WR_PIXEL void wr_check_row(const struct window *in, int n, int y)
{
#ifdef WR_CHECK_ROWS
    if (y < in->pass->in[n].first_row || y >= in->pass->in[n].end_row)
        __builtin_trap();
#else
    (void)in, (void)n, (void)y;
#endif
}

WR_PIXEL const unsigned char *wr_row(const struct window *in, int n, int y)
{
    wr_check_row(in, n, y);
    return in->plane[n] + (ptrdiff_t)y * (int)in->pitch[n];
}

WR_PIXEL int wr_load(const unsigned char *row, int storage, int x)
{
    return storage == WR_U8    ? row[x]
           : storage == WR_U16 ? ((const uint16_t *)row)[x]
           : storage == WR_I16 ? ((const int16_t *)row)[x]
                               : ((const int32_t *)row)[x];
}

// Element (x, y) of input n, which must lie inside the picture.
WR_PIXEL int sample_of(const struct window *in, int n, int x, int y)
{
    return wr_load(wr_row(in, n, y), in->storage[n], x);
}

WR_PIXEL float sample_float_of(const struct window *in, int n, int x, int y)
{
    const unsigned char *row = wr_row(in, n, y);
    return in->storage[n] == WR_F32 ? ((const float *)row)[x]
                                    : (float)wr_load(row, in->storage[n], x);
}

// A window's own column and row are inside: where dx or dy is the constant 0, nothing is clamped,
// and a column is read as fast at the border as within.
WR_PIXEL int wr_near_x(const struct window *in, int n, int dx)
{
    return in->clamped && dx ? wr_clamp(in->x + dx, 0, in->pass->in[n].width - 1) : in->x + dx;
}

WR_PIXEL int wr_near_y(const struct window *in, int n, int dy)
{
    return in->clamped && dy ? wr_clamp(in->y + dy, 0, in->pass->in[n].height - 1) : in->y + dy;
}

#ifdef __CUDACC__
// Words that a thread holds of a row before its own samples, and as many after them.
WR_PIXEL int wr_words_beside(int reach_x, int bytes)
{
    return (reach_x * bytes + 3) / 4;
}

// An element that the thread holds: a byte, two or four of a word. Bytes are taken out of words by
// one instruction each. All this is constant but the word, once loops over a thread's samples are
// unrolled.
WR_PIXEL int wr_own_sample(const struct window *in, int n, int dx, int dy)
{
    const struct wr_own *const own = in->own;
    const int bytes = (int)wr_storage_bytes(in->storage[n]);
    const int beside = wr_words_beside(own->reach_x, bytes);
    const int words = own->columns * bytes / 4 + 2 * beside;
    const int byte = (own->column + dx) * bytes + 4 * beside, first = byte % 4;
    const uint32_t word = own->word[n][(own->row + dy + own->reach_y) * words + byte / 4];
    return in->storage[n] == WR_U8    ? (int)__byte_perm(word, 0, 0x4440 + first)
           : in->storage[n] == WR_U16 ? (int)__byte_perm(word, 0, first ? 0x4432 : 0x4410)
           : in->storage[n] == WR_I16 ? (int16_t)(word >> 8 * first)
                                      : (int32_t)word;
}

// The same as a float.
WR_PIXEL float wr_own_float(const struct window *in, int n, int dx, int dy)
{
    const int value = wr_own_sample(in, n, dx, dy);
    return in->storage[n] == WR_F32 ? __int_as_float(value) : (float)value;
}

// Whether the thread holds what windows reach. What the CPU loads, its compiler decides.
#define WR_HAS_OWN(in) ((in)->own)
#else
#define WR_HAS_OWN(in) 0
#define wr_own_sample(in, n, dx, dy) 0
#define wr_own_float(in, n, dx, dy) 0.0f
#endif

// The element dx columns and dy rows from here in input n, as an integer or a float.
WR_PIXEL int at_of(const struct window *in, int n, int dx, int dy)
{
    if (WR_HAS_OWN(in))
        return wr_own_sample(in, n, dx, dy);
    return sample_of(in, n, wr_near_x(in, n, dx), wr_near_y(in, n, dy));
}

WR_PIXEL float at_float_of(const struct window *in, int n, int dx, int dy)
{
    if (WR_HAS_OWN(in))
        return wr_own_float(in, n, dx, dy);
    return sample_float_of(in, n, wr_near_x(in, n, dx), wr_near_y(in, n, dy));
}

// The same for the first input.
WR_PIXEL int sample(const struct window *in, int x, int y)
{
    return sample_of(in, 0, x, y);
}

WR_PIXEL int at(const struct window *in, int dx, int dy)
{
    return at_of(in, 0, dx, dy);
}

WR_PIXEL float at_float(const struct window *in, int dx, int dy)
{
    return at_float_of(in, 0, dx, dy);
}

WR_PIXEL int width(const struct window *in)
{
    return in->pass->in[0].width;
}

WR_PIXEL int height(const struct window *in)
{
    return in->pass->in[0].height;
}

// The kernel's n-th number for this frame.
WR_PIXEL int frame_int(const struct window *in, int n)
{
    return in->values[n].integer;
}

WR_PIXEL float frame_float(const struct window *in, int n)
{
    return in->values[n].number;
}

WR_PIXEL const int32_t *int_table(const struct window *in, int n)
{
    return (const int32_t *)in->pass->table[n];
}

WR_PIXEL const uint16_t *short_table(const struct window *in, int n)
{
    return (const uint16_t *)in->pass->table[n];
}

WR_PIXEL const int16_t *fixed_table(const struct window *in, int n)
{
    return (const int16_t *)in->pass->table[n];
}

WR_PIXEL const float *float_table(const struct window *in, int n)
{
    return (const float *)in->pass->table[n];
}

// A float sample value, which must fit an int, back to an integer: rounded to the nearest, clamped
// to 0..max. The second is for values to which the half that rounds has been added already.
// Integers are clamped, since CPUs do that beside the floats' sums, but floats instead of a sum.
WR_PIXEL int wr_to_sample_from_half(float value, int max)
{
    return wr_min(wr_max((int)value, 0), max);
}

WR_PIXEL int wr_to_sample(float value, int max)
{
    return wr_to_sample_from_half(value + 0.5f, max);
}
