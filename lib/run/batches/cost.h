// SPDX-License-Identifier: MIT
// Estimates how long a program would take on the CPU and on a CUDA device, to choose between them.
#pragma once

#include <stddef.h>

#include "kernels/program/program.h"

// What a frame costs.
struct wr_cost {
    double operations; // about as many as samples are read
    double bytes;      // of input or of output, whichever is more: both directions work at once
};

// What is known of the work before it begins.
struct wr_workload {
    int64_t frames;       // of the job; 0: not known
    int jobs;             // that share a device's start-up, at least 1
    int threads;          // of the CPU
    bool device_is_ready; // it runs another program already
};

struct wr_cost wr_cost_of(const struct wr_program *program);

// Whether the CPU is expected to be done before a CUDA device would be. Where the number of frames
// is not known, there may be any number, and start-up does not count. Then `why` says so in a
// clause of at most `size` bytes; else it is "".
bool wr_cost_prefers_cpu(const struct wr_cost *cost, const struct wr_workload *work, char *why,
                         size_t size);
