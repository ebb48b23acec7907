// SPDX-License-Identifier: MIT
// Formats a sentence and hands it to the caller.
#include "lib/base/log.h"

#include <stdarg.h>
#include <stdio.h>

void wr_say(const struct wr_log *log, enum wr_log_level level, const char *format, ...)
{
    if (!log->say)
        return;
    char sentence[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    log->say(log->opaque, level, sentence);
}
