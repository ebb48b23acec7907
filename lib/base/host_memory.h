// SPDX-License-Identifier: MIT
// Memory of the host that a device copies from and to by itself ("pinned"), up to a limit.
//
// The system can use such memory for nothing else while it is held, so there is a limit, beyond
// which frames lie in ordinary memory: that is slower and gives the same.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// How a kind of device gets it. All three may be called from any thread.
struct wr_host_memory_type {
    void *(*get)(int device, size_t bytes); // NULL: there is none
    void (*release)(int device, void *memory);
    bool (*holds)(int device, const void *address); // whether it is memory of this kind
};

struct wr_host_memory {
    const struct wr_host_memory_type *type; // NULL: nobody uses it yet
    atomic_int device; // that gets it; other devices of its kind can use it as well
    int64_t limit;     // bytes
    atomic_int_fast64_t held, peak;
};

// The limit is half the machine's memory. Nobody can get any before its type and device are set.
void wr_host_memory_open(struct wr_host_memory *memory);

// Memory full of zeros, aligned to 64 bytes, or NULL: none is left. The caller releases it.
void *wr_host_memory_get(struct wr_host_memory *memory, size_t bytes);

// Whether something at that address lies in such memory.
bool wr_host_memory_holds(const struct wr_host_memory *memory, const void *address);

// Tolerates NULL.
void wr_host_memory_release(struct wr_host_memory *memory, void *block);
