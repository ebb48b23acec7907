// SPDX-License-Identifier: MIT
// Numbers in texts: the C library's, with the point for the decimals whatever the program's locale.
#include "kernels/program/number.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Digits with a point among them, followed by the end or a blank, as tables are full of: both the
// digits and the power of ten are exact as doubles, so that one division rounds as strtod does.
static bool read_short(const char *text, double *number, int *length)
{
    static const double powers[] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    enum { MOST = 15 };
    const char *at = text + strspn(text, " \t");
    const bool negative = *at == '-';
    int64_t digits = 0;
    int count = 0, decimals = 0;
    bool point = false;
    for (at += negative; (*at >= '0' && *at <= '9') || (*at == '.' && !point); at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        digits = 10 * digits + (*at - '0');
        decimals += point;
        if (++count > MOST)
            return false;
    }
    if (!count || (*at && !strchr(" \t\r\n", *at)))
        return false;
    *number = (double)digits / powers[decimals];
    *number = negative ? -*number : *number;
    *length = (int)(at - text);
    return true;
}

locale_t wr_plain_locale(void)
{
    return newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

int wr_read_number_in(locale_t plain, const char *text, double *number, int *length)
{
    if (read_short(text, number, length))
        return 0;
    char *end;
    *number = plain ? strtod_l(text, &end, plain) : strtod(text, &end);
    *length = (int)(end - text);
    return end == text;
}

int wr_read_number(const char *text, double *number, int *length)
{
    const locale_t plain = wr_plain_locale();
    const int status = wr_read_number_in(plain, text, number, length);
    if (plain)
        freelocale(plain);
    return status;
}
