// SPDX-License-Identifier: MIT
// The CUDA executor: one stream and one graph, which is captured once and replayed for each batch.
#pragma once

#include "lib/engine/executor.h"

extern const struct wr_executor_type wr_cuda_executor;

// Devices that the driver shows; 0 where there is no driver.
int wr_cuda_device_count(void);
