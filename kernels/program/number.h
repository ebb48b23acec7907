// SPDX-License-Identifier: MIT
// Numbers in texts, the same in every locale.
#pragma once

#include <locale.h>

// Reads the number text begins with, blanks before it allowed; length counts what was read.
// Non-zero if there is none.
int wr_read_number(const char *text, double *number, int *length);

// The same for texts of many numbers: `plain` is made once, by wr_plain_locale(), and freed with
// freelocale(). Where memory is short it is 0, and the program's own locale is used.
locale_t wr_plain_locale(void);
int wr_read_number_in(locale_t plain, const char *text, double *number, int *length);
