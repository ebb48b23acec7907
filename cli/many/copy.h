// SPDX-License-Identifier: MIT
// Copies files that are no videos beside the outputs.
#pragma once

#include "lib/warpreel.h"

// The name of the copy: the input's own, in the folder of the output. The caller's to free.
enum wr_status wr_copy_name(char **copy, const char *input, const char *output,
                            struct wr_error *error);

// Makes the folders that lead to the copy; the copy gets its name when it is whole.
enum wr_status wr_copy_file(const char *from, const char *to, struct wr_error *error);
