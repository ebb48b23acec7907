// SPDX-License-Identifier: MIT
// Values of a tensor as integers of 14 bits: how many steps of a fixed size they are, rounded to
// the nearest, halves away from 0. What is too large is limited.
#pragma once

#include "kernels/net/activation.h"

enum { NET_MOST_STEPS = 8191, NET_MOST_WEIGHT = 2047 };

// steps: in 1. What is no number counts as the least.
WR_PIXEL int net_to_steps(float value, float steps)
{
    const float most = NET_MOST_STEPS, exact = value * steps;
    const float above = exact > -most ? exact : -most, within = above < most ? above : most;
    return (int)(within + (within < 0.0f ? -0.5f : 0.5f));
}
