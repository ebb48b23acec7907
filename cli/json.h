// SPDX-License-Identifier: MIT
// JSON values from any text and any number: file names need not be UTF-8, and ratios not finite.
#pragma once

#include <jansson.h>

// Each byte that is not part of valid UTF-8 becomes U+FFFD; NULL becomes null.
json_t *wr_json_text(const char *text);

// Infinities and NaN become null.
json_t *wr_json_number(double value);

// null unless value is above zero, for numbers that are zero when not known.
json_t *wr_json_known(double value);

// Digits enough for microseconds in a film of three hours.
#define WR_JSON_DIGITS JSON_REAL_PRECISION(11)
