// SPDX-License-Identifier: MIT
// Reads one value as its parameter's row says.
#include "lib/chain/value.h"

#include <libavutil/avstring.h>
#include <libavutil/eval.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/chain/syntax.h"

static void append_names(char *text, size_t size, const char *const *names, const char *between)
{
    for (int n = 0; names[n]; n++)
        av_strlcatf(text, size, "%s%s", n ? between : "", names[n]);
}

void wr_value_range(const struct wr_parameter *parameter, char *text, size_t size)
{
    *text = '\0';
    switch (parameter->kind) {
    case WR_INTEGER:
    case WR_NUMBER:
        if (parameter->min == parameter->max)
            av_strlcatf(text, size, "only %.10g", parameter->min);
        else
            av_strlcatf(text, size, "%.10g to %.10g", parameter->min, parameter->max);
        break;
    case WR_BOOLEAN:
        av_strlcatf(text, size, "0 or 1");
        break;
    case WR_CHOICE:
        av_strlcatf(text, size, "one of ");
        append_names(text, size, parameter->names, ", ");
        break;
    case WR_FLAGS:
        av_strlcatf(text, size, "any of ");
        append_names(text, size, parameter->names, "+");
        break;
    case WR_EXPRESSION:
    case WR_TEXT:
    case WR_FORMATS:
        break;
    }
}

static const char *word(const void *names, int n)
{
    return ((const char *const *)names)[n];
}

static int word_count(const char *const *names)
{
    int count = 0;
    while (names && names[count])
        count++;
    return count;
}

static enum wr_status refuse(const struct wr_filter *filter, const struct wr_parameter *row,
                             const char *value, struct wr_error *error)
{
    char range[512];
    // FFmpeg's parameters that do nothing here take one value, so that chains can be pasted.
    if (row->kind == WR_INTEGER && row->min == row->max)
        return wr_fail(error, WR_USAGE, "%s: %s is not supported", filter->name, row->help);
    wr_value_range(row, range, sizeof range);
    const char *nearest = wr_nearest(value, word, row->names, word_count(row->names));
    return wr_fail(error, WR_USAGE, "%s: %s=%s is not allowed, it takes %s%s%s%s", filter->name,
                   row->name, value, range, nearest ? "; did you mean '" : "",
                   nearest ? nearest : "", nearest ? "'?" : "");
}

// An expression over the row's limits or, as FFmpeg has it, a fraction N:D.
static bool evaluate(const struct wr_parameter *row, const char *value, double standard,
                     double *number)
{
    static const char *const names[] = {"default", "min", "max", NULL};
    const double values[] = {standard, row->min, row->max, 0};
    int above, below, length = 0;
    if (sscanf(value, "%9d:%9d%n", &above, &below, &length) == 2 && !value[length]) {
        *number = (double)above / below;
        return true;
    }
    return av_expr_parse_and_eval(number, value, names, values, NULL, NULL, NULL, NULL, NULL, 0,
                                  NULL) >= 0;
}

static bool parse_number(const struct wr_parameter *row, const char *value, double *number)
{
    double standard = 0;
    if (strcmp(value, row->standard))
        evaluate(row, row->standard, 0, &standard);
    return evaluate(row, value, standard, number) && *number >= row->min && *number <= row->max;
}

static bool parse_boolean(const char *value, bool *result)
{
    static const char *const words[] = {"0",       "1",      "false",    "true",   "no",
                                        "yes",     "off",    "on",       "n",      "y",
                                        "disable", "enable", "disabled", "enabled"};
    for (size_t n = 0; n < sizeof words / sizeof words[0]; n++)
        if (!strcmp(value, words[n])) {
            *result = n % 2;
            return true;
        }
    return false;
}

static int name_index(const char *const *names, const char *name, size_t length)
{
    for (int n = 0; names[n]; n++)
        if (strlen(names[n]) == length && !strncmp(names[n], name, length))
            return n;
    return -1;
}

static bool parse_choice(const struct wr_parameter *row, const char *value, int *result)
{
    const int count = word_count(row->names);
    char *end;
    const long number = strtol(value, &end, 10);
    const bool is_number = *value && !*end;
    const long index = is_number ? number : name_index(row->names, value, strlen(value));
    *result = index >= 0 && index < count ? (int)index : 0;
    return index >= 0 && index < count;
}

static bool parse_flags(const struct wr_parameter *row, const char *value, unsigned *result)
{
    *result = 0;
    for (const char *name = value; *name;) {
        const size_t length = strcspn(name, "+");
        const int index = name_index(row->names, name, length);
        if (index < 0)
            return false;
        *result |= 1u << index;
        name += length + (name[length] == '+');
    }
    return true;
}

static enum wr_status check_formats(const struct wr_filter *filter, const char *value,
                                    struct wr_error *error)
{
    while (*value) {
        const int length = (int)strcspn(value, "|");
        char name[32];
        struct wr_format format;
        snprintf(name, sizeof name, "%.*s", length, value);
        const int failed = length < (int)sizeof name ? wr_syntax.parse_format(name, &format) : -1;
        if (failed > 0)
            return wr_fail(
                error, WR_USAGE,
                "%s: cannot make %s: every component must have 8 to 16 bits, all the same",
                filter->name, name);
        if (failed)
            return wr_fail(error, WR_USAGE, "%s: unknown pixel format \"%.*s\"", filter->name,
                           length, value);
        value += length + (value[length] == '|');
    }
    return WR_OK;
}

bool wr_value_is_text(const struct wr_parameter *row)
{
    return row->kind == WR_EXPRESSION || row->kind == WR_TEXT || row->kind == WR_FORMATS;
}

enum wr_status wr_value_read(const struct wr_filter *filter, const struct wr_parameter *row,
                             const char *value, void *field, struct wr_error *error)
{
    double number = 0;
    bool good = true;
    switch (row->kind) {
    case WR_INTEGER:
        good = parse_number(row, value, &number) && number == trunc(number);
        *(int *)field = good ? (int)number : 0;
        break;
    case WR_NUMBER:
        good = parse_number(row, value, field);
        break;
    case WR_BOOLEAN:
        good = parse_boolean(value, field);
        break;
    case WR_CHOICE:
        good = parse_choice(row, value, field);
        break;
    case WR_FLAGS:
        good = parse_flags(row, value, field);
        break;
    case WR_EXPRESSION:
    case WR_TEXT:
        break;
    case WR_FORMATS:
        return check_formats(filter, value, error);
    }
    return good ? WR_OK : refuse(filter, row, value, error);
}
