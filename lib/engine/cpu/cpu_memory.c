// SPDX-License-Identifier: MIT
// Gets and counts the memory of a CPU executor.
#include "lib/engine/cpu/cpu_memory.h"

#include <stdlib.h>
#include <string.h>

static enum wr_status allocate(void *context, unsigned char **memory, int64_t bytes,
                               struct wr_error *error)
{
    (void)context;
    const size_t size =
        ((size_t)bytes + WR_CPU_ALIGNMENT - 1) / WR_CPU_ALIGNMENT * WR_CPU_ALIGNMENT;
    *memory = aligned_alloc(WR_CPU_ALIGNMENT, size);
    if (!*memory)
        return wr_fail(error, WR_FAILED, "out of memory: the filters need %lld bytes",
                       (long long)bytes);
    return WR_OK;
}

static void release(void *context, unsigned char *memory)
{
    (void)context;
    free(memory);
}

static enum wr_status fill(void *context, unsigned char *memory, int value, int64_t bytes,
                           struct wr_error *error)
{
    (void)context, (void)error;
    memset(memory, value, (size_t)bytes);
    return WR_OK;
}

static enum wr_status fetch(void *context, unsigned char *to, const unsigned char *memory,
                            int64_t bytes, struct wr_error *error)
{
    (void)context, (void)error;
    memcpy(to, memory, (size_t)bytes);
    return WR_OK;
}

static const struct wr_arena_source source = {allocate, release, fill, fetch, NULL};

enum wr_status wr_cpu_memory_open(struct wr_cpu_memory *cpu, struct wr_cpu_plan *plan,
                                  struct wr_error *error)
{
    const int threads = plan->threads;
    *cpu = (struct wr_cpu_memory){.plan = plan, .walk_count = threads + 1};
    cpu->walks = calloc((size_t)cpu->walk_count, sizeof *cpu->walks);
    enum wr_status status = WR_OK;
    if (!cpu->walks) {
        status = wr_fail(error, WR_FAILED, "out of memory while starting the CPU executor");
        goto fail;
    }
    for (int n = 0; n < threads && !status; n++)
        status = wr_walk_open(&cpu->walks[n], plan->routes, plan->bands.segments, &plan->arena,
                              &source, error);
    cpu->frames = &cpu->walks[threads];
    if (!status)
        status = wr_walk_open(cpu->frames, &plan->frames, 1, &plan->arena, &source, error);
fail:
    if (status)
        wr_cpu_memory_close(cpu);
    return status;
}

enum wr_status wr_cpu_memory_reserve(struct wr_cpu_memory *cpu, struct wr_error *error)
{
    const struct wr_cpu_plan *plan = cpu->plan;
    const enum wr_status status =
        plan->bytes ? allocate(NULL, &cpu->block, plan->bytes, error) : WR_OK;
    if (status)
        return status;
    for (int n = 0; n < plan->threads; n++)
        wr_arena_lend(&cpu->walks[n].arena, cpu->block + plan->thread_bytes * n,
                      plan->thread_bytes - plan->spare_bytes);
    wr_arena_lend(&cpu->frames->arena, cpu->block + plan->thread_bytes * plan->threads,
                  plan->frames.plan.places.peak);
    return WR_OK;
}

unsigned char *wr_cpu_memory_spare(const struct wr_cpu_memory *cpu, int thread)
{
    return cpu->block + cpu->plan->thread_bytes * (thread + 1) - cpu->plan->spare_bytes;
}

void wr_cpu_memory_count(const struct wr_cpu_memory *cpu, struct wr_memory *memory)
{
    const struct wr_cpu_plan *plan = cpu->plan;
    memory->arena = plan->bytes;
    memory->slots = memory->allocated = plan->slots;
    memory->lower_bound = plan->threads * plan->spare_bytes;
    memory->requested = plan->slots + plan->threads * plan->spare_bytes;
    memory->allocations = cpu->block != NULL;
    memory->departures = 0;
    for (int n = 0; n < cpu->walk_count; n++)
        wr_walk_count(&cpu->walks[n], memory);
    memory->reserved = wr_memory_held(memory);
}

void wr_cpu_memory_close(struct wr_cpu_memory *cpu)
{
    for (int n = 0; cpu->walks && n < cpu->walk_count; n++)
        wr_walk_close(&cpu->walks[n]);
    free(cpu->walks);
    free(cpu->block);
    wr_cpu_plan_close(&cpu->plan);
    *cpu = (struct wr_cpu_memory){0};
}
