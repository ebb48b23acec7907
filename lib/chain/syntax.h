// SPDX-License-Identifier: MIT
// The meaning of words in filters' parameters, as FFmpeg's libavutil has it.
#pragma once

#include "kernels/program/filter.h"

extern const struct wr_syntax wr_syntax;
