// SPDX-License-Identifier: MIT
// Whether a file can be an input at all: see wr_may_be_video() in lib/warpreel.h.
#pragma once

#include "lib/warpreel.h"
