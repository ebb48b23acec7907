// SPDX-License-Identifier: MIT
// The CPU executor: threads take bands of frames and run the program over each.
#pragma once

#include "lib/engine/executor.h"

extern const struct wr_executor_type wr_cpu_executor;
