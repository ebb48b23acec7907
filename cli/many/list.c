// SPDX-License-Identifier: MIT
// Lines of a list become entries; jansson reads those that are JSON.
#include "cli/many/list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/option_words.h"

// Sets one option of the entry; *value stays with the entry.
static enum wr_status set_option(struct wr_entry *entry, const char *name, const json_t *value,
                                 struct wr_error *error)
{
    if (json_is_string(value))
        return wr_settings_set(&entry->settings, name, json_string_value(value), error);
    if (json_is_true(value))
        return wr_settings_set(&entry->settings, name, NULL, error);
    if (json_is_false(value))
        return wr_settings_check_name(name, error);
    return wr_fail(error, WR_USAGE, "\"%s\" takes a text, or true for a switch", name);
}

// A list is as many options of that name.
static enum wr_status set_options(struct wr_entry *entry, const char *name, const json_t *value,
                                  struct wr_error *error)
{
    if (!json_is_array(value))
        return set_option(entry, name, value, error);
    enum wr_status status = wr_settings_check_name(name, error);
    for (size_t n = 0; n < json_array_size(value) && !status; n++)
        status = set_option(entry, name, json_array_get(value, n), error);
    return status;
}

// A number as a text; anything else as it is. NULL when memory is short.
static json_t *spell(json_t *value)
{
    if (!json_is_number(value))
        return json_incref(value);
    char *const text = json_dumps(value, JSON_ENCODE_ANY);
    json_t *const spelt = text ? json_string(text) : NULL;
    free(text);
    return spelt;
}

// Numbers may be written as such; options take them as text.
static enum wr_status spell_numbers(json_t *object, struct wr_error *error)
{
    const char *name;
    json_t *value;
    void *next;
    int failed = 0;
    json_object_foreach_safe(object, next, name, value)
    {
        for (size_t n = 0; n < json_array_size(value); n++)
            failed |= json_array_set_new(value, n, spell(json_array_get(value, n)));
        failed |= json_object_set_new(object, name, spell(value));
    }
    return failed ? wr_fail(error, WR_FAILED, "out of memory") : WR_OK;
}

static enum wr_status apply_object(struct wr_entry *entry, const char *root, struct wr_error *error)
{
    const char *name;
    json_t *value;
    enum wr_status status = WR_OK;
    json_object_foreach(entry->own, name, value)
    {
        if (!status && !strcmp(name, "output"))
            status = json_is_string(value)
                         ? wr_entry_set_output(entry, root, json_string_value(value), error)
                         : wr_fail(error, WR_USAGE, "\"output\" takes a text");
        else if (!status && strcmp(name, "input"))
            status = set_options(entry, name, value, error);
    }
    return status;
}

// A list of JSON lines may have one that is another value by mistake. It is a path only where there
// is such a file.
static enum wr_status check_array(const char *line, struct wr_error *error)
{
    json_t *const array = json_loads(line, 0, NULL);
    const bool is_wrong = array && access(line, F_OK);
    json_decref(array);
    return is_wrong ? wr_fail(error, WR_USAGE, "it is a JSON array: an object or a path is wanted")
                    : WR_OK;
}

static enum wr_status read_path(struct wr_entries *entries, const struct wr_settings *settings,
                                const char *line, struct wr_error *error)
{
    const enum wr_status status =
        line[strspn(line, " \t")] == '[' ? check_array(line, error) : WR_OK;
    return status ? status : wr_entries_add(entries, settings, line, "", NULL, error);
}

static enum wr_status read_object(struct wr_entries *entries, const struct wr_settings *settings,
                                  const char *line, struct wr_error *error)
{
    struct wr_entry *entry;
    json_error_t wrong;
    json_t *const object = json_loads(line, JSON_REJECT_DUPLICATES, &wrong);
    if (!object)
        return wr_fail(error, WR_USAGE, "this is no JSON: %s", wrong.text);
    const char *const input = json_string_value(json_object_get(object, "input"));
    enum wr_status status = input && *input
                                ? spell_numbers(object, error)
                                : wr_fail(error, WR_USAGE, "it has no \"input\" that is a text");
    if (!status)
        status = wr_entries_add(entries, settings, input, "", &entry, error);
    if (status) {
        json_decref(object);
        return status;
    }
    entry->own = object;
    if (json_object_get(object, wr_option_name(job.expect)))
        entry->settings.expect_is_folder = false;
    status = apply_object(entry, settings->job.output, error);
    if (!status)
        status = wr_settings_check_one_of_many(&entry->settings, error);
    struct wr_job_options job = entry->settings.job;
    job.expect = entry->settings.expect_is_folder ? NULL : job.expect;
    return status ? status : wr_job_check(NULL, &job, error);
}

static enum wr_status read_line(struct wr_entries *entries, const struct wr_settings *settings,
                                const char *line, struct wr_error *error)
{
    const char *const word = line + strspn(line, " \t");
    if (!*word)
        return WR_OK;
    return *word == '{' ? read_object(entries, settings, word, error)
                        : read_path(entries, settings, line, error);
}

// How many bytes at the beginning are the byte order mark that some editors write.
static size_t mark_size(const char *text)
{
    return strncmp(text, "\xef\xbb\xbf", 3) ? 0 : 3;
}

static enum wr_status read_lines(struct wr_entries *entries, const struct wr_settings *settings,
                                 FILE *file, struct wr_error *error)
{
    const char *const path = settings->many.list;
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    enum wr_status status = WR_OK;
    for (int number = 1; !status && (length = getline(&line, &size, file)) >= 0; number++) {
        struct wr_error wrong = {0};
        const int before = entries->count;
        if (length && line[length - 1] == '\n')
            line[--length] = '\0';
        if (length && line[length - 1] == '\r') // as Windows ends lines
            line[--length] = '\0';
        if (strlen(line) != (size_t)length)
            status = wr_fail(&wrong, WR_USAGE, "it holds a zero byte");
        else
            status =
                read_line(entries, settings, line + (number == 1 ? mark_size(line) : 0), &wrong);
        if (status)
            wr_fail(error, status, "%s, line %d: %s", path, number, wrong.text);
        else if (entries->count > before)
            entries->items[before]->line = number;
    }
    free(line);
    if (!status && ferror(file))
        status =
            wr_fail(error, WR_FAILED, "cannot read the list \"%s\": %s", path, strerror(errno));
    return status;
}

enum wr_status wr_list_read(struct wr_entries *entries, const struct wr_settings *settings,
                            struct wr_error *error)
{
    const char *const path = settings->many.list;
    const bool is_stdin = !strcmp(path, "-");
    FILE *const file = is_stdin ? stdin : fopen(path, "r");
    if (!file)
        return wr_fail(error, WR_FAILED, "cannot read the list \"%s\": %s", path, strerror(errno));
    const enum wr_status status = read_lines(entries, settings, file, error);
    if (!is_stdin)
        fclose(file);
    return status;
}
