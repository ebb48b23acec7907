// SPDX-License-Identifier: MIT
// --resume with a single output: what an earlier run has made of it, as noted in the output's
// folder.
#pragma once

#include "cli/many/journal.h"

struct wr_resume {
    struct wr_journal *journal; // NULL without --resume
    struct wr_entry entry;      // of the output; with --part, of that part's file
    bool is_done;               // the entry's state says how
};

// Looks for the output of the settings, whose strings are borrowed. Refuses outputs that are no
// files. Close it in any case.
enum wr_status wr_resume_open(struct wr_resume *resume, const struct wr_settings *settings,
                              struct wr_error *error);

// Notes that the output was made, of an input that may be damaged.
enum wr_status wr_resume_note(const struct wr_resume *resume, enum wr_entry_state state,
                              struct wr_error *error);

void wr_resume_close(struct wr_resume *resume);
