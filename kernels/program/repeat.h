// SPDX-License-Identifier: MIT
// Windows of a resampled row that repeat.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kernels/pixel/resample.h"

// The windows of a row of `positions`: each has `taps` weights for samples from first[n] on;
// weights[k * positions + n] is the k-th of position n.
struct wr_windows {
    int positions, taps;
    const int32_t *first;
    const float *weights;
};

// Looks whether windows repeat after a few positions, `ratio` samples apart, up to a few positions
// at both ends. Fills in phases but for max, and the weights of each phase.
bool wr_find_phases(const struct wr_windows *windows, double ratio, struct phases *phases,
                    float weights[PHASES * PHASES_TAPS]);
