// SPDX-License-Identifier: MIT
// One failure: a status for the caller and one sentence for the person, made where the cause is
// known.
#pragma once

enum wr_status {
    WR_OK = 0,
    WR_FAILED = 1,        // the job could not be done
    WR_USAGE = 2,         // what was asked for makes no sense: an option, a filter, a parameter
    WR_OUT_OF_MEMORY = 3, // of a device, when an executor is opened; a run turns it into WR_FAILED
    WR_DAMAGED = 4,       // done, but the input was damaged
    WR_INTERRUPTED = 130  // cancelled by the caller
};

struct wr_error {
    enum wr_status status;
    char text[768]; // one sentence, no newline, names what failed
};

// Stores status and sentence in *error (which may be NULL) and returns status, so that a failure is
// reported and returned in one line: return wr_fail(error, WR_USAGE, "...", ...);
enum wr_status wr_fail(struct wr_error *error, enum wr_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
