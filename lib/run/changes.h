// SPDX-License-Identifier: MIT
// Frames that differ from the first in size, layout, range or matrix become like it, in a program
// made for them. It is opened when such frames come, and closed when they end.
#pragma once

#include "lib/base/log.h"
#include "lib/run/program_stage.h"

// As many results as any program has under way.
enum { WR_CHANGES_MESSAGES = WR_QUEUE_MESSAGES + WR_MAX_EXECUTORS * WR_MAX_BATCH };

struct wr_changes {
    struct wr_stream stream; // what frames are to be like
    const char *input;       // its name, for sentences
    struct wr_engine *engine;
    struct wr_trace *trace; // may be NULL
    struct wr_track *track;
    struct wr_queue *out;
    struct wr_queue *converted; // for results of the program: room for WR_CHANGES_MESSAGES
    struct wr_cause *cause;
    struct wr_log log;

    // Zero at the beginning.
    struct wr_program_stage
        *program; // for frames of `format`; NULL while frames are as they should
    struct wr_format format;
    int64_t changes, frames; // how many
    double seconds;          // that programs took
};

// Sends the frame of message, which is taken over, or what becomes of it, to changes->out. Returns
// 0, or what that queue was finished with; a failure is noted in the cause.
int wr_changes_send(struct wr_changes *changes, const struct wr_message *message);

// After the last frame: sends what is left, and says what was done. Returns as send does.
int wr_changes_end(struct wr_changes *changes);

// Without sending what is left. Tolerates what is zeroed or closed.
void wr_changes_close(struct wr_changes *changes);
