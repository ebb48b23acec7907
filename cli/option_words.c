// SPDX-License-Identifier: MIT
// Sets options by name, and describes rows and settings in words.
#include "cli/option_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/option_values.h"

const char *wr_option_at(size_t offset)
{
    for (int i = 0; i < wr_option_row_count; i++)
        if (wr_option_rows[i].offset == offset)
            return wr_option_rows[i].name;
    return "";
}

const char *wr_option_argument(const char *name)
{
    for (int i = 0; i < wr_option_row_count; i++)
        if (!strcmp(wr_option_rows[i].name, name))
            return wr_option_rows[i].argument && !wr_option_is_optional(&wr_option_rows[i])
                       ? wr_option_rows[i].argument
                       : "";
    return NULL;
}

// ---- options of many inputs

const char *wr_settings_many_option(const struct wr_settings *settings)
{
    const struct wr_many_options *const many = &settings->many;
    const struct wr_settings standard = wr_default_settings();
    const bool is_named = strcmp(many->name, standard.many.name);
    return many->list        ? wr_option_name(many.list)
           : many->watch     ? wr_option_name(many.watch)
           : many->recursive ? wr_option_name(many.recursive)
           : many->include   ? wr_option_name(many.include)
           : many->exclude   ? wr_option_name(many.exclude)
           : many->others    ? wr_option_name(many.others)
           : is_named        ? wr_option_name(many.name)
           : many->jobs      ? wr_option_name(many.jobs)
                             : NULL;
}

// ---- options of a single job, by name

// Whether the row says what a job makes; input and output have their own ways.
static bool is_for_job(const struct wr_option_row *row)
{
    const size_t job = offsetof(struct wr_settings, job);
    return row->offset >= job && row->offset < job + sizeof(struct wr_job_options) &&
           !row->is_made && row->offset != offsetof(struct wr_settings, job.overwrite) &&
           row->offset != offsetof(struct wr_settings, job.part) &&
           row->offset != offsetof(struct wr_settings, job.keep_partial);
}

// The row of an option that a job can have, by either of its names; NULL with an error.
static const struct wr_option_row *find_job_row(const char *name, struct wr_error *error)
{
    for (const struct wr_option_row *row = wr_option_rows;
         row < wr_option_rows + wr_option_row_count; row++)
        if (is_for_job(row) &&
            (!strcmp(row->name, name) || (row->alias && !strcmp(row->alias, name))))
            return row;
    wr_fail(error, WR_USAGE, "\"%s\" is no option that a single input can have", name);
    return NULL;
}

enum wr_status wr_settings_check_name(const char *name, struct wr_error *error)
{
    return find_job_row(name, error) ? WR_OK : WR_USAGE;
}

enum wr_status wr_settings_set(struct wr_settings *settings, const char *name, const char *text,
                               struct wr_error *error)
{
    const struct wr_option_row *const row = find_job_row(name, error);
    if (!row)
        return WR_USAGE;
    if (!text && row->kind != WR_OPTION_SWITCH)
        return wr_fail(error, WR_USAGE, "--%s needs an argument: %s", row->name, row->argument);
    return wr_option_store(row, settings, text, error);
}

// Prints one line, also where the text has several: line feeds and backslashes are escaped.
static void print_text(FILE *file, const char *name, const char *text)
{
    fprintf(file, "--%s=", name);
    for (; *text; text++)
        if (*text == '\n' || *text == '\\')
            fprintf(file, "\\%c", *text == '\n' ? 'n' : '\\');
        else
            fputc(*text, file);
    fputc('\n', file);
}

// The word that stands for a number in "word|word|word". It ends at the next bar or with the text.
static const char *choice_word(const struct wr_option_row *row, unsigned number)
{
    const char *word = row->argument;
    while (number-- && strchr(word, '|'))
        word = strchr(word, '|') + 1;
    return word;
}

// Prints one field after the name of its option.
static void print_field(FILE *file, const struct wr_option_row *row, const void *field)
{
    const char *const *list;
    const char *word;
    switch (row->kind) {
    case WR_OPTION_TEXT:
        print_text(file, row->name, *(const char *const *)field);
        break;
    case WR_OPTION_TEXTS:
        for (list = *(const char *const *const *)field; list && *list; list++)
            print_text(file, row->name, *list);
        break;
    case WR_OPTION_LARGE:
        fprintf(file, "--%s=%lld\n", row->name, (long long)*(const int64_t *)field);
        break;
    case WR_OPTION_SECONDS:
        fprintf(file, "--%s=%.9g\n", row->name, *(const double *)field);
        break;
    case WR_OPTION_INTEGER:
        fprintf(file, "--%s=%d\n", row->name, *(const int *)field);
        break;
    case WR_OPTION_CHOICE:
        word = choice_word(row, *(const unsigned *)field);
        fprintf(file, "--%s=%.*s\n", row->name, (int)strcspn(word, "|"), word);
        break;
    case WR_OPTION_SWITCH:
        fprintf(file, "--%s\n", row->name);
        break;
    }
}

static size_t field_size(enum wr_option_kind kind)
{
    return kind == WR_OPTION_TEXT || kind == WR_OPTION_TEXTS ? sizeof(const char *)
           : kind == WR_OPTION_LARGE                         ? sizeof(int64_t)
           : kind == WR_OPTION_SECONDS                       ? sizeof(double)
           : kind == WR_OPTION_SWITCH                        ? sizeof(bool)
                                                             : sizeof(int);
}

// Whether the field holds what it does without the option.
static bool is_standard(const struct wr_option_row *row, const struct wr_settings *settings,
                        const struct wr_settings *standard)
{
    return !memcmp((const char *)settings + row->offset, (const char *)standard + row->offset,
                   field_size(row->kind));
}

char *wr_settings_words(const struct wr_settings *settings)
{
    char *words = NULL;
    size_t size;
    FILE *const file = open_memstream(&words, &size);
    if (!file)
        return NULL;
    const struct wr_settings standard = wr_default_settings();
    for (const struct wr_option_row *row = wr_option_rows;
         row < wr_option_rows + wr_option_row_count; row++)
        if (is_for_job(row) && !is_standard(row, settings, &standard))
            print_field(file, row, (const char *)settings + row->offset);
    if (fclose(file)) {
        free(words);
        return NULL;
    }
    return words;
}

enum wr_status wr_settings_read_words(struct wr_settings *settings, char *words,
                                      struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (char *line = words, *next; !status && line && *line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        char *name = line + strspn(line, "-"), *value = strchr(name, '=');
        if (value)
            *value++ = '\0';
        char *to = value;
        for (const char *from = value; from && *from; from++) {
            const bool is_escape = *from == '\\' && from[1];
            from += is_escape;
            *to++ = (char)(is_escape && *from == 'n' ? '\n' : *from);
        }
        if (to)
            *to = '\0';
        status = wr_settings_set(settings, name, value, error);
    }
    return status;
}

// ---- the table in words

// Appends what the field holds when the option is not given; nothing for switches and for "all".
// A number that the option itself does not take stands for "not given".
static void append_standard(const struct wr_option_row *row, char *text, size_t size)
{
    const struct wr_settings settings = wr_default_settings();
    const void *const field = (const char *)&settings + row->offset;
    const char *const before = text[0] ? ", default" : "default";
    const size_t used = strlen(text);
    const char *const word = row->kind == WR_OPTION_TEXT     ? *(const char *const *)field
                             : row->kind == WR_OPTION_CHOICE ? row->argument
                                                             : NULL;
    if (word) // a choice's first
        snprintf(text + used, size - used, "%s %.*s", before, (int)strcspn(word, "|"), word);
    else if (row->kind == WR_OPTION_INTEGER && *(const int *)field >= row->minimum &&
             *(const int *)field <= row->maximum)
        snprintf(text + used, size - used, "%s %d", before, *(const int *)field);
}

int wr_option_count(void)
{
    return wr_option_row_count;
}

struct wr_option_info wr_option_describe(int option)
{
    const struct wr_option_row *const row = &wr_option_rows[option];
    struct wr_option_info info = {
        .name = row->name,
        .alias = row->alias,
        .letter = row->letter,
        .argument = row->argument,
        .optional = wr_option_is_optional(row),
        .help = row->help,
    };
    if (row->kind == WR_OPTION_INTEGER)
        snprintf(info.limits, sizeof(info.limits), "%lld to %lld", (long long)row->minimum,
                 (long long)row->maximum);
    append_standard(row, info.limits, sizeof(info.limits));
    return info;
}
