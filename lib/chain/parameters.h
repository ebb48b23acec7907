// SPDX-License-Identifier: MIT
// A filter's parameters: from the words of a chain to the fields lower() reads.
#pragma once

#include "kernels/program/filter.h"

struct AVBPrint;

// Parameters of one filter use; strings in them belong to this.
struct wr_parameters {
    const struct wr_filter *filter;
    void *values;   // the filter's own struct
    char **strings; // one for each parameter, NULL or the text an expression field points to
    bool *given;
    char *enable; // the expression every filter takes, NULL where not given
};

// Takes the defaults, then `text` ("a:b:name=value", may be NULL).
enum wr_status wr_parameters_open(struct wr_parameters *parameters, const struct wr_filter *filter,
                                  const char *text, struct wr_error *error);
void wr_parameters_close(struct wr_parameters *parameters);

// Fails where memory is short; copy is then closed.
enum wr_status wr_parameters_copy(struct wr_parameters *copy,
                                  const struct wr_parameters *parameters, struct wr_error *error);

// Appends "name=value:..." of what was given to text.
void wr_parameters_print(const struct wr_parameters *parameters, struct AVBPrint *text);
