// SPDX-License-Identifier: MIT
// A kernel as filters name it, and what it needs of a pass. Its address stands for it: executors
// have its compiled forms in tables by that address.
#pragma once

#include <stdbool.h>

#include "kernels/pixel/forms.h"
#include "kernels/pixel/pixel.h"

#define WR_ARGUMENTS_SIZE 256

// What a kernel reads for a sample: its own position or anything, a pass's span, a pass's reach.
enum wr_reads { WR_READS_POINT, WR_READS_SPAN, WR_READS_WINDOW };

struct wr_kernel {
    const char *name;
    size_t arguments_size;
    enum wr_reads reads;
    bool works_in_scratch; // on the CPU, which gives it rectangles
    int inputs, outputs;
    enum wr_storage in[WR_MAX_INPUTS];
    enum wr_storage out[WR_MAX_OUTPUTS];
};

// WR_DEFINE_KERNELS defines wr_<name>_kernel for every kernel of the header included before, in the
// one .c file that goes with that header. Others that use these kernels say WR_DECLARE_KERNELS.
#define WR_DEFINE_KERNELS WR_DECLARE_KERNELS KERNELS(WR_DEFINE_KERNEL)
#define WR_DEFINE_KERNEL(form, ...) WR_DEFINE_KERNEL_OF(WR_FORM_##form, __VA_ARGS__)
#define WR_DEFINE_KERNEL_OF(...) WR_DEFINE_KERNEL_BY(__VA_ARGS__)
#define WR_DEFINE_KERNEL_BY(reads, writes, cpu, cuda, name, type, inputs, output)                  \
    const struct wr_kernel wr_##name##_kernel = {                                                  \
        #name,                                                                                     \
        sizeof(type),                                                                              \
        WR_READS_##reads,                                                                          \
        WR_SCRATCH_##cpu,                                                                          \
        WR_COUNT_KERNEL_LIST inputs,                                                               \
        WR_WRITES_##writes(WR_COUNT_KERNEL_LIST, name, output),                                    \
        WR_KERNEL_LIST inputs,                                                                     \
        WR_WRITES_##writes(WR_KERNEL_LIST, name, output)};                                         \
    _Static_assert(sizeof(type) <= WR_ARGUMENTS_SIZE, "arguments of " #name " are too large");

// Which of the CPU's ways of sharing out work give a kernel scratch memory.
#define WR_SCRATCH_PIXELS false
#define WR_SCRATCH_LOOKUPS false
#define WR_SCRATCH_ROWS false
#define WR_SCRATCH_SQUARES false
#define WR_SCRATCH_SUMS false
#define WR_SCRATCH_WINDOWS false
#define WR_SCRATCH_RUNS false
#define WR_SCRATCH_SWEEPS false
#define WR_SCRATCH_RECTANGLES true

// The list of what the outputs hold.
#define WR_WRITES_ONE(list, name, output) list(output)
#define WR_WRITES_COLOR(list, name, output) list(output, output, output)
#define WR_WRITES_WORK(list, name, output) list(output, WR_F32, WR_F32)
#define WR_WRITES_SPLIT(list, name, output)                                                        \
    list(output, (enum wr_storage)name##_rest, (enum wr_storage)name##_rest)

#define WR_KERNEL_LIST(...)                                                                        \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define WR_COUNT_KERNEL_LIST(...)                                                                  \
    (int)(sizeof((enum wr_storage[]){__VA_ARGS__}) / sizeof(enum wr_storage))
