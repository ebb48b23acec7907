// SPDX-License-Identifier: MIT
// Numbers about memory.
#pragma once

#include <stdint.h>

// What an executor holds, in bytes where nothing else is said. Pinned memory is the host's and
// counts in `pinned` only.
struct wr_memory {
    int64_t arena; // intermediate buffers
    // Input and output of one batch, with the numbers of each frame: on the CPU of one portion, the
    // caller's own frames.
    int64_t slots;
    int64_t tables;  // constants of passes; on the CPU the program's own are used, so 0
    int64_t carried; // frames kept from one batch for the next
    int64_t pinned;  // what the slots are filled from and emptied into
    // In PyTorch's words: allocated is taken by a buffer, reserved is held for that purpose,
    // requested is what buffers were asked for when most was allocated, before any rounding.
    int64_t allocated, reserved, requested;
    int64_t peak_allocated, peak_reserved;
    int64_t lower_bound; // of arena: most bytes that buffers need at one time
    int allocations;   // of device and pinned memory (CPU: of arenas) since the executor was opened
    int departures;    // walks through the program that did not go as recorded
    int64_t available; // in an estimate: free on the device, -1 where there is no device
};

// arena + slots + tables + carried: what a limit of memory is about.
int64_t wr_memory_held(const struct wr_memory *memory);

// For executors: counts a batch into the peaks.
void wr_memory_note_batch(struct wr_memory *memory);

// Adds one executor's to another's.
void wr_memory_add(struct wr_memory *sum, const struct wr_memory *memory);

// Peaks begin again at what is held now.
void wr_memory_reset_peaks(struct wr_memory *memory);
