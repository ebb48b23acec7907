// SPDX-License-Identifier: MIT
// Numbers in texts: the C library's, with the point for the decimals whatever the program's locale.
#include "kernels/program/number.h"

#include <locale.h>
#include <stdlib.h>

int wr_read_number(const char *text, double *number, int *length)
{
    const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    char *end;
    *number = plain ? strtod_l(text, &end, plain) : strtod(text, &end);
    if (plain)
        freelocale(plain);
    *length = (int)(end - text);
    return end == text;
}
