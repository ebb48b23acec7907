// SPDX-License-Identifier: MIT
// Counts pinned memory, and keeps it below its limit.
#include "lib/base/host_memory.h"

#include <string.h>
#include <unistd.h>

// How many bytes a block has stands before it.
enum { HEADER = 64 };

void wr_host_memory_open(struct wr_host_memory *memory)
{
    const int64_t machine = (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
    memory->type = NULL;
    memory->limit = machine / 2;
    atomic_init(&memory->device, 0);
    atomic_init(&memory->held, 0);
    atomic_init(&memory->peak, 0);
}

static void note_peak(struct wr_host_memory *memory, int_fast64_t held)
{
    int_fast64_t peak = atomic_load(&memory->peak);
    while (held > peak && !atomic_compare_exchange_weak(&memory->peak, &peak, held))
        continue;
}

void *wr_host_memory_get(struct wr_host_memory *memory, size_t bytes)
{
    if (bytes > SIZE_MAX - HEADER)
        return NULL;
    const size_t all = bytes + HEADER;
    const int_fast64_t held = atomic_fetch_add(&memory->held, (int64_t)all) + (int64_t)all;
    unsigned char *block = held <= memory->limit ? memory->type->get(memory->device, all) : NULL;
    if (!block) {
        atomic_fetch_sub(&memory->held, (int64_t)all);
        return NULL;
    }
    note_peak(memory, held);
    memset(block, 0, all);
    memcpy(block, &all, sizeof all);
    return block + HEADER;
}

bool wr_host_memory_holds(const struct wr_host_memory *memory, const void *address)
{
    return memory->type->holds(memory->device, address);
}

void wr_host_memory_release(struct wr_host_memory *memory, void *block)
{
    if (!block)
        return;
    unsigned char *const start = (unsigned char *)block - HEADER;
    size_t all;
    memcpy(&all, start, sizeof all);
    memory->type->release(memory->device, start);
    atomic_fetch_sub(&memory->held, (int64_t)all);
}
