// SPDX-License-Identifier: MIT
// From the words of the command line to the fields of the settings.
#pragma once

#include "cli/option_rows.h"

struct wr_settings wr_default_settings(void);

// Reads the text, NULL for a switch, into the row's field. It is borrowed.
enum wr_status wr_option_store(const struct wr_option_row *row, struct wr_settings *settings,
                               const char *text, struct wr_error *error);

// Sets what the option --NAME sets; text is borrowed, and NULL for a switch.
enum wr_status wr_option_set(struct wr_settings *settings, const char *name, const char *text,
                             struct wr_error *error);

void wr_settings_free(struct wr_settings *settings);

// A copy that can be changed without the original. Free it with wr_settings_free.
enum wr_status wr_settings_copy(struct wr_settings *copy, const struct wr_settings *settings,
                                struct wr_error *error);

// Takes text over, to be freed with the settings, and returns it; NULL where memory is short.
const char *wr_settings_keep(struct wr_settings *settings, char *text);
