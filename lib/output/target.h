// SPDX-License-Identifier: MIT
// Where the output goes: into a hidden folder beside the final name. When the output is whole, its
// files are moved out of the folder; otherwise they are removed with it.
#pragma once

#include <stdint.h>

#include "lib/output/writer_options.h"

// What kind of name a muxer wants.
enum wr_target_kind {
    WR_TARGET_FILE,    // one file that libavformat writes
    WR_TARGET_NAMES,   // the muxer makes its files itself, from this name
    WR_TARGET_NOTHING, // the muxer writes nothing
};

struct wr_target {
    const char *name; // as the user wrote it
    char *final;      // where it goes, links followed; NULL when written directly: stdout, devices
    int lock;         // on the folder, held as long as this process lives; -1 for none
    char *folder;     // holds all files until they are whole, under their final names; NULL before
    char *url;        // what libavformat is to open
    int64_t bytes;    // of all files, once they have their names
    enum wr_target_kind kind;
    bool is_stream; // cannot be rewound: stdout, a pipe
    bool overwrite;
};

// Refuses to overwrite the input, whose name is given, or an existing file. Writes nothing yet.
// Close the target after a failure, too.
enum wr_status wr_target_open(struct wr_target *target, const struct wr_writer_options *options,
                              enum wr_target_kind kind, const char *input, struct wr_error *error);

// Says that a name without a number holds only one picture, and what to do.
enum wr_status wr_target_refuse_pictures(const char *name, struct wr_error *error);

// Makes the folder and sets the url. Folders that processes left behind which ended without
// removing them are removed.
enum wr_status wr_target_begin(struct wr_target *target, struct wr_error *error);

// To be called when the muxer has begun its files. Refuses if one of them would replace another,
// unless that was asked for.
enum wr_status wr_target_check(const struct wr_target *target, struct wr_error *error);

// Gives the files their names; libavformat must have closed them. On failure none has got its name,
// except where others were to be replaced.
enum wr_status wr_target_finish(struct wr_target *target, struct wr_error *error);

// Removes the folder with all that is in it. From any thread, while the target is open.
void wr_target_remove(const struct wr_target *target);

// Removes what was not finished.
void wr_target_close(struct wr_target *target);
