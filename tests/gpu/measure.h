// SPDX-License-Identifier: MIT
// What one chain costs on the GPU, step by step, and whether it gives the CPU's bits.
#pragma once

#include "tests/support.h"

enum { GPU_MOST_PASSES = 64, GPU_MOST_INSTANCES = 3 };

// Bytes that a batch moves through one step, the samples that each one of its output is made from,
// and the milliseconds that took (the median).
struct gpu_step {
    char name[64], filter[32];
    double bytes, milliseconds;
    int window;
};

struct gpu_result {
    char chain[256];
    int width, height, depth, batch;
    char problem[800]; // empty where the chain ran, and as it should
    bool is_compared;  // with the CPU's bits
    struct gpu_step upload, download, passes[GPU_MOST_PASSES];
    int pass_count;
    double first_over_median; // time of the first batch over that of the median one
    double batches_per_second[GPU_MOST_INSTANCES]; // of 1, 2, 3 instances, host copies included
    double allocations_per_batch;                  // on the device and of pinned memory
    double held, estimated; // bytes of the device that one instance takes, and is said to take
};

// What chain has to move and to look at for a batch of pictures of a format; needs no device.
void gpu_count(struct gpu_result *result, const char *chain, const struct wr_format *format,
               int batch);

// Runs chain over the frames of `in`, again and again; batches: how many to take the median of.
// The frames' memory gets pinned for that time.
void gpu_measure(struct gpu_result *result, const char *chain, const struct test_frames *in,
                 int batch, int batches);

// Runs the result's chain once over the frames of `in` on the device and on the CPU.
void gpu_compare(struct gpu_result *result, const struct test_frames *in);
