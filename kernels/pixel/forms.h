// SPDX-License-Identifier: MIT
// The forms of kernels, which pixel.h describes, as four answers: what a kernel reads for a sample,
// what it writes, and how the CPU and how CUDA share out its work.
#pragma once
// clang-format off
//                           reads   writes CPU         CUDA
#define WR_FORM_POINT        POINT,  ONE,   PIXELS,     VECTORS
#define WR_FORM_LOOKUP       POINT,  ONE,   LOOKUPS,    VECTORS
#define WR_FORM_ROW          POINT,  ONE,   ROWS,       PIXELS
#define WR_FORM_TILE         POINT,  ONE,   SQUARES,    SQUARES
#define WR_FORM_COLOR        POINT,  COLOR, PIXELS,     COLORS
#define WR_FORM_SPLIT        POINT,  SPLIT, PIXELS,     SPLITS
#define WR_FORM_SUM          SPAN,   ONE,   SUMS,       SUMS
#define WR_FORM_GATHER       SPAN,   ONE,   RECTANGLES, SUMS
#define WR_FORM_WINDOW       WINDOW, ONE,   WINDOWS,    WINDOWS
#define WR_FORM_ACROSS       WINDOW, ONE,   WINDOWS,    ACROSS
#define WR_FORM_DOWN         WINDOW, ONE,   WINDOWS,    DOWN
#define WR_FORM_AROUND       WINDOW, ONE,   WINDOWS,    AROUND
#define WR_FORM_PAIRS        WINDOW, ONE,   WINDOWS,    PAIRS
#define WR_FORM_RUN          WINDOW, ONE,   RUNS,       RUNS
#define WR_FORM_EACH         WINDOW, ONE,   RUNS,       EACH
#define WR_FORM_MOVE         WINDOW, ONE,   RUNS,       MOVES
#define WR_FORM_BLOCK        WINDOW, ONE,   RECTANGLES, WINDOWS
#define WR_FORM_STRIP        WINDOW, ONE,   RECTANGLES, STRIPS
#define WR_FORM_STRIP_ACROSS WINDOW, ONE,   RECTANGLES, STRIPS_ACROSS
#define WR_FORM_STRIP_DOWN   WINDOW, ONE,   RECTANGLES, STRIPS_DOWN
#define WR_FORM_READY        WINDOW, ONE,   RECTANGLES, PREPARED
#define WR_FORM_WARP         WINDOW, ONE,   RECTANGLES, WARPS
#define WR_FORM_SLIDE        WINDOW, ONE,   RECTANGLES, RUNS
#define WR_FORM_SWEEP        POINT,  ONE,   SWEEPS,     SWEEPS
#define WR_FORM_TWICE        POINT,  WORK,  SWEEPS,     SWEEPS
// clang-format on
// What stands for a kernel everywhere: the address of wr_<name>_kernel (kernels/program/kernel.h).
// WR_DECLARE_KERNELS declares it for every kernel of the header included before.
struct wr_kernel;

#ifdef __cplusplus
#define WR_EXTERN extern "C"
#else
#define WR_EXTERN extern
#endif
#define WR_DECLARE_KERNELS KERNELS(WR_DECLARE_KERNEL)
#define WR_DECLARE_KERNEL(form, name, type, inputs, output)                                        \
    WR_EXTERN const struct wr_kernel wr_##name##_kernel;
