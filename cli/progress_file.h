// SPDX-License-Identifier: MIT
// The progress of a run as ffmpeg's -progress writes it: blocks of key=value lines.
#pragma once

#include <stdio.h>

#include "lib/warpreel.h"

struct wr_progress_file {
    FILE *stream; // NULL where none was asked for
    double shown; // when a block was written last, on the run's own clock
};

// The file that the URL names; NULL if it names none.
const char *wr_progress_file_path(const char *url);

// Opens what the URL names: a file, which is replaced, "pipe:N", or "-" for standard output. NULL
// opens nothing.
enum wr_status wr_progress_file_open(struct wr_progress_file *file, const char *url,
                                     struct wr_error *error);

// Writes a block at most twice a second.
void wr_progress_file_update(struct wr_progress_file *file, const struct wr_progress *progress);

// Writes the last block, with what the report knows by now and NULL does not, and closes the file.
void wr_progress_file_close(struct wr_progress_file *file, const struct wr_progress *progress,
                            const struct wr_report *report);
