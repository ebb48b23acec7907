// SPDX-License-Identifier: MIT
// Makes a network smaller without changing a value of its result.
#pragma once

#include <stdbool.h>

#include "kernels/model/network.h"

// Gives activations to the layers that they follow, joins x * sigmoid(x), adds before depth to
// space instead of after it, where a tensor is smaller, and drops what tensor `result` does not
// need. The last layer makes it then; where it was the input itself, a layer that does nothing is
// added. False if memory is short.
bool wr_network_tidy(struct wr_network *network, int result);
