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

// Whether a pass gives a kernel memory to work in, on the CPU.
enum wr_scratch { WR_NO_SCRATCH, WR_MAY_HAVE_SCRATCH, WR_NEEDS_SCRATCH };

struct wr_kernel {
    const char *name;
    size_t arguments_size;
    enum wr_reads reads;
    enum wr_scratch scratch;
    int inputs, outputs;
    enum wr_storage in[WR_MAX_INPUTS];
    enum wr_storage out[WR_MAX_OUTPUTS];
};

// WR_DEFINE_KERNELS defines wr_<name>_kernel for every kernel of the header included before, in the
// one .c file that goes with that header. Others that use these kernels say WR_DECLARE_KERNELS. Of
// kernels that the CPU computes by rectangles the .c file says before that whether they work in
// pass->scratch: enum { <function>_scratch_use = WR_NEEDS_SCRATCH }.
#define WR_DEFINE_KERNELS WR_DECLARE_KERNELS KERNELS(WR_DEFINE_KERNEL)
#define WR_DEFINE_KERNEL(form, ...) WR_DEFINE_KERNEL_OF(WR_FORM_##form, __VA_ARGS__)
#define WR_DEFINE_KERNEL_OF(...) WR_DEFINE_KERNEL_BY(__VA_ARGS__)
#define WR_DEFINE_KERNEL_BY(reads, writes, cpu, cuda, name, type, inputs, output)                  \
    const struct wr_kernel wr_##name##_kernel = {                                                  \
        #name,                                                                                     \
        sizeof(type),                                                                              \
        WR_READS_##reads,                                                                          \
        (enum wr_scratch)WR_SCRATCH_##cpu(name),                                                   \
        WR_COUNT_KERNEL_LIST inputs,                                                               \
        WR_WRITES_##writes(WR_COUNT_KERNEL_LIST, name, output),                                    \
        WR_KERNEL_LIST inputs,                                                                     \
        WR_WRITES_##writes(WR_KERNEL_LIST, name, output)};                                         \
    _Static_assert(sizeof(type) <= WR_ARGUMENTS_SIZE, "arguments of " #name " are too large");

// By the CPU's way of sharing out work.
#define WR_SCRATCH_PIXELS(name) WR_NO_SCRATCH
#define WR_SCRATCH_LOOKUPS(name) WR_NO_SCRATCH
#define WR_SCRATCH_ROWS(name) WR_NO_SCRATCH
#define WR_SCRATCH_SQUARES(name) WR_NO_SCRATCH
#define WR_SCRATCH_SUMS(name) WR_NO_SCRATCH
#define WR_SCRATCH_WINDOWS(name) WR_NO_SCRATCH
#define WR_SCRATCH_RUNS(name) WR_NO_SCRATCH
#define WR_SCRATCH_SWEEPS(name) WR_NO_SCRATCH
#define WR_SCRATCH_RECTANGLES(name) name##_scratch_use

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
