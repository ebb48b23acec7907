// SPDX-License-Identifier: MIT
// What a filter is: a name, a table of parameters, and a function that lowers it to passes.
#pragma once

#include "kernels/program.h"

enum wr_parameter_kind {
    WR_INTEGER,
    WR_NUMBER,
    WR_BOOLEAN,
    WR_CHOICE,    // int: index into names
    WR_FLAGS,     // unsigned: one bit for each of names, written a+b
    WR_EXPRESSION // const char *: evaluated by lower() over its own variables
};

// One parameter, written once: parser, errors, help, man page, report and tests read this row.
struct wr_parameter {
    const char *name, *alias; // alias NULL where there is none
    const char *help;
    enum wr_parameter_kind kind;
    size_t offset;        // of the field in the filter's parameters
    const char *standard; // the default, written as a user would
    double min, max;      // of WR_INTEGER and WR_NUMBER
    const char *const *names;
};

// Rows of a parameter table; the kind follows from the field.
#define WR_FIELD_KIND(type, field)                                                                 \
    _Generic(((type *)0)->field, int: WR_INTEGER, double: WR_NUMBER, bool: WR_BOOLEAN,             \
             const char *: WR_EXPRESSION)
#define WR_PARAMETER(type, field, alias, standard, min, max, help)                                 \
    {                                                                                              \
#field, alias, help, WR_FIELD_KIND(type, field), offsetof(type, field), standard, min,     \
            max, 0                                                                                 \
    }
#define WR_PARAMETER_CHOICE(type, field, alias, standard, names, help)                             \
    {                                                                                              \
#field, alias, help, WR_CHOICE, offsetof(type, field), standard, 0, 0, names               \
    }
#define WR_PARAMETER_FLAGS(type, field, alias, standard, names, help)                              \
    {                                                                                              \
#field, alias, help, WR_FLAGS, offsetof(type, field), standard, 0, 0, names                \
    }

struct wr_variable {
    const char *name;
    double value;
};

// What lower() works on. picture is what comes in and, on return, what the filter leaves.
struct wr_lowering {
    struct wr_program *program;
    struct wr_picture picture;
    const char *filter;
    struct wr_error *error;
    // Evaluates an expression over variables (the last has name NULL); the result may be NaN. Fails
    // with a sentence that names filter, parameter and expression.
    enum wr_status (*evaluate)(const struct wr_lowering *lowering, const char *parameter,
                               const char *expression, const struct wr_variable *variables,
                               double *result);
    // Reads "640x360" or FFmpeg's name of a size ("hd720"); non-zero if text is neither.
    int (*parse_size)(const char *text, int *width, int *height);
};

struct wr_filter {
    const char *name, *help, *example;
    const struct wr_parameter *parameters;
    int parameter_count;
    size_t parameters_size;
    enum wr_status (*lower)(struct wr_lowering *lowering, const void *parameters);
};

#define WR_PARAMETERS(table, type)                                                                 \
    .parameters = table, .parameter_count = sizeof table / sizeof table[0],                        \
    .parameters_size = sizeof(type)

// All filters, in the order of filters.def.
extern const struct wr_filter *const wr_filters[];
extern const int wr_filter_total;

// A sentence that begins with the filter's name; returns WR_USAGE.
enum wr_status wr_refuse(const struct wr_lowering *lowering, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
