// SPDX-License-Identifier: MIT
// Makes the one sentence of a failure.
#include "lib/base/error.h"

#include <stdarg.h>
#include <stdio.h>

enum wr_status wr_fail(struct wr_error *error, enum wr_status status, const char *format, ...)
{
    if (error) {
        error->status = status;
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(error->text, sizeof error->text, format, arguments);
        va_end(arguments);
    }
    return status;
}
