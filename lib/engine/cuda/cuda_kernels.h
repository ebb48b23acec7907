// SPDX-License-Identifier: MIT
// The kernels that were compiled for CUDA.
#pragma once

#include "kernels/pixel/cuda.h"

// Written by CMake from kernels/filters/filters.def; NULL ends the list.
extern const struct wr_cuda_kernel *const wr_cuda_families[];
