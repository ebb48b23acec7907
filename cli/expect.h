// SPDX-License-Identifier: MIT
// Turns --expect and the options around it into what one job compares with, or writes for later
// runs.
#pragma once

#include "cli/settings.h"

// Whether the run compares with something, or writes what later runs compare with.
bool wr_expect_is_asked(const struct wr_settings *settings);

// Refuses options of one input that do not go together.
enum wr_status wr_expect_check_job(const struct wr_settings *settings, struct wr_error *error);

// Refuses options of the whole run that do not go together.
enum wr_status wr_expect_check(const struct wr_settings *settings, struct wr_error *error);

// Settles for one input what its job compares with. A job that writes that for later runs has it as
// its output. place is the input's name, with the folders in which it was found below the one that
// was given. Does nothing where nothing is compared, or where that is settled already. Names in a
// folder: see the manual.
enum wr_status wr_expect_settle(struct wr_settings *settings, const char *place,
                                struct wr_error *error);

// Whether a file's name ends as those that --expect looks for and --expect-update writes.
bool wr_expect_is_name(const char *path);

// Whether the file holds what another file beside it is compared with, as clip.mp4.framehash beside
// clip.mp4. Then it is no input itself.
bool wr_expect_is_beside(const struct wr_settings *settings, const char *path);

// Makes the folders of what is written besides the output, once that is settled.
enum wr_status wr_expect_make_folders(const struct wr_settings *settings, struct wr_error *error);
