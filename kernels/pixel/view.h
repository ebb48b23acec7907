// SPDX-License-Identifier: MIT
// What an executor gives a kernel to run a pass: planes in memory, tables, numbers. Plain C that
// gcc and nvcc both compile.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __CUDACC__
#define WR_PIXEL static __device__ __forceinline__
#define WR_ANYWHERE static __host__ __device__ __forceinline__
#define WR_UNROLL _Pragma("unroll 8")
#define WR_UNROLL_FEW _Pragma("unroll 4") // of loops with much in them
#define WR_UNROLL_ALL _Pragma("unroll")   // of loops whose number of turns is a constant
#define WR_INDEPENDENT
#define restrict __restrict__
#else
#define WR_PIXEL static inline __attribute__((always_inline, unused))
#define WR_ANYWHERE WR_PIXEL
#define WR_UNROLL // loops with constant bounds unroll by themselves
#define WR_UNROLL_FEW
#define WR_UNROLL_ALL
#define WR_INDEPENDENT _Pragma("GCC ivdep") // what the loop writes lies where nothing is read
#endif

#define WR_MAX_INPUTS 4
#define WR_MAX_OUTPUTS 4
#define WR_MAX_TABLES 4
#define WR_MAX_RUN 512
#define WR_SQUARE 16
#define WR_STRIP 8
#define WR_SWEEP 4
#define WR_PREPARED 64

// Bytes that the vectors of this instruction-set level hold.
#if defined __AVX512BW__
#define WR_VECTOR 64
#elif defined __AVX2__
#define WR_VECTOR 32
#else
#define WR_VECTOR 16
#endif

// What one element of a plane is. WR_SAMPLE stands for picture samples: one byte or two, by depth.
enum wr_storage { WR_SAMPLE, WR_U8, WR_U16, WR_I16, WR_I32, WR_F32 };

WR_ANYWHERE int wr_storage_of(int storage, int wide)
{
    return storage != WR_SAMPLE ? storage : wide ? WR_U16 : WR_U8;
}

// Bytes of an element; not of WR_SAMPLE.
WR_ANYWHERE size_t wr_storage_bytes(int storage)
{
    return storage == WR_U8 ? 1 : storage == WR_U16 || storage == WR_I16 ? 2 : 4;
}

// One plane, or the part of one that a pass sees. data points at element (0, 0), which on the CPU
// need not be in memory as long as it is not touched.
struct wr_view {
    unsigned char *data;
    ptrdiff_t pitch;  // bytes from row to row
    ptrdiff_t stride; // bytes from frame to frame (CUDA)
    int width, height;
    int first_row, end_row; // rows [first_row, end_row) may be read, others need not exist (CPU)
    int prefetch_next;      // whether rows are worth prefetching: another thread wrote them (CPU)
};

// A number that changes from frame to frame.
union wr_value {
    int32_t integer;
    float number;
};

// All that a kernel needs to run a pass, apart from its arguments.
struct wr_pass_view {
    struct wr_view in[WR_MAX_INPUTS];
    struct wr_view out[WR_MAX_OUTPUTS];
    const void *table[WR_MAX_TABLES];
    const union wr_value *values; // of the (first) frame; NULL where nothing changes
    int value_count;              // from frame to frame (CUDA)
    int first_value;              // the kernel's own
    int when;                     // the value that says whether the pass runs, -1: always
    int reach_x, reach_y;
    int span;
    unsigned char *scratch; // of this thread, aligned for vectors (CPU)
};
