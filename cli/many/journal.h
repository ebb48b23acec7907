// SPDX-License-Identifier: MIT
// Remembers, in the output folder, what was made from what, so that --resume can leave it out.
#pragma once

#include "cli/many/entries.h"

struct wr_journal;

// Reads what earlier runs wrote into the folder, which must be there. A line that cannot be read is
// taken for one that was never finished. On failure *journal is NULL.
enum wr_status wr_journal_open(struct wr_journal **journal, const char *folder,
                               struct wr_error *error);

// WR_ENTRY_DONE or WR_ENTRY_DAMAGED if the entry's output stands there as an earlier run made it,
// from the input as it is now and with the same options; otherwise WR_ENTRY_WAITING.
enum wr_entry_state wr_journal_find(const struct wr_journal *journal, const struct wr_entry *entry);

// Notes that the entry was made and is one of these two; from any thread. The journal is only
// written then.
enum wr_status wr_journal_add(struct wr_journal *journal, const struct wr_entry *entry,
                              enum wr_entry_state state, struct wr_error *error);

// Tolerates NULL.
void wr_journal_close(struct wr_journal **journal);
