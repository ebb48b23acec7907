// SPDX-License-Identifier: MIT
// A further input of a job: a file whose pictures a stage of FFmpeg's filters takes besides those
// that come to it.
//
//     reader ──> queue ──> program ──> queue ──> host stage
//
// The program turns and converts the frames. Where they need neither, there is no program, and the
// host stage takes them from the reader's queue. Reader and program have threads of their own. The
// host stage takes a frame when its graph asks for one; until then the bounded queues hold it.
#pragma once

#include "lib/chain/links.h"
#include "lib/input/reader.h"
#include "lib/run/inputs.h"
#include "lib/run/stages/program_stage.h"

struct wr_further {
    int number; // of the input, from 1 on
    struct wr_input input;
    struct wr_reader *reader;
    struct wr_program_stage *program; // NULL where frames go on as they are read
    struct wr_queue *read;            // behind the reader
    struct wr_queue *made;            // behind the program, NULL without one
    struct wr_cause *cause;           // the job's
    struct wr_track *track;           // NULL without a trace
};

// Refuses a further input that the output would replace.
enum wr_status wr_further_check(const struct wr_job_options *options, struct wr_error *error);

// Opens the video of the input of that number. The caller closes further, also after a failure.
enum wr_status wr_further_open(struct wr_further *further, const struct wr_job_options *options,
                               int number, const struct wr_log *log, struct wr_error *error);

// Takes the program, which makes what the host stage gets, over.
void wr_further_set_program(struct wr_further *further, struct wr_program_stage *program);

// Once its program is prepared: opens the queue behind that, and has a failure of its threads end
// the job. Sets queues to its own two, the second NULL where it has only one, so that a failure of
// the job ends them.
enum wr_status wr_further_connect(struct wr_further *further, struct wr_queue *queues[2],
                                  struct wr_cause *cause, struct wr_trace *trace,
                                  struct wr_error *error);

// What the host stage takes frames from.
struct wr_queue *wr_further_queue(const struct wr_further *further);

// The reader's thread, for pthread_create(): reads until the end, or until the queue is finished.
void *wr_further_read(void *further);

// Nobody wants frames any more: both threads end. From any thread.
void wr_further_stop(const struct wr_further *further);

// Tolerates what is closed or was never opened (zeroed). The threads must have ended.
void wr_further_close(struct wr_further *further);
