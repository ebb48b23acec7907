// SPDX-License-Identifier: MIT
// Copies files that are no videos beside the outputs.
#pragma once

#include <stdbool.h>

#include "lib/warpreel.h"

// Copies input into the folder of output, under its own name, which it gets when it is whole. Makes
// the folder. Fails where a file of that name stands there, unless it is to be overwritten.
enum wr_status wr_copy_beside(const char *input, const char *output, bool overwrite,
                              struct wr_error *error);
