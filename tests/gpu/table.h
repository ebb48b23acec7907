// SPDX-License-Identifier: MIT
// The measurements as JSON for programs and as Markdown for people.
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "tests/gpu/machine.h"
#include "tests/gpu/measure.h"

struct gpu_table {
    struct gpu_machine machine;
    const char *const *notes; // "what: how it ended", note_count of them
    int note_count;
    const struct gpu_result *results;
    int result_count;
    int left_out; // for want of time
};

void gpu_write_json(FILE *file, const struct gpu_table *table);
void gpu_write_markdown(FILE *file, const struct gpu_table *table);

// Only what was counted, without a device.
void gpu_write_counts(FILE *file, const struct gpu_table *table);
