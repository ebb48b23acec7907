// SPDX-License-Identifier: MIT
// A small table of rates, and what a program does with a frame.
//
// The rates are cautious round numbers. Those of the CPU were measured (tests/bench/README.md).
// Those of devices were not: they are what a card with eight lanes of PCI Express 4.0 gives, and
// what drivers usually take to start. tests/gpu.sh measures both where there is a card.
#include "lib/run/batches/cost.h"

#include <stdio.h>

static const double cpu_seconds = 0.02e-9;    // an operation, on one thread, with AVX2 or better
static const double device_seconds = 0.5e-12; // an operation
static const double copy_seconds = 1 / 12e9;  // a byte
static const double start_up = 0.4;           // seconds for a context, kernels and pinned memory

static double frame_bytes(const struct wr_program *program, const struct wr_picture *picture,
                          enum wr_role role)
{
    double bytes = 0;
    for (int n = 0; n < wr_format_planes(&picture->format); n++) {
        const struct wr_plane *plane = &picture->plane[n];
        const struct wr_buffer *buffer = &program->buffers[plane->buffer];
        const bool is_read = role == WR_ROLE_OUTPUT || wr_program_reads(program, plane->buffer);
        if (buffer->role == role && is_read)
            bytes +=
                (double)plane->width * plane->height * (double)wr_storage_bytes(buffer->storage);
    }
    return bytes;
}

struct wr_cost wr_cost_of(const struct wr_program *program)
{
    struct wr_cost cost = {.operations = 0};
    for (int n = 0; n < program->pass_count; n++)
        cost.operations += wr_pass_operations(&program->passes[n]);
    const double in = frame_bytes(program, &program->input, WR_ROLE_INPUT);
    const double out = frame_bytes(program, &program->output, WR_ROLE_OUTPUT);
    cost.bytes = in > out ? in : out;
    return cost;
}

bool wr_cost_prefers_cpu(const struct wr_cost *cost, const struct wr_workload *work, char *why,
                         size_t size)
{
    const double cpu_frame = cost->operations * cpu_seconds / work->threads;
    const double copies = cost->bytes * copy_seconds, kernels = cost->operations * device_seconds;
    const double device_frame = copies > kernels ? copies : kernels;
    const double start = work->device_is_ready ? 0 : start_up / work->jobs;
    const double cpu = (double)work->frames * cpu_frame;
    const double device = start + (double)work->frames * device_frame;
    *why = '\0';
    if (cpu_frame <= device_frame)
        snprintf(why, size, "to copy a frame to a CUDA device and back takes as long");
    else if (work->frames && cpu <= device)
        snprintf(why, size,
                 "%lld frames are expected to take %.2g s there, and %.2g s on a CUDA device "
                 "that has to be started first",
                 (long long)work->frames, cpu, device);
    return *why;
}
