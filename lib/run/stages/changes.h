// SPDX-License-Identifier: MIT
// Stands before the first stage of a job, on its thread, and takes frames that differ from the
// first one in size, layout, range or matrix.
//
// As in ffmpeg, where the picture gets another size the filters work at that size, and what comes
// of it is scaled to the size that the output began with. So if the first stage runs a program,
// such frames go around it, through a program of the same filters made for them. FFmpeg's own
// filters keep what they know of the frames before: if they come first, frames are made like the
// first one before them. Either program is opened when such frames come, and closed when they end.
#pragma once

#include "lib/base/log.h"
#include "lib/run/stages/program_stage.h"

// As many results as any program has under way.
enum { WR_CHANGES_MESSAGES = WR_QUEUE_MESSAGES + WR_MAX_EXECUTORS * WR_MAX_BATCH };

struct wr_changes {
    struct wr_stage stage;       // runs in place of the first
    struct wr_stage *first;      // that stage, connected to its queues
    struct wr_stream in, out;    // what goes into it and comes out
    const struct wr_chain *uses; // its filters, NULL where it does not run a program
    const char *input;           // the input's name, for sentences
    struct wr_engine *engine;
    struct wr_trace *trace;     // may be NULL
    struct wr_queue *converted; // for results of the program: room for WR_CHANGES_MESSAGES
    struct wr_log log;

    // Zero at the beginning.
    // For frames of `format`; NULL while frames are as they should be.
    struct wr_program_stage *program;
    bool is_around; // its results go around the first stage
    struct wr_format format;
    int64_t changes, frames; // how many
    double seconds;          // that programs which have ended were busy
};

// Makes changes->stage ready for wr_stage_run(); what is above "zero at the beginning" is set.
// program is the first stage if that runs a program, else NULL.
void wr_changes_open(struct wr_changes *changes, const struct wr_program_stage *program);

// Once the stage does not run any more.
void wr_changes_close(struct wr_changes *changes);
