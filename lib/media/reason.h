// SPDX-License-Identifier: MIT
// Why a call of FFmpeg failed, in FFmpeg's own words: its result is a number, the reason is in its
// log.
#pragma once

#include <stdarg.h>

struct wr_reason {
    char text[256]; // the first error that was logged, "" so far
};

// Keeps the first error that this thread logs from now on. Needs wr_log_libav(). `reason` must stay
// until wr_reason_end(), and only one is kept at a time.
void wr_reason_begin(struct wr_reason *reason);

// Ends that. Returns the reason that was logged; where there is none, what the number `result`
// means, which is then in reason->text, too.
const char *wr_reason_end(struct wr_reason *reason, int result);

// Every line of FFmpeg's log goes through here, on the thread that logs it.
void wr_reason_hear(int level, const char *format, va_list arguments);
