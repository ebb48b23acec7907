// SPDX-License-Identifier: MIT
// Parses the parameters of one filter against its table.
#include "lib/chain/parameters.h"

#include <libavutil/avstring.h>
#include <libavutil/bprint.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
#include <stdlib.h>
#include <string.h>

#include "lib/chain/value.h"

static enum wr_status set_text(struct wr_parameters *p, int index, const char *value,
                               struct wr_error *error)
{
    const struct wr_parameter *row = &p->filter->parameters[index];
    free(p->strings[index]);
    if (!(p->strings[index] = strdup(value)))
        return wr_fail(error, WR_FAILED, "out of memory while reading the filters");
    if (wr_value_is_text(row))
        *(const char **)((char *)p->values + row->offset) = p->strings[index];
    return WR_OK;
}

static enum wr_status set(struct wr_parameters *p, int index, const char *value,
                          struct wr_error *error)
{
    const struct wr_parameter *row = &p->filter->parameters[index];
    void *field = (char *)p->values + row->offset;
    const enum wr_status status = wr_value_read(p->filter, row, value, field, error);
    return status ? status : set_text(p, index, value, error);
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
        av_strlcatf(names, sizeof names, "%s%s", n ? ", " : "", filter->parameters[n].name);
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
