// SPDX-License-Identifier: MIT
// The operators that models may use: one row each.
#pragma once

#include "kernels/model/resolve.h"

// NULL where there is none of that name.
const struct wr_operator *wr_operator_find(const char *name);
