// SPDX-License-Identifier: MIT
// The meaning of words in filters' parameters, as FFmpeg's libavutil has it.
#pragma once

#include "kernels/filter.h"

extern const struct wr_words wr_words;
