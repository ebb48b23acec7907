// SPDX-License-Identifier: MIT
// Trial runs of networks on a built-in pattern: how large their values become, and how far
// integers are from floats.
#pragma once

#include "kernels/net/net.h"

enum { WR_NET_PATTERN = 64 }; // columns and rows of the pattern that will do

// Finds how many steps of each tensor as integers are 1: steps has one entry more than there are
// layers. They are such that 14 bits hold one and a half times the largest value that a pattern as
// large as the network's input gives. noise: see wr_net_noise(). Fails with a sentence where the
// result for the pattern is farther from that in floats than can be accepted; it names how far.
enum wr_status wr_net_find_steps(struct wr_lowering *lowering, const struct wr_network *network,
                                 double noise, float *steps);
