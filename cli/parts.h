// SPDX-License-Identifier: MIT
// Outputs of several files: a new one where the picture changes its size.
#pragma once

#include "cli/options.h"

// The settings of one part, and the texts they point to.
struct wr_part {
    struct wr_settings settings;
    int number; // from 1
    char start[32];
    char *names[4];
};

// Refuses what cannot be read again, or is no file, where --on-change asks for parts.
enum wr_status wr_parts_check(const struct wr_settings *settings, struct wr_error *error);

// Turns the settings of a part that ended with report into those of the next one. Its files get the
// number before their suffix. False if there is no next part, or memory is short; the part has to
// be freed in any case.
bool wr_part_next(struct wr_part *part, const struct wr_settings *whole,
                  const struct wr_report *report);
void wr_part_free(struct wr_part *part);
