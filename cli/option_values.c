// SPDX-License-Identifier: MIT
// Reads numbers, choices and lists, and owns what is made of them.
#include "cli/option_values.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct wr_settings wr_default_settings(void)
{
    return (struct wr_settings){.engine = wr_default_engine_options(),
                                .job = wr_default_job_options(),
                                .many = {.name = "{stem}.{ext}"},
                                .progress = WR_PROGRESS_AUTO};
}

// Multiplies by the power of 1024 that the letter after a number stands for.
static bool scale(const char *letter, int64_t *number)
{
    static const char letters[] = "KMGT";
    const char *const found = strchr(letters, toupper((unsigned char)*letter));
    if (!found || letter[1])
        return false;
    return !__builtin_mul_overflow(*number, INT64_C(1024) << 10 * (found - letters), number);
}

static enum wr_status parse_integer(const struct wr_option_row *row, const char *text,
                                    int64_t *value, struct wr_error *error)
{
    char *end;
    errno = 0;
    int64_t number = strtoll(text, &end, 10);
    bool whole = *text && (unsigned char)*text > ' ' && end > text && !errno;
    if (whole && *end)
        whole = row->is_size && scale(end, &number);
    if (whole && number >= row->minimum && number <= row->maximum) {
        *value = number;
        return WR_OK;
    }
    if (row->is_size)
        return wr_fail(error, WR_USAGE, "--%s takes a number of bytes like 512M or 2G, not \"%s\"",
                       row->name, text);
    if (row->maximum == INT64_MAX)
        return wr_fail(error, WR_USAGE, "--%s takes a whole number of at least %lld, not \"%s\"",
                       row->name, (long long)row->minimum, text);
    return wr_fail(error, WR_USAGE, "--%s takes a whole number from %lld to %lld, not \"%s\"",
                   row->name, (long long)row->minimum, (long long)row->maximum, text);
}

static enum wr_status parse_seconds(const struct wr_option_row *row, const char *text,
                                    double *value, struct wr_error *error)
{
    char *end;
    const double number = strtod(text, &end);
    if (*text && (unsigned char)*text > ' ' && !*end && number >= 0 && number <= 1e6) {
        *value = number;
        return WR_OK;
    }
    return wr_fail(error, WR_USAGE, "--%s takes a number of seconds like 0.04, not \"%s\"",
                   row->name, text);
}

// The words of a choice stand in its argument, with bars between.
static enum wr_status parse_choice(const struct wr_option_row *row, const char *text,
                                   unsigned *value, struct wr_error *error)
{
    const char *word = row->argument;
    for (unsigned i = 0; word; i++) {
        const size_t length = strcspn(word, "|");
        if (strlen(text) == length && !strncmp(word, text, length)) {
            *value = i;
            return WR_OK;
        }
        word = word[length] ? word + length + 1 : NULL;
    }
    return wr_fail(error, WR_USAGE, "--%s takes one of %s, not \"%s\"", row->name, row->argument,
                   text);
}

static enum wr_status append_text(const struct wr_option_row *row, const char ***list,
                                  const char *text, struct wr_error *error)
{
    if (strchr(row->argument, '=') && (!strchr(text, '=') || *text == '='))
        return wr_fail(error, WR_USAGE, "--%s takes %s, not \"%s\"", row->name, row->argument,
                       text);
    size_t count = 0;
    while (*list && (*list)[count])
        count++;
    const char **const longer = realloc(*list, (count + 2) * sizeof(*longer));
    if (!longer)
        return wr_fail(error, WR_FAILED, "out of memory");
    longer[count] = text;
    longer[count + 1] = NULL;
    *list = longer;
    return WR_OK;
}

enum wr_status wr_option_store(const struct wr_option_row *row, struct wr_settings *settings,
                               const char *text, struct wr_error *error)
{
    void *const field = (char *)settings + row->offset;
    int64_t number = 0;
    switch (row->kind) {
    case WR_OPTION_TEXT:
        *(const char **)field = text ? text : "";
        return WR_OK;
    case WR_OPTION_TEXTS:
        return append_text(row, field, text, error);
    case WR_OPTION_INTEGER:
        if (parse_integer(row, text, &number, error))
            return WR_USAGE;
        *(int *)field = (int)number;
        return WR_OK;
    case WR_OPTION_LARGE:
        return parse_integer(row, text, field, error);
    case WR_OPTION_SECONDS:
        return parse_seconds(row, text, field, error);
    case WR_OPTION_SWITCH:
        *(bool *)field = true;
        return WR_OK;
    case WR_OPTION_CHOICE:
        return parse_choice(row, text, field, error);
    }
    return WR_OK;
}

// ---- lists that are the settings' own

static const char ***list_of(const struct wr_option_row *row, struct wr_settings *settings)
{
    return row->kind == WR_OPTION_TEXTS ? (const char ***)((char *)settings + row->offset) : NULL;
}

void wr_settings_free(struct wr_settings *settings)
{
    for (const struct wr_option_row *row = wr_option_rows;
         row < wr_option_rows + wr_option_row_count; row++) {
        const char ***const list = list_of(row, settings);
        if (list) {
            free(*list);
            *list = NULL;
        }
    }
    free(settings->remarks);
    settings->remarks = NULL;
    for (int n = 0; n < settings->made_count; n++)
        free(settings->made[n]);
    free(settings->made);
    settings->made = NULL;
    settings->made_count = 0;
}

const char *wr_settings_keep(struct wr_settings *settings, char *text)
{
    char **const longer =
        text ? realloc(settings->made, ((size_t)settings->made_count + 1) * sizeof(*longer)) : NULL;
    if (!longer) {
        free(text);
        return NULL;
    }
    settings->made = longer;
    return longer[settings->made_count++] = text;
}

enum wr_status wr_option_set(struct wr_settings *settings, const char *name, const char *text,
                             struct wr_error *error)
{
    for (const struct wr_option_row *row = wr_option_rows;
         row < wr_option_rows + wr_option_row_count; row++)
        if (!strcmp(row->name, name))
            return wr_option_store(row, settings, text, error);
    return wr_fail(error, WR_USAGE, "warpreel has no --%s", name);
}

enum wr_status wr_settings_copy(struct wr_settings *copy, const struct wr_settings *settings,
                                struct wr_error *error)
{
    enum wr_status status = WR_OK;
    *copy = *settings;
    copy->remarks = NULL;
    copy->made = NULL;
    copy->made_count = 0;
    for (const struct wr_option_row *row = wr_option_rows;
         row < wr_option_rows + wr_option_row_count; row++) {
        const char ***const list = list_of(row, copy);
        const char *const *const items = list ? *list : NULL;
        if (list)
            *list = NULL;
        for (int n = 0; items && items[n] && !status; n++)
            status = append_text(row, list, items[n], error);
    }
    return status;
}
