// SPDX-License-Identifier: MIT
// The compiled CUDA form of a kernel.
#pragma once

#include "kernels/pixel/forms.h"
#include "kernels/pixel/pixel.h"

#ifdef __cplusplus
extern "C" {
#endif

struct CUstream_st;

// Queues the pass for `frames` frames on stream; views hold device addresses. Returns a
// cudaError_t.
typedef int wr_cuda_launch(const struct wr_pass_view *pass, const void *arguments, int wide,
                           int frames, struct CUstream_st *stream);

struct wr_cuda_kernel {
    const struct wr_kernel *kernel; // NULL ends a list
    wr_cuda_launch *launch;
};

#ifdef __cplusplus
}
#endif
