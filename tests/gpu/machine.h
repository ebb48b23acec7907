// SPDX-License-Identifier: MIT
// What a device and the way to it can do at best, for times of chains to be held against.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// Rates are bytes each second, 0 where they could not be measured.
struct gpu_machine {
    char device[512];       // name and compute capability
    bool is_stand_in;       // its times mean nothing
    double context_seconds; // until the device can be used
    double pin_rate;        // of getting pinned memory
    double up_rate, down_rate,
        both_rate;    // between pinned memory and the device; the sum of both at once
    double copy_rate; // within the device's memory, read and written
};

// Name of the device. False where there is none.
bool gpu_describe(struct gpu_machine *machine);

// Measures all of it, with copies of so many bytes.
void gpu_measure_machine(struct gpu_machine *machine, size_t bytes);

double gpu_median(const double *values, int count);
