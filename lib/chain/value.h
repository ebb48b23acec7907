// SPDX-License-Identifier: MIT
// The value of one parameter: from a word of the chain to the field that lower() reads.
#pragma once

#include "kernels/program/filter.h"

// Reads value into field, whose type is the row's. Text is only checked: its field points to a
// string that the caller keeps. Fails with a sentence that names the filter, the parameter, the
// value and what is allowed; field then holds nothing of use.
enum wr_status wr_value_read(const struct wr_filter *filter, const struct wr_parameter *row,
                             const char *value, void *field, struct wr_error *error);

// Whether the row's field points to the text itself.
bool wr_value_is_text(const struct wr_parameter *row);

// What is allowed, for errors and help: "3 to 23", "one of a, b", "any of a+b", "0 or 1", "".
void wr_value_range(const struct wr_parameter *row, char *text, size_t size);
