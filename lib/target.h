// SPDX-License-Identifier: MIT
// Where the output goes: a partial file beside the final name, renamed when whole, removed
// otherwise.
#pragma once

#include "lib/warpreel.h"

struct wr_target {
    const char *name; // as the user wrote it
    char *final;      // where a partial file goes when whole
    char *partial;  // NULL when written directly: stdout, devices, muxers that make their own files
    char *url;      // what libavformat is to open
    bool is_stream; // cannot be rewound: stdout, a pipe
};

// What kind of name a muxer wants.
enum wr_target_kind {
    WR_TARGET_FILE,    // one file that libavformat writes
    WR_TARGET_NAMES,   // the muxer makes its files itself, from this name
    WR_TARGET_NOTHING, // the muxer writes nothing
};

// Refuses what must not be overwritten; makes the partial file. On failure target is to be closed
// nevertheless.
enum wr_status wr_target_open(struct wr_target *target, const struct wr_options *options,
                              enum wr_target_kind kind, struct wr_error *error);

// Gives the file its name, once libavformat has closed it.
enum wr_status wr_target_finish(struct wr_target *target, struct wr_error *error);

// Removes the partial file unless it was finished.
void wr_target_close(struct wr_target *target);
