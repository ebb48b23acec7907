// SPDX-License-Identifier: MIT
// The work of a run with many inputs: one entry for each, with its output and its own settings.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "cli/options.h"

// The file in the output folder in which a run notes what it has made.
#define WR_JOURNAL_NAME ".warpreel.jsonl"

enum wr_entry_state {
    WR_ENTRY_WAITING,
    WR_ENTRY_RUNNING,
    WR_ENTRY_DONE,
    WR_ENTRY_DAMAGED,
    WR_ENTRY_FAILED,
    WR_ENTRY_DIFFERS, // from what was expected
    WR_ENTRY_SKIPPED,
    WR_ENTRY_INTERRUPTED
};

struct wr_entry {
    char *input, *output; // owned; settings point to them; output NULL where nothing is kept
    char *place;          // the input's name, with the folders in which it was found
    char *prefix;         // "input: "
    char *target;         // what settings.job.output names, without links; NULL: not known yet
    struct wr_settings settings;
    int line;      // of the list that it comes from, 0 for none
    json_t *own;   // what stands in that line, whose strings settings point to, or NULL
    bool is_other; // a file in a folder that is no video, or what is left out
    bool is_said;  // why it failed
    enum wr_entry_state state;
    char sentence[sizeof((struct wr_error *)0)->text]; // why it is not done, "" if it is
    json_t *report;                                    // of its job, NULL before it ended
};

struct wr_entries {
    struct wr_entry **items; // an entry stays where it is when others are added
    int count;
};

// Adds an input and gives it in *added, which may be NULL. Its output has the name that
// settings->many.name makes of the input's, in `folder`, a path below the output folder ("" for
// that itself). input and folder are copied, settings' strings are borrowed.
enum wr_status wr_entries_add(struct wr_entries *entries, const struct wr_settings *settings,
                              const char *input, const char *folder, struct wr_entry **added,
                              struct wr_error *error);

// Makes the entry's output another one: a path below the output folder, or an absolute one.
enum wr_status wr_entry_set_output(struct wr_entry *entry, const char *root, const char *output,
                                   struct wr_error *error);

// Refuses two entries that would write one file, be it called the same or not, and outputs that
// would replace an input. Settles before what entries write for later runs to compare with.
enum wr_status wr_entries_check(const struct wr_entries *entries, struct wr_error *error);

// The input's name to print before a sentence, with ": "; "" where the sentence has it already, or
// there is none.
const char *wr_entry_prefix(const struct wr_entry *entry, const char *sentence);

// The word for a state in tables and reports: "done".
const char *wr_entry_state_name(enum wr_entry_state state);

void wr_entries_close(struct wr_entries *entries);
