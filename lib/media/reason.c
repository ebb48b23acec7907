// SPDX-License-Identifier: MIT
// Keeps the first error that a call of FFmpeg logs.
#include "lib/media/reason.h"

#include <libavutil/error.h>
#include <libavutil/log.h>
#include <stdio.h>
#include <string.h>

// FFmpeg's log does not say which call it is for, but a call logs on its caller's thread.
static _Thread_local struct wr_reason *reason_of_call;

void wr_reason_begin(struct wr_reason *reason)
{
    reason->text[0] = '\0';
    reason_of_call = reason;
}

const char *wr_reason_end(struct wr_reason *reason, int result)
{
    reason_of_call = NULL;
    if (!reason->text[0])
        av_strerror(result, reason->text, sizeof reason->text);
    return reason->text;
}

void wr_reason_hear(int level, const char *format, va_list arguments)
{
    struct wr_reason *reason = reason_of_call;
    if (!reason || level > AV_LOG_ERROR || reason->text[0])
        return;
    va_list copy;
    va_copy(copy, arguments);
    vsnprintf(reason->text, sizeof reason->text, format, copy);
    va_end(copy);
    reason->text[strcspn(reason->text, "\n")] = '\0';
    size_t length = strlen(reason->text);
    while (length && strchr(" .", reason->text[length - 1]))
        reason->text[--length] = '\0';
}
