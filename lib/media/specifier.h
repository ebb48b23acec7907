// SPDX-License-Identifier: MIT
// FFmpeg's words for streams, such as "a:1".
#pragma once

#include <stdbool.h>

#include "lib/base/error.h"

// Whether the text is such a word, whatever streams there are. "" means all streams.
bool wr_is_specifier(const char *text);

// Fails with WR_USAGE where a text of the list does not begin with such a word and a slash. The
// list ends with NULL, or is NULL. what: the sentence's name for a text, "disposition".
enum wr_status wr_specifiers_check(const char *const *list, const char *what,
                                   struct wr_error *error);
