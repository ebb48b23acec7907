// SPDX-License-Identifier: MIT
// Copies of one block of memory, with CUDA's own clock.
#include "tests/gpu/machine.h"

#include <cuda_runtime_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/trace.h"

enum { COPIES = 20 };

bool gpu_describe(struct gpu_machine *machine)
{
    struct cudaDeviceProp properties;
    if (cudaGetDeviceProperties(&properties, 0) != cudaSuccess)
        return false;
    snprintf(machine->device, sizeof machine->device, "%s, compute capability %d.%d",
             properties.name, properties.major, properties.minor);
    machine->is_stand_in = strstr(machine->device, "stand-in") != NULL;
    return true;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double gpu_median(const double *values, int count)
{
    double *sorted = malloc((size_t)count * sizeof *sorted);
    if (!sorted)
        abort();
    memcpy(sorted, values, (size_t)count * sizeof *sorted);
    qsort(sorted, (size_t)count, sizeof *sorted, compare_doubles);
    const double middle = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
    free(sorted);
    return middle;
}

// ---- copies

// Two blocks in each kind of memory, and two streams, the second for copies that run beside those
// of the first.
struct blocks {
    size_t bytes;
    void *device[2], *pinned[2];
    cudaStream_t streams[2];
    cudaEvent_t begin, end, other_end;
};

static bool open_blocks(struct blocks *b)
{
    bool good =
        !cudaEventCreate(&b->begin) && !cudaEventCreate(&b->end) && !cudaEventCreate(&b->other_end);
    for (int n = 0; n < 2; n++)
        good = good && !cudaStreamCreateWithFlags(&b->streams[n], cudaStreamNonBlocking) &&
               !cudaMalloc(&b->device[n], b->bytes) && !cudaMemset(b->device[n], 1, b->bytes);
    return good;
}

static void close_blocks(struct blocks *b)
{
    for (int n = 0; n < 2; n++) {
        cudaFree(b->device[n]);
        cudaFreeHost(b->pinned[n]);
        if (b->streams[n])
            cudaStreamDestroy(b->streams[n]);
    }
    cudaEvent_t *const events[] = {&b->begin, &b->end, &b->other_end};
    for (int n = 0; n < 3; n++)
        if (*events[n])
            cudaEventDestroy(*events[n]);
}

static bool copy_up(struct blocks *b, cudaStream_t stream)
{
    return !cudaMemcpyAsync(b->device[0], b->pinned[0], b->bytes, cudaMemcpyHostToDevice, stream);
}

static bool copy_down(struct blocks *b, cudaStream_t stream)
{
    return !cudaMemcpyAsync(b->pinned[1], b->device[1], b->bytes, cudaMemcpyDeviceToHost, stream);
}

static bool copy_within(struct blocks *b, cudaStream_t stream)
{
    return !cudaMemcpyAsync(b->device[1], b->device[0], b->bytes, cudaMemcpyDeviceToDevice, stream);
}

// The seconds that one copy takes, or two that begin at the same time; `beside` may be NULL.
static bool time_copy(struct blocks *b, bool (*copy)(struct blocks *, cudaStream_t),
                      bool (*beside)(struct blocks *, cudaStream_t), double *seconds)
{
    float first = 0, second = 0;
    const bool good =
        !cudaEventRecord(b->begin, b->streams[0]) &&
        !cudaStreamWaitEvent(b->streams[1], b->begin, 0) && copy(b, b->streams[0]) &&
        (!beside || beside(b, b->streams[1])) && !cudaEventRecord(b->end, b->streams[0]) &&
        !cudaEventRecord(b->other_end, b->streams[1]) && !cudaEventSynchronize(b->end) &&
        !cudaEventSynchronize(b->other_end) && !cudaEventElapsedTime(&first, b->begin, b->end) &&
        !cudaEventElapsedTime(&second, b->begin, b->other_end);
    *seconds = 1e-3 * (double)(beside && second > first ? second : first);
    return good;
}

// Bytes each second, where a copy moves `times` its block.
static double rate_of(struct blocks *b, bool (*copy)(struct blocks *, cudaStream_t),
                      bool (*beside)(struct blocks *, cudaStream_t), int times)
{
    double seconds[COPIES];
    for (int n = 0; n < COPIES; n++)
        if (!time_copy(b, copy, beside, &seconds[n]))
            return 0;
    const double took = gpu_median(seconds, COPIES);
    return took > 0 ? times * (double)b->bytes / took : 0;
}

static double pin(struct blocks *b)
{
    const double start = wr_now();
    const bool good = !cudaHostAlloc(&b->pinned[0], b->bytes, cudaHostAllocPortable) &&
                      !cudaHostAlloc(&b->pinned[1], b->bytes, cudaHostAllocPortable);
    return good ? 2 * (double)b->bytes / (wr_now() - start) : 0;
}

void gpu_measure_machine(struct gpu_machine *machine, size_t bytes)
{
    const double start = wr_now();
    const bool opened = !cudaFree(NULL);
    machine->context_seconds = wr_now() - start;
    struct blocks b = {.bytes = bytes};
    if (opened && open_blocks(&b)) {
        machine->pin_rate = pin(&b);
        if (machine->pin_rate > 0) {
            machine->up_rate = rate_of(&b, copy_up, NULL, 1);
            machine->down_rate = rate_of(&b, copy_down, NULL, 1);
            machine->both_rate = rate_of(&b, copy_up, copy_down, 2);
        }
        machine->copy_rate = rate_of(&b, copy_within, NULL, 2);
    }
    close_blocks(&b);
}
