// SPDX-License-Identifier: MIT
// Lowers networks to passes: a layer is a pass or two, a tensor a plane of floats.
#pragma once

#include "kernels/net/layer.h"

// Appends a pass that makes a tensor of `channels` channels: the first `count` (1 or 3) from planes
// of the lowering's picture, 0 to 1, the others `rest` everywhere.
void wr_net_load(struct wr_lowering *lowering, const struct wr_plane *planes, int count,
                 int channels, float rest, struct wr_net_tensor *tensor);

// How many channels of the network's input are colours, 1 or 3; the last may be a map of noise.
int wr_net_colors_of(const struct wr_network *network);

// What that map holds for so much noise on the scale of 8 bits; below 0: not known.
float wr_net_noise(double noise);

// Appends the network's passes. tensors: one more than there are layers; the first is the input,
// the others are filled in, the last is the result. steps: how many steps of each tensor as
// integers are 1, for convolutions in integers; NULL: in floats. Fails with a sentence that names
// layer and operator where a layer has more channels than there is room for.
enum wr_status wr_net_lower(struct wr_lowering *lowering, const struct wr_network *network,
                            const float *steps, struct wr_net_tensor *tensors);

// Appends a pass that turns a channel of the tensor into a plane of samples like those of the
// lowering's picture. before, which may be NULL: a plane of the same size, mixed with the new one,
// of which `strength` is taken.
struct wr_plane wr_net_store(struct wr_lowering *lowering, const struct wr_net_tensor *tensor,
                             int channel, const struct wr_plane *before, double strength);
