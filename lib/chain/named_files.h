// SPDX-License-Identifier: MIT
// The files that the text of a filter graph names: wr_chain_each_file() in lib/warpreel.h.
#pragma once

#include "lib/warpreel.h"
