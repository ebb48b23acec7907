// SPDX-License-Identifier: MIT
// Compiles the kernels of the header included before this one for CUDA: one thread for each pixel,
// one layer of blocks for each frame. CMake generates a .cu file for each header that defines
// WR_FAMILY and includes both.
#pragma once

#include <cuda_runtime.h>

#include "kernels/cuda.h"

#define WR_JOIN(a, b) a##_##b
#define WR_EXPAND(a, b) WR_JOIN(a, b)

__device__ __forceinline__ void wr_store(unsigned char *row, int storage, int x, int value)
{
    if (storage == WR_U8)
        row[x] = (unsigned char)value;
    else if (storage == WR_U16)
        ((uint16_t *)row)[x] = (uint16_t)value;
    else
        ((int32_t *)row)[x] = value;
}

__device__ __forceinline__ void wr_store(unsigned char *row, int, int x, float value)
{
    ((float *)row)[x] = value;
}

__device__ __forceinline__ unsigned char *wr_out_row(const struct wr_pass_view *pass, int n, int y)
{
    return pass->out[n].data + blockIdx.z * pass->out[n].stride + y * pass->out[n].pitch;
}

#define WR_LIST(...)                                                                               \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

#define WR_PUT_POINT(name, to) wr_store(wr_out_row(&pass, 0, y), to, x, name(&arguments, &window));
#define WR_PUT_TILE(name, to) WR_PUT_POINT(name, to)
#define WR_PUT_SUM(name, to) WR_PUT_POINT(name, to)
#define WR_PUT_WINDOW(name, to) WR_PUT_POINT(name, to)
#define WR_PUT_BLOCK(name, to) WR_PUT_POINT(name, to)
#define WR_PUT_COLOR(name, to)                                                                     \
    int out[3];                                                                                    \
    name(&arguments, &window, out);                                                                \
    for (int n = 0; n < 3; n++)                                                                    \
        wr_store(wr_out_row(&pass, n, y), to, x, out[n]);

#define WR_PUT_RUN(name, to)                                                                       \
    int out[name##_run];                                                                           \
    const int left = pass.out[0].width - x;                                                        \
    const int count = left < name##_run ? left : name##_run;                                       \
    name(&arguments, &window, count, out);                                                         \
    for (int n = 0; n < count; n++)                                                                \
        wr_store(wr_out_row(&pass, 0, y), to, x + n, out[n]);

// Outputs of one thread.
#define WR_WORK_POINT(name) 1
#define WR_WORK_TILE(name) 1
#define WR_WORK_SUM(name) 1
#define WR_WORK_WINDOW(name) 1
#define WR_WORK_BLOCK(name) 1
#define WR_WORK_COLOR(name) 1
#define WR_WORK_RUN(name) name##_run

// Rows of a block.
#define WR_HEIGHT_POINT 8
#define WR_HEIGHT_TILE 32
#define WR_HEIGHT_SUM 8
#define WR_HEIGHT_WINDOW 8
#define WR_HEIGHT_COLOR 8
#define WR_HEIGHT_RUN 8
#define WR_HEIGHT_BLOCK 8

#define WR_CUDA_KERNEL(form, name, type, inputs, output)                                           \
    template <int wide>                                                                            \
    static __global__ void name##_pixels(const struct wr_pass_view pass, const type arguments)     \
    {                                                                                              \
        const int x = (blockIdx.x * blockDim.x + threadIdx.x) * WR_WORK_##form(name);              \
        const int y = blockIdx.y * blockDim.y + threadIdx.y;                                       \
        const union wr_value *values = pass.values + blockIdx.z * pass.value_count;                \
        if (x >= pass.out[0].width || y >= pass.out[0].height ||                                   \
            (pass.when >= 0 && !values[pass.when].integer))                                        \
            return;                                                                                \
        const int storage[WR_MAX_INPUTS] = WR_LIST inputs;                                         \
        struct window window;                                                                      \
        window.pass = &pass;                                                                       \
        for (int n = 0; n < WR_MAX_INPUTS; n++) {                                                  \
            window.plane[n] = pass.in[n].data + blockIdx.z * pass.in[n].stride;                    \
            window.storage[n] = wr_storage_of(storage[n], wide);                                   \
        }                                                                                          \
        window.x = x;                                                                              \
        window.y = y;                                                                              \
        window.reach_x = pass.reach_x;                                                             \
        window.reach_y = pass.reach_y;                                                             \
        window.span = pass.span;                                                                   \
        window.clamped = 1;                                                                        \
        window.values = values + pass.first_value;                                                 \
        WR_PUT_##form(name, wr_storage_of(output, wide))                                           \
    }                                                                                              \
    static int name##_launch(const struct wr_pass_view *pass, const void *arguments, int wide,     \
                             int frames, struct CUstream_st *stream)                               \
    {                                                                                              \
        const dim3 block(32, WR_HEIGHT_##form);                                                    \
        const int across = 32 * WR_WORK_##form(name);                                              \
        const dim3 grid((pass->out[0].width + across - 1) / across,                                \
                        (pass->out[0].height + WR_HEIGHT_##form - 1) / WR_HEIGHT_##form, frames);  \
        if (wide)                                                                                  \
            name##_pixels<1><<<grid, block, 0, stream>>>(*pass, *(const type *)arguments);         \
        else                                                                                       \
            name##_pixels<0><<<grid, block, 0, stream>>>(*pass, *(const type *)arguments);         \
        return cudaGetLastError();                                                                 \
    }
#define WR_CUDA_ENTRY(form, name, type, inputs, output) {#name, name##_launch},

KERNELS(WR_CUDA_KERNEL)

extern "C" const struct wr_cuda_kernel WR_EXPAND(wr_cuda,
                                                 WR_FAMILY)[] = {KERNELS(WR_CUDA_ENTRY){0, 0}};
