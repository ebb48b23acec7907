// SPDX-License-Identifier: MIT
// What a network costs and reaches, in numbers that do not depend on the size of the picture.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kernels/model/network.h"

// Where pixel x of a tensor comes from: from the input's pixels x * step + first to x * step +
// last, whole numbers or not.
struct wr_reach {
    double step, first, last;
};

struct wr_network_facts {
    int64_t parameters; // weights, biases, slopes and other constants
    double macs;        // multiplications with a weight, for each pixel of the input
    double scale;       // how much wider the result is than the input, apart from its border
    int reach;  // how far from its own place a pixel of the result depends on the input's pixels
    int border; // how many of the input's pixels on each side have none in the result
    // Values that are needed at the same time at most, for each pixel of the input: input and
    // result included, and results of sums and the like counted with what they take the place of.
    double live;
};

// False if memory is short.
bool wr_network_measure(const struct wr_network *network, struct wr_network_facts *facts);

// The same for one layer, which makes tensor n + 1; `reach` has one entry for each tensor.
int64_t wr_layer_parameters(const struct wr_network *network, int n);
double wr_layer_macs(const struct wr_network *network, int n, const struct wr_reach *reach);

// Fills in what each tensor reaches, one entry more than there are layers.
void wr_network_reach(const struct wr_network *network, struct wr_reach *reach);
