// SPDX-License-Identifier: MIT
// Names of FFmpeg's libraries, by the kind of an option's argument: completion offers them.
#pragma once

#include <stdio.h>

struct word_kind {
    const char *argument;    // as the help calls it
    void (*put)(FILE *page); // writes all names, each with a space behind it
};

// The kind number n, from 0; NULL where there are no more.
const struct word_kind *word_kind(int n);

// The kind of an argument, behind which "[?]" may stand; NULL for one that has none.
const struct word_kind *word_kind_of(const char *argument);
