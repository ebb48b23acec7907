// SPDX-License-Identifier: MIT
// Lowers a change of size that only takes the nearest samples.
#pragma once

#include "kernels/program/filter.h"

// One direction of one plane: where output samples lie in the input.
struct wr_axis {
    int in, out;         // samples of the plane
    double ratio, start; // the n-th output sample's centre is input sample n * ratio + start
};

// Gives `count` planes, all of the same size, the nearest samples along both axes.
void wr_take_nearest(struct wr_lowering *lowering, struct wr_plane *planes, int count,
                     const struct wr_axis *x, const struct wr_axis *y);
