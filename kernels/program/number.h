// SPDX-License-Identifier: MIT
// Numbers in texts, the same in every locale.
#pragma once

// Reads the number text begins with, blanks before it allowed; length counts what was read.
// Non-zero if there is none.
int wr_read_number(const char *text, double *number, int *length);
