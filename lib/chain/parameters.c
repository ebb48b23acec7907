// SPDX-License-Identifier: MIT
// Parses the parameters of one filter against its table.
#include "lib/chain/parameters.h"
#include "lib/chain/syntax.h"
#include "lib/warpreel.h"

#include <libavutil/avstring.h>
#include <libavutil/bprint.h>
#include <libavutil/eval.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void append(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void append(char *text, size_t size, const char *format, ...)
{
    const size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, size - used, format, arguments);
    va_end(arguments);
}

static void append_names(char *text, size_t size, const char *const *names, const char *between)
{
    for (int n = 0; names[n]; n++)
        append(text, size, "%s%s", n ? between : "", names[n]);
}

void wr_parameter_range(const struct wr_parameter *parameter, char *text, size_t size)
{
    *text = '\0';
    switch (parameter->kind) {
    case WR_INTEGER:
    case WR_NUMBER:
        if (parameter->min == parameter->max)
            append(text, size, "only %.10g", parameter->min);
        else
            append(text, size, "%.10g to %.10g", parameter->min, parameter->max);
        break;
    case WR_BOOLEAN:
        append(text, size, "0 or 1");
        break;
    case WR_CHOICE:
        append(text, size, "one of ");
        append_names(text, size, parameter->names, ", ");
        break;
    case WR_FLAGS:
        append(text, size, "any of ");
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

static enum wr_status refuse(const struct wr_parameters *p, const struct wr_parameter *row,
                             const char *value, struct wr_error *error)
{
    char range[512];
    // FFmpeg's parameters that do nothing here take one value, so that chains can be pasted.
    if (row->kind == WR_INTEGER && row->min == row->max)
        return wr_fail(error, WR_USAGE, "%s: %s is not supported", p->filter->name, row->help);
    wr_parameter_range(row, range, sizeof range);
    const char *nearest = wr_nearest(value, word, row->names, word_count(row->names));
    return wr_fail(error, WR_USAGE, "%s: %s=%s is not allowed, it takes %s%s%s%s", p->filter->name,
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

static enum wr_status check_formats(const struct wr_parameters *p, const char *value,
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
                p->filter->name, name);
        if (failed)
            return wr_fail(error, WR_USAGE, "%s: unknown pixel format \"%.*s\"", p->filter->name,
                           length, value);
        value += length + (value[length] == '|');
    }
    return WR_OK;
}

// Fields of these kinds point to the text itself.
static bool is_text(const struct wr_parameter *row)
{
    return row->kind == WR_EXPRESSION || row->kind == WR_TEXT || row->kind == WR_FORMATS;
}

static enum wr_status set_text(struct wr_parameters *p, int index, const char *value,
                               struct wr_error *error)
{
    const struct wr_parameter *row = &p->filter->parameters[index];
    free(p->strings[index]);
    if (!(p->strings[index] = strdup(value)))
        return wr_fail(error, WR_FAILED, "out of memory while reading the filters");
    if (is_text(row))
        *(const char **)((char *)p->values + row->offset) = p->strings[index];
    return WR_OK;
}

static enum wr_status set(struct wr_parameters *p, int index, const char *value,
                          struct wr_error *error)
{
    const struct wr_parameter *row = &p->filter->parameters[index];
    void *field = (char *)p->values + row->offset;
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
        if (check_formats(p, value, error))
            return WR_USAGE;
        break;
    }
    return good ? set_text(p, index, value, error) : refuse(p, row, value, error);
}

static int find(const struct wr_filter *filter, const char *name)
{
    for (int n = 0; n < filter->parameter_count; n++) {
        const struct wr_parameter *row = &filter->parameters[n];
        if (!strcmp(row->name, name) || (row->alias && !strcmp(row->alias, name)))
            return n;
    }
    return -1;
}

static const char *parameter_name(const void *filter, int n)
{
    return ((const struct wr_filter *)filter)->parameters[n].name;
}

static enum wr_status refuse_name(const struct wr_filter *filter, const char *name,
                                  struct wr_error *error)
{
    if (!filter->parameter_count)
        return wr_fail(error, WR_USAGE, "%s: no parameter '%s', it takes none", filter->name, name);
    char names[512] = "";
    for (int n = 0; n < filter->parameter_count; n++)
        append(names, sizeof names, "%s%s", n ? ", " : "", filter->parameters[n].name);
    const char *nearest = wr_nearest(name, parameter_name, filter, filter->parameter_count);
    if (nearest)
        return wr_fail(error, WR_USAGE, "%s: no parameter '%s', did you mean '%s'? It takes %s",
                       filter->name, name, nearest, names);
    return wr_fail(error, WR_USAGE, "%s: no parameter '%s', it takes %s", filter->name, name,
                   names);
}

// A value without a name, for which there is no parameter left.
static enum wr_status refuse_value(const struct wr_parameters *p, const char *value,
                                   bool after_named, struct wr_error *error)
{
    const struct wr_filter *filter = p->filter;
    int left = 0; // a parameter that was not given yet
    while (left < filter->parameter_count && p->given[left])
        left++;
    const struct wr_parameter *row = &filter->parameters[left];
    if (after_named && left < filter->parameter_count)
        return wr_fail(error, WR_USAGE,
                       "%s: '%s' follows a named parameter and needs a name itself, such as %s=%s",
                       filter->name, value, row->alias ? row->alias : row->name, value);
    return wr_fail(error, WR_USAGE, "%s: '%s' is one value too many, it takes %d", filter->name,
                   value, filter->parameter_count);
}

// One "name=value" or positional "value" of the chain. *position is the parameter that the next
// positional value is for, beyond their count by one when that needs a name.
static enum wr_status take(struct wr_parameters *p, const char *key, const char *value,
                           int *position, struct wr_error *error)
{
    const struct wr_filter *filter = p->filter;
    int index = *position;
    if (key && !strcmp(key, "enable")) {
        free(p->enable);
        p->enable = strdup(value);
        return p->enable ? WR_OK
                         : wr_fail(error, WR_FAILED, "out of memory while reading the filters");
    }
    if (key) {
        index = find(filter, key);
        if (index < 0)
            return refuse_name(filter, key, error);
        *position = filter->parameter_count + 1; // FFmpeg: nothing positional after a name
    } else if (index >= filter->parameter_count) {
        return refuse_value(p, value, index > filter->parameter_count, error);
    } else {
        ++*position;
    }
    p->given[index] = true;
    return set(p, index, value, error);
}

static enum wr_status parse(struct wr_parameters *p, const char *text, struct wr_error *error)
{
    int position = 0;
    enum wr_status status = WR_OK;
    while (text && *text && !status) {
        char *key = NULL, *value = NULL;
        if (av_opt_get_key_value(&text, "=", ":", AV_OPT_FLAG_IMPLICIT_KEY, &key, &value) < 0)
            return wr_fail(error, WR_USAGE, "%s: '%s' is not a list of parameters", p->filter->name,
                           text);
        status = take(p, key, value, &position, error);
        av_free(key);
        av_free(value);
        if (*text == ':')
            text++;
    }
    return status;
}

static enum wr_status allocate(struct wr_parameters *p, const struct wr_filter *filter,
                               struct wr_error *error)
{
    const size_t count = (size_t)filter->parameter_count + 1;
    *p = (struct wr_parameters){.filter = filter,
                                .values = calloc(1, filter->parameters_size + 1),
                                .strings = calloc(count, sizeof *p->strings),
                                .given = calloc(count, sizeof *p->given)};
    return p->values && p->strings && p->given
               ? WR_OK
               : wr_fail(error, WR_FAILED, "out of memory while reading the filters");
}

enum wr_status wr_parameters_open(struct wr_parameters *p, const struct wr_filter *filter,
                                  const char *text, struct wr_error *error)
{
    enum wr_status status = allocate(p, filter, error);
    for (int n = 0; n < filter->parameter_count && !status; n++)
        status = set(p, n, filter->parameters[n].standard, error);
    if (!status)
        status = parse(p, text, error);
    if (status)
        wr_parameters_close(p);
    return status;
}

enum wr_status wr_parameters_copy(struct wr_parameters *copy, const struct wr_parameters *p,
                                  struct wr_error *error)
{
    const struct wr_filter *filter = p->filter;
    enum wr_status status = allocate(copy, filter, error);
    if (!status) {
        memcpy(copy->values, p->values, filter->parameters_size);
        memcpy(copy->given, p->given, (size_t)filter->parameter_count * sizeof *p->given);
    }
    for (int n = 0; n < filter->parameter_count && !status; n++)
        status = set_text(copy, n, p->strings[n], error);
    if (!status && p->enable && !(copy->enable = strdup(p->enable)))
        status = wr_fail(error, WR_FAILED, "out of memory while reading the filters");
    if (status)
        wr_parameters_close(copy);
    return status;
}

void wr_parameters_close(struct wr_parameters *p)
{
    for (int n = 0; p->strings && n < p->filter->parameter_count; n++)
        free(p->strings[n]);
    free(p->strings);
    free(p->given);
    free(p->values);
    free(p->enable);
    *p = (struct wr_parameters){0};
}

// As it has to be written in a list of parameters, and that in a chain.
static void print_value(const char *value, AVBPrint *text)
{
    AVBPrint listed;
    av_bprint_init(&listed, 0, AV_BPRINT_SIZE_UNLIMITED);
    av_bprint_escape(&listed, value, ":", AV_ESCAPE_MODE_BACKSLASH, 0);
    if (strpbrk(listed.str, ",;[]\\' "))
        av_bprint_escape(text, listed.str, NULL, AV_ESCAPE_MODE_QUOTE, 0);
    else
        av_bprintf(text, "%s", listed.str);
    av_bprint_finalize(&listed, NULL);
}

void wr_parameters_print(const struct wr_parameters *p, AVBPrint *text)
{
    char between = '=';
    for (int n = 0; n < p->filter->parameter_count; n++)
        if (p->given[n]) {
            av_bprintf(text, "%c%s=", between, p->filter->parameters[n].name);
            print_value(p->strings[n], text);
            between = ':';
        }
    if (p->enable) {
        av_bprintf(text, "%cenable=", between);
        print_value(p->enable, text);
    }
}
