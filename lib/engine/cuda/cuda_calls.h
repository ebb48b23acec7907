// SPDX-License-Identifier: MIT
// Calls of the CUDA runtime, and the sentences for those that fail.
#pragma once

#include <cuda_runtime_api.h>

#include <stdint.h>

#include "lib/base/error.h"

// The sentence quotes the call. Returns WR_OUT_OF_MEMORY where that was the cause, else WR_FAILED.
enum wr_status wr_cuda_explain(cudaError_t result, const char *call, struct wr_error *error);

// Runs a call; where it fails, sets `status`, fills `error` and jumps to `fail`.
#define WR_CUDA(call)                                                                              \
    do {                                                                                           \
        const cudaError_t result_ = (call);                                                        \
        if (result_ != cudaSuccess) {                                                              \
            status = wr_cuda_explain(result_, #call, error);                                       \
            goto fail;                                                                             \
        }                                                                                          \
    } while (0)

// Whether there is such a device.
enum wr_status wr_cuda_find_device(int device, struct wr_error *error);

// Free bytes of the device; -1 where it cannot be used.
int64_t wr_cuda_available(int device);
