// SPDX-License-Identifier: MIT
// Sums and peaks of the memory that executors hold.
#pragma once

#include "lib/warpreel.h"

// For executors: counts a batch into the peaks.
void wr_memory_note_batch(struct wr_memory *memory);

// Adds one executor's to another's.
void wr_memory_add(struct wr_memory *sum, const struct wr_memory *memory);

// Peaks begin again at what is held now.
void wr_memory_reset_peaks(struct wr_memory *memory);
