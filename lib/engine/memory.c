// SPDX-License-Identifier: MIT
// Sums and peaks of what executors hold.
#include "lib/engine/memory.h"

int64_t wr_memory_held(const struct wr_memory *memory)
{
    return memory->arena + memory->slots + memory->tables;
}

void wr_memory_note_batch(struct wr_memory *memory)
{
    const int64_t allocated = memory->allocated + memory->lower_bound;
    if (memory->peak_allocated < allocated)
        memory->peak_allocated = allocated;
    if (memory->peak_reserved < memory->reserved)
        memory->peak_reserved = memory->reserved;
}

void wr_memory_reset_peaks(struct wr_memory *memory)
{
    memory->peak_allocated = memory->allocated;
    memory->peak_reserved = memory->reserved;
}

void wr_memory_add(struct wr_memory *sum, const struct wr_memory *memory)
{
    sum->arena += memory->arena;
    sum->slots += memory->slots;
    sum->tables += memory->tables;
    sum->pinned += memory->pinned;
    sum->allocated += memory->allocated;
    sum->reserved += memory->reserved;
    sum->requested += memory->requested;
    sum->peak_allocated += memory->peak_allocated;
    sum->peak_reserved += memory->peak_reserved;
    sum->lower_bound += memory->lower_bound;
    sum->allocations += memory->allocations;
    sum->departures += memory->departures;
}
