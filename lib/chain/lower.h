// SPDX-License-Identifier: MIT
// Lowers the filters of a chain to passes, with the conversions of layout between them.
#pragma once

#include "lib/chain/parameters.h"

struct AVBPrint;

// Lowers count filters in their order and brings the picture back to the layout the user believes
// it to have. Appends to text the chain as it will run, conversions included. On failure the
// lowering's error names filter, parameter, value and what is allowed.
enum wr_status wr_lower_filters(struct wr_lowering *lowering, const struct wr_parameters *uses,
                                int count, struct AVBPrint *text);
