// SPDX-License-Identifier: MIT
// The compiled CPU form of a kernel.
#pragma once

#include "kernels/pixel/forms.h"
#include "kernels/pixel/pixel.h"

// Computes rows y0 to y1 of one frame. Samples of one byte, samples of two.
typedef void wr_cpu_rows(const struct wr_pass_view *pass, const void *arguments, int y0, int y1);

struct wr_cpu_kernel {
    const struct wr_kernel *kernel; // NULL ends a list
    wr_cpu_rows *rows[2];
};
