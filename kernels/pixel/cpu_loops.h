// SPDX-License-Identifier: MIT
// Compiles the kernels of the header included before this one into loops over rows, for one
// instruction-set level: CMake generates a file for each header and level that defines WR_FAMILY
// (the header's name) and WR_LEVEL and includes both.
#pragma once

#include "kernels/pixel/cpu.h"
#include "kernels/pixel/pixel.h"

#define WR_INLINE static inline __attribute__((always_inline, unused))
#define WR_JOIN(a, b, c) a##_##b##_##c
#define WR_EXPAND(a, b, c) WR_JOIN(a, b, c)

WR_INLINE struct window wr_open_window(const struct wr_pass_view *pass, const int *storage,
                                       int wide, int y, int span, int clamped)
{
    struct window window = {.pass = pass, .y = y, .clamped = clamped};
    for (int n = 0; n < WR_MAX_INPUTS; n++) {
        window.plane[n] = pass->in[n].data;
        window.pitch[n] = pass->in[n].pitch;
        window.storage[n] = wr_storage_of(storage[n], wide);
    }
    // A small window becomes a constant, so that loops over it unroll.
    window.reach_x = span ? span : pass->reach_x;
    window.reach_y = span ? span : pass->reach_y;
    window.span = span ? span : pass->span;
    window.values = pass->values + pass->first_value;
    return window;
}

WR_INLINE unsigned char *wr_out_row(const struct wr_pass_view *pass, int n, int y)
{
    return pass->out[n].data + y * pass->out[n].pitch;
}

// A number as pixel functions give it for elements of a storage.
#define WR_NUMBER(storage) __typeof__(__builtin_choose_expr((int)(storage) == WR_F32, 0.0f, 0))

#define WR_STORE(row, storage, x, value)                                                           \
    do {                                                                                           \
        if ((storage) == WR_U8)                                                                    \
            ((uint8_t *)(row))[x] = (uint8_t)(value);                                              \
        else if ((storage) == WR_U16)                                                              \
            ((uint16_t *)(row))[x] = (uint16_t)(value);                                            \
        else if ((storage) == WR_I16)                                                              \
            ((int16_t *)(row))[x] = (int16_t)(value);                                              \
        else if ((storage) == WR_I32)                                                              \
            ((int32_t *)(row))[x] = (int32_t)(value);                                              \
        else                                                                                       \
            ((float *)(row))[x] = (float)(value);                                                  \
    } while (0)

// Prefetches row y of a frame, if there is one. Processors do not predict the pattern by themselves
// where short rows of several planes are read in turn.
WR_INLINE void wr_fetch(const struct wr_view *view, int storage, int y)
{
    enum { LINE = 64 };
    const int bytes = view->width * (int)wr_storage_bytes(storage);
    const unsigned char *const row = view->data + y * view->pitch;
    for (int n = 0; n < bytes && view->prefetch_next && y < view->height; n += LINE)
        __builtin_prefetch(row + n);
}

// Columns x0 to x1 of row y. The rows written overlap nothing that is read. What stays the same is
// copied to local variables, since a store of bytes might change anything else in memory.
#define WR_LINE_OF_PIXELS(writes, name, type, inputs, output)                                      \
    WR_INLINE void name##_store(                                                                   \
        unsigned char *restrict const row0, unsigned char *restrict const row1,                    \
        unsigned char *restrict const row2, const struct wr_pass_view *pass,                       \
        const void *arguments, int wide, int span, int y, int x0, int x1, int clamped)             \
    {                                                                                              \
        static const int storage[WR_MAX_INPUTS] = WR_LIST inputs;                                  \
        const int to = wr_storage_of(output, wide);                                                \
        const struct wr_pass_view here = *pass;                                                    \
        const type held = *(const type *)arguments;                                                \
        struct window window = wr_open_window(&here, storage, wide, y, span, clamped);             \
        WR_ALONG_##writes for (int x = x0; x < x1; x++)                                            \
        {                                                                                          \
            window.x = x;                                                                          \
            WR_PUT_##writes(name, to)                                                              \
        }                                                                                          \
        (void)row1;                                                                                \
        (void)row2;                                                                                \
    }                                                                                              \
    WR_INLINE void name##_line(const struct wr_pass_view *pass, const void *arguments, int wide,   \
                               int span, int y, int x0, int x1, int clamped)                       \
    {                                                                                              \
        name##_store(wr_out_row(pass, 0, y), wr_out_row(pass, 1, y), wr_out_row(pass, 2, y), pass, \
                     arguments, wide, span, y, x0, x1, clamped);                                   \
    }                                                                                              \
    WR_INLINE void name##_fetch(const struct wr_pass_view *pass, int wide, int y)                  \
    {                                                                                              \
        static const int storage[] = WR_LIST inputs;                                               \
        for (int n = 0; n < (int)(sizeof storage / sizeof *storage); n++)                          \
            wr_fetch(&pass->in[n], wr_storage_of(storage[n], wide), y);                            \
    }
#define WR_LIST(...)                                                                               \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

#define WR_ALONG_ONE WR_INDEPENDENT
#define WR_ALONG_COLOR WR_INDEPENDENT
#define WR_ALONG_SPLIT WR_INDEPENDENT
#define WR_ALONG_LOOKUP _Pragma("GCC unroll 8")

#define WR_PUT_ONE(name, to) WR_STORE(row0, to, x, name(&held, &window));
// A value that the compiler cannot see through keeps it from making vectors.
#define WR_PUT_LOOKUP(name, to)                                                                    \
    __typeof__(name(&held, &window)) value = name(&held, &window);                                 \
    __asm__("" : "+rm"(value));                                                                    \
    WR_STORE(row0, to, x, value);
// Kernels that write all components have three outputs.
#define WR_PUT_COLOR(name, to)                                                                     \
    int out[3];                                                                                    \
    name(&held, &window, out);                                                                     \
    WR_STORE(row0, to, x, out[0]);                                                                 \
    WR_STORE(row1, to, x, out[1]);                                                                 \
    WR_STORE(row2, to, x, out[2]);

#define WR_PUT_SPLIT(name, to)                                                                     \
    WR_NUMBER(name##_rest) rest[2];                                                                \
    WR_STORE(row0, to, x, name(&held, &window, rest));                                             \
    WR_STORE(row1, (int)name##_rest, x, rest[0]);                                                  \
    WR_STORE(row2, (int)name##_rest, x, rest[1]);

// What a loop of the CPU needs to know of each kernel.
#define WR_LINES_PIXELS WR_LINE_OF_PIXELS
#define WR_LINES_WINDOWS WR_LINE_OF_PIXELS
#define WR_LINES_LOOKUPS(writes, name, type, inputs, output)                                       \
    WR_LINE_OF_PIXELS(LOOKUP, name, type, inputs, output)
// A run begins anew with each part of a row; what it has computed is stored after it.
#define WR_LINES_RUNS(writes, name, type, inputs, output)                                          \
    WR_INLINE void name##_line(const struct wr_pass_view *pass, const void *arguments, int wide,   \
                               int span, int y, int x0, int x1, int clamped)                       \
    {                                                                                              \
        static const int storage[WR_MAX_INPUTS] = WR_LIST inputs;                                  \
        const int to = wr_storage_of(output, wide);                                                \
        unsigned char *const restrict row = wr_out_row(pass, 0, y);                                \
        struct window window = wr_open_window(pass, storage, wide, y, span, clamped);              \
        for (int x = x0; x < x1; x += WR_MAX_RUN) {                                                \
            int out[WR_MAX_RUN];                                                                   \
            const int count = x1 - x < WR_MAX_RUN ? x1 - x : WR_MAX_RUN;                           \
            window.x = x;                                                                          \
            name((const type *)arguments, &window, count, out);                                    \
            for (int n = 0; n < count; n++)                                                        \
                WR_STORE(row, to, x + n, out[n]);                                                  \
        }                                                                                          \
    }
#define WR_LINES_SQUARES(writes, name, type, inputs, output)                                       \
    WR_LINE_OF_PIXELS(writes, name, type, inputs, output)                                          \
    WR_INLINE void name##_put_square(const struct wr_pass_view *pass, const void *arguments,       \
                                     int wide, int x, int y)                                       \
    {                                                                                              \
        static const int storage[WR_MAX_INPUTS] = WR_LIST inputs;                                  \
        const int bytes = (int)wr_storage_bytes(wr_storage_of(output, wide));                      \
        struct window window = wr_open_window(pass, storage, wide, y, 0, 0);                       \
        window.x = x;                                                                              \
        name##_square((const type *)arguments, &window, wr_out_row(pass, 0, y) + x * bytes,        \
                      pass->out[0].pitch);                                                         \
    }
#define WR_LINES_SWEEPS(writes, name, type, inputs, output)                                        \
    WR_INLINE void name##_sweep(const struct wr_pass_view *pass, const void *arguments, int wide,  \
                                int y, int rows)                                                   \
    {                                                                                              \
        static const int storage[WR_MAX_INPUTS] = WR_LIST inputs;                                  \
        const struct window window = wr_open_window(pass, storage, wide, y, 0, 0);                 \
        const struct wr_sweep_rows to = {                                                          \
            {wr_out_row(pass, 0, y), wr_out_row(pass, 1, y), wr_out_row(pass, 2, y)},              \
            {pass->out[0].pitch, pass->out[1].pitch, pass->out[2].pitch},                          \
            wr_storage_of(output, wide)};                                                          \
        name((const type *)arguments, &window, rows, &to);                                         \
    }
#define WR_LINES_ROWS(writes, name, type, inputs, output)                                          \
    WR_LINE_OF_PIXELS(LOOKUP, name, type, inputs, output)                                          \
    WR_INLINE int name##_put_row(const struct wr_pass_view *pass, const void *arguments, int wide, \
                                 int y)                                                            \
    {                                                                                              \
        static const int storage[WR_MAX_INPUTS] = WR_LIST inputs;                                  \
        struct window window = wr_open_window(pass, storage, wide, y, 0, 0);                       \
        window.x = 0;                                                                              \
        return name##_row((const type *)arguments, &window, pass->out[0].width,                    \
                          wr_storage_of(output, wide), wr_out_row(pass, 0, y));                    \
    }
#define WR_LINES_RECTANGLES(writes, name, type, inputs, output)                                    \
    WR_INLINE void name##_rectangle(const struct wr_pass_view *pass, const void *arguments,        \
                                    int wide, int span, int x, int y0, int y1)                     \
    {                                                                                              \
        static const int storage[WR_MAX_INPUTS] = WR_LIST inputs;                                  \
        const int to = wr_storage_of(output, wide), left = pass->out[0].width - x;                 \
        const int columns = left < name##_block_columns ? left : name##_block_columns;             \
        const struct wr_pass_view here = *pass;                                                    \
        const type held = *(const type *)arguments;                                                \
        struct window window = wr_open_window(&here, storage, wide, y0, span, 1);                  \
        WR_NUMBER(output) out[name##_block_columns * name##_block_rows];                           \
        window.x = x;                                                                              \
        name##_block(&held, &window, columns, y1 - y0, out);                                       \
        for (int y = y0; y < y1; y++) {                                                            \
            unsigned char *const restrict row = wr_out_row(&here, 0, y);                           \
            for (int n = 0; n < columns; n++)                                                      \
                WR_STORE(row, to, x + n, out[(y - y0) * columns + n]);                             \
        }                                                                                          \
    }
#define WR_LINES_SUMS(writes, name, type, inputs, output)                                          \
    WR_LINE_OF_PIXELS(writes, name, type, inputs, output)                                          \
    WR_INLINE int name##_storage(int wide)                                                         \
    {                                                                                              \
        static const int storage[WR_MAX_INPUTS] = WR_LIST inputs;                                  \
        return wr_storage_of(storage[0], wide);                                                    \
    }

// Rows y0 to y1 with a constant span, or 0 for the pass's own: without a window all at once, with
// one the border apart from the interior.
#define WR_SPAN_PIXELS(name)                                                                       \
    WR_INLINE void name##_span(const struct wr_pass_view *pass, const void *arguments, int wide,   \
                               int y0, int y1, int span)                                           \
    {                                                                                              \
        for (int y = y0; y < y1; y++) {                                                            \
            name##_fetch(pass, wide, y + 1);                                                       \
            name##_line(pass, arguments, wide, span, y, 0, pass->out[0].width, 0);                 \
        }                                                                                          \
    }
#define WR_SPAN_LOOKUPS(name) WR_SPAN_PIXELS(name)
// Columns that a SUM does before it goes to the next row, which reads most of the rows again: then
// they are still in the nearest cache, of 32 KiB or more.
WR_INLINE int wr_strip_columns(const struct wr_pass_view *pass, int storage)
{
    const int bytes = (int)wr_storage_bytes(storage), width = pass->out[0].width;
    const int strips = (int)((int64_t)width * bytes * pass->span / (32 * 1024)) + 1;
    return (width + strips - 1) / strips;
}

#define WR_SPAN_SUMS(name)                                                                         \
    WR_INLINE void name##_span(const struct wr_pass_view *pass, const void *arguments, int wide,   \
                               int y0, int y1, int span)                                           \
    {                                                                                              \
        const int columns = wr_strip_columns(pass, name##_storage(wide));                          \
        const int width = pass->out[0].width;                                                      \
        for (int x = 0; x < width; x += columns)                                                   \
            for (int y = y0; y < y1; y++)                                                          \
                name##_line(pass, arguments, wide, span, y, x, wr_min(x + columns, width), 0);     \
    }
// Pixels that the row function did not compute.
#define WR_SPAN_ROWS(name)                                                                         \
    WR_INLINE void name##_span(const struct wr_pass_view *pass, const void *arguments, int wide,   \
                               int y0, int y1, int span)                                           \
    {                                                                                              \
        for (int y = y0; y < y1; y++) {                                                            \
            name##_fetch(pass, wide, y + 1);                                                       \
            name##_line(pass, arguments, wide, span, y, name##_put_row(pass, arguments, wide, y),  \
                        pass->out[0].width, 0);                                                    \
        }                                                                                          \
    }
// Squares in an order that needs few rows at a time; at the edges they overlap. What is
// narrower than a square goes row by row.
#define WR_SPAN_SQUARES(name)                                                                      \
    WR_INLINE void name##_span(const struct wr_pass_view *pass, const void *arguments, int wide,   \
                               int y0, int y1, int span)                                           \
    {                                                                                              \
        const int right = pass->out[0].width - WR_SQUARE, bottom = y1 - WR_SQUARE;                 \
        for (int x = 0; x < right + WR_SQUARE && right >= 0 && bottom >= y0; x += WR_SQUARE)       \
            for (int y = y0; y < y1; y += WR_SQUARE)                                               \
                name##_put_square(pass, arguments, wide, wr_min(x, right), wr_min(y, bottom));     \
        for (int y = y0; y < y1 && (right < 0 || bottom < y0); y++)                                \
            name##_line(pass, arguments, wide, span, y, 0, pass->out[0].width, 0);                 \
    }
// Whole rows with clamped reads, since a run that ended at the border would lose its sums.
#define WR_SPAN_RUNS(name)                                                                         \
    WR_INLINE void name##_span(const struct wr_pass_view *pass, const void *arguments, int wide,   \
                               int y0, int y1, int span)                                           \
    {                                                                                              \
        for (int y = y0; y < y1; y++)                                                              \
            name##_line(pass, arguments, wide, span, y, 0, pass->out[0].width, 1);                 \
    }
#define WR_SPAN_SWEEPS(name)                                                                       \
    WR_INLINE void name##_span(const struct wr_pass_view *pass, const void *arguments, int wide,   \
                               int y0, int y1, int span)                                           \
    {                                                                                              \
        (void)span;                                                                                \
        for (int y = y0; y < y1; y += WR_SWEEP)                                                    \
            name##_sweep(pass, arguments, wide, y, wr_min(y1 - y, WR_SWEEP));                      \
    }
#define WR_SPAN_WINDOWS(name)                                                                      \
    static void name##_border(const struct wr_pass_view *pass, const void *arguments, int wide,    \
                              int y, int x0, int x1)                                               \
    {                                                                                              \
        if (wide)                                                                                  \
            name##_line(pass, arguments, 1, 0, y, x0, x1, 1);                                      \
        else                                                                                       \
            name##_line(pass, arguments, 0, 0, y, x0, x1, 1);                                      \
    }                                                                                              \
    WR_INLINE void name##_span(const struct wr_pass_view *pass, const void *arguments, int wide,   \
                               int y0, int y1, int span)                                           \
    {                                                                                              \
        const int width = pass->out[0].width, height = pass->out[0].height;                        \
        for (int y = y0; y < y1; y++) {                                                            \
            const int inside = y >= pass->reach_y && y < height - pass->reach_y;                   \
            const int left = wr_clamp(inside ? pass->reach_x : width, 0, width);                   \
            const int right = wr_clamp(width - pass->reach_x, left, width);                        \
            name##_fetch(pass, wide, y + pass->reach_y + 1);                                       \
            name##_border(pass, arguments, wide, y, 0, left);                                      \
            name##_line(pass, arguments, wide, span, y, left, right, 0);                           \
            name##_border(pass, arguments, wide, y, right, width);                                 \
        }                                                                                          \
    }

// Rectangles of nearly equal height, since each computes rows above and below it once more.
#define WR_SPAN_RECTANGLES(name)                                                                   \
    WR_INLINE void name##_span(const struct wr_pass_view *pass, const void *arguments, int wide,   \
                               int y0, int y1, int span)                                           \
    {                                                                                              \
        const int blocks = (y1 - y0 + name##_block_rows - 1) / name##_block_rows;                  \
        for (int n = 0; n < blocks; n++)                                                           \
            for (int x = 0; x < pass->out[0].width; x += name##_block_columns)                     \
                name##_rectangle(pass, arguments, wide, span, x, y0 + (y1 - y0) * n / blocks,      \
                                 y0 + (y1 - y0) * (n + 1) / blocks);                               \
    }

// The spans that are worth code of their own. A window's reach counts in the direction it has.
#define WR_CASE(name, n)                                                                           \
    case n:                                                                                        \
        name##_span(pass, arguments, wide, y0, y1, n);                                             \
        break;
#define WR_ROWS_PIXELS(name) name##_span(pass, arguments, wide, y0, y1, 0);
#define WR_ROWS_LOOKUPS(name) WR_ROWS_PIXELS(name)
#define WR_ROWS_ROWS(name) WR_ROWS_PIXELS(name)
#define WR_ROWS_SQUARES(name) WR_ROWS_PIXELS(name)
#define WR_ROWS_RUNS(name) WR_ROWS_PIXELS(name)
#define WR_ROWS_SWEEPS(name) WR_ROWS_PIXELS(name)
#define WR_ROWS_RECTANGLES(name) WR_ROWS_PIXELS(name)
#define WR_ROWS_SUMS(name)                                                                         \
    switch (pass->span) {                                                                          \
        WR_CASE(name, 2)                                                                           \
        WR_CASE(name, 4)                                                                           \
        WR_CASE(name, 6)                                                                           \
        WR_CASE(name, 8)                                                                           \
        WR_CASE(name, 12)                                                                          \
    default:                                                                                       \
        name##_span(pass, arguments, wide, y0, y1, 0);                                             \
    }
#define WR_ROWS_WINDOWS(name)                                                                      \
    switch (pass->reach_x > pass->reach_y ? pass->reach_x : pass->reach_y) {                       \
        WR_CASE(name, 1)                                                                           \
        WR_CASE(name, 2)                                                                           \
        WR_CASE(name, 3)                                                                           \
        WR_CASE(name, 4)                                                                           \
    default:                                                                                       \
        name##_span(pass, arguments, wide, y0, y1, 0);                                             \
    }

#define WR_CPU_KERNEL(form, ...) WR_CPU_KERNEL_OF(WR_FORM_##form, __VA_ARGS__)
#define WR_CPU_KERNEL_OF(...) WR_CPU_KERNEL_BY(__VA_ARGS__)
#define WR_CPU_KERNEL_BY(reads, writes, cpu, cuda, name, type, inputs, output)                     \
    WR_LINES_##cpu(writes, name, type, inputs, output) WR_SPAN_##cpu(name)                         \
        WR_INLINE void name##_rows(const struct wr_pass_view *pass, const void *arguments,         \
                                   int wide, int y0, int y1)                                       \
    {                                                                                              \
        WR_ROWS_##cpu(name)                                                                        \
    }                                                                                              \
    static void name##_narrow(const struct wr_pass_view *pass, const void *arguments, int y0,      \
                              int y1)                                                              \
    {                                                                                              \
        name##_rows(pass, arguments, 0, y0, y1);                                                   \
    }                                                                                              \
    static void name##_wide(const struct wr_pass_view *pass, const void *arguments, int y0,        \
                            int y1)                                                                \
    {                                                                                              \
        name##_rows(pass, arguments, 1, y0, y1);                                                   \
    }
#define WR_CPU_ENTRY(form, name, type, inputs, output)                                             \
    {&wr_##name##_kernel, {name##_narrow, name##_wide}},

KERNELS(WR_CPU_KERNEL)
WR_DECLARE_KERNELS

const struct wr_cpu_kernel WR_EXPAND(wr_cpu, WR_FAMILY, WR_LEVEL)[] = {KERNELS(WR_CPU_ENTRY){0}};
