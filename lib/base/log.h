// SPDX-License-Identifier: MIT
// Where the library says things: the caller's function, or nowhere.
#pragma once

#include "lib/warpreel.h"

struct wr_log {
    void (*say)(void *opaque, enum wr_log_level level, const char *sentence); // NULL: nowhere
    void *opaque;
};

// Says one sentence, formatted as by printf, without a newline. Safe from any thread if say is.
void wr_say(const struct wr_log *log, enum wr_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
