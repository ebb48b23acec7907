// SPDX-License-Identifier: MIT
// The measurements as JSON for programs and as Markdown for people.
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "tests/gpu/measure.h"

struct gpu_table {
    const char *device;
    bool is_stand_in;         // its times mean nothing, and both forms say so
    const char *const *notes; // "what: how it ended", note_count of them
    int note_count;
    double copy_rate; // bytes read and written each second, device to device
    const struct gpu_result *results;
    int result_count;
};

void gpu_write_json(FILE *file, const struct gpu_table *table);
void gpu_write_markdown(FILE *file, const struct gpu_table *table);

// Only what was counted, without a device.
void gpu_write_counts(FILE *file, const struct gpu_table *table);
