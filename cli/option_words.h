// SPDX-License-Identifier: MIT
// Options by their names, and rows and settings put into words.
#pragma once

#include "cli/settings.h"

// One row of the table, in words.
struct wr_option_info {
    const char *name, *alias; // alias NULL if there is none
    char letter;              // 0 if there is none
    const char *argument;     // NULL if it takes none
    bool optional;            // the argument may be left out, and else follows a '='
    const char *help;
    char limits[128]; // "1 to 256, default 16", "" if there is nothing to say
};

int wr_option_count(void);
struct wr_option_info wr_option_describe(int option);

// The name of the option that sets a field of struct wr_settings, for sentences: "filter".
#define wr_option_name(field) wr_option_at(offsetof(struct wr_settings, field))
const char *wr_option_at(size_t offset);

// What the option of that name takes, "" for nothing; NULL where there is no such option.
const char *wr_option_argument(const char *name);

// An option that only makes sense with a folder or several inputs; NULL if none is given.
const char *wr_settings_many_option(const struct wr_settings *settings);

// Refuses what is no name of an option that one of many inputs can have.
enum wr_status wr_settings_check_name(const char *name, struct wr_error *error);

// Sets what the option of that name sets, for one of many inputs; text is borrowed, NULL for a
// switch. Only options that say what a job makes can be set. *settings must be a copy that
// wr_settings_copy made.
enum wr_status wr_settings_set(struct wr_settings *settings, const char *name, const char *text,
                               struct wr_error *error);

// The options that say what a job makes, but for input and output, one on each line: text that is
// the same for the same work, "" if none is given. The caller's to free; NULL when memory is short.
char *wr_settings_words(const struct wr_settings *settings);

// Sets what such a text says. The text is changed, and has to outlive the settings.
enum wr_status wr_settings_read_words(struct wr_settings *settings, char *words,
                                      struct wr_error *error);
