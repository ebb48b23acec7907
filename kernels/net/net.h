// SPDX-License-Identifier: MIT
// Lowers networks to passes: a layer is a pass or two, a tensor a plane of floats.
#pragma once

#include "kernels/net/layer.h"

// Appends a pass that makes a tensor of `channels` channels: the first `count` (1 or 3) from planes
// of the lowering's picture, 0 to 1, the others `rest` everywhere.
void wr_net_load(struct wr_lowering *lowering, const struct wr_plane *planes, int count,
                 int channels, float rest, struct wr_net_tensor *tensor);

// Appends the network's passes. *tensor is its input, and then its result. Fails with a sentence
// that names layer and operator where a layer has more channels than there is room for.
enum wr_status wr_net_lower(struct wr_lowering *lowering, const struct wr_network *network,
                            struct wr_net_tensor *tensor);

// Appends a pass that turns a channel of the tensor into a plane of samples like those of the
// lowering's picture. before, which may be NULL: a plane of the same size, mixed with the new one,
// of which `strength` is taken.
struct wr_plane wr_net_store(struct wr_lowering *lowering, const struct wr_net_tensor *tensor,
                             int channel, const struct wr_plane *before, double strength);
