// SPDX-License-Identifier: MIT
// Finds the known name that a misspelt word most likely meant.
#pragma once

struct wr_guess {
    const char *word; // as it was written; set this, zero the rest
    const char *name; // the nearest name offered so far, NULL if none is near
    int distance;     // letters to insert, drop or change
};

void wr_guess_offer(struct wr_guess *guess, const char *name);
