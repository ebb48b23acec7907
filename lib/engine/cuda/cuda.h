// SPDX-License-Identifier: MIT
// The CUDA executor: one stream and one graph, which is captured once and replayed for each batch.
#pragma once

#include "lib/engine/executor.h"

extern const struct wr_executor_type wr_cuda_executor;
