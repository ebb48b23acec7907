// SPDX-License-Identifier: MIT
// Turns pictures upright, as the mark in their file says.
#pragma once

#include <stdint.h>

#include "lib/chain/chain.h"

// Appends the filters that turn pictures of format as ffmpeg turns them for this display matrix
// (libavutil's nine numbers): an exact quarter or half turn or a mirror, and rotate for any other
// angle. Where the picture is upright already, nothing is appended. Chroma that is halved in one
// direction only is made full first, since no usual pixel format has it once it is turned. Fails
// where memory is short.
enum wr_status wr_turn_append(struct wr_chain *chain, const int32_t *matrix,
                              const struct wr_format *format, struct wr_error *error);
