// SPDX-License-Identifier: MIT
// One run: everything wr_open gets ready and wr_execute uses.
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "lib/input/reader.h"
#include "lib/output/writer.h"
#include "lib/run/batch.h"
#include "lib/base/queue.h"
#include "lib/base/trace.h"

// Executors that take turns on batches, so that copies of one overlap kernels of another.
#define WR_MAX_INSTANCES 8

// Frames in a batch where nobody asks for a number.
#define WR_STANDARD_BATCH 16

struct wr_instance {
    struct wr_executor *executor;
    struct wr_frames frames; // the batch being filled or run
    bool running;            // frames were submitted and not yet waited for
    double submitting;       // seconds that took for the batch, which on the CPU is all the work
};

struct wr_run {
    struct wr_options options;
    struct wr_reader *reader;
    struct wr_writer *writer;
    struct wr_program program;
    struct wr_program_state *state; // of the program, for the frames of this run
    struct wr_instance instances[WR_MAX_INSTANCES];
    int instance_count, turn;   // turn: the one whose batch is being filled
    struct wr_frame_pool *pool; // output frames
    struct wr_queue *decoded;   // reader to filters
    struct wr_queue *filtered;  // filters to writer
    struct wr_report report;
    struct wr_memory_plan memory_plan; // as it was asked for last
    struct wr_trace *trace;            // NULL unless asked for, as are the tracks
    struct {
        struct wr_track *reader, *filters, *writer;
    } tracks;
    char *chain; // what report.chain points to
    struct wr_progress
        progress;   // as it was told last; what is expected is known from the beginning
    double started; // seconds of the monotonic clock

    pthread_mutex_t lock;
    struct wr_error first_error; // the one that counts; the others follow from it
    atomic_int cancelled;        // how often wr_cancel was called
};

// warpreel.c: lowers the chain of the options for pictures of `input`, and after it what --pix-fmt
// asks for. As wr_chain_lower.
enum wr_status wr_lower(const struct wr_options *options, const struct wr_format *input,
                        struct wr_program *program, char **text, struct wr_error *error);

// warpreel.c: opens the input that the options name. As wr_reader_open.
enum wr_status wr_open_input(struct wr_reader **reader, const struct wr_options *options,
                             int cancelled, struct wr_error *error);

// warpreel.c: plans the output for frames of `format`, to which the chain brings what is read.
enum wr_status wr_plan_output(struct wr_output_plan *plan, const struct wr_options *options,
                              const struct wr_reader *reader, const struct wr_format *format,
                              struct wr_error *error);

// warpreel.c: options that make no sense by themselves.
enum wr_status wr_options_check(const struct wr_options *options, struct wr_error *error);

// pipeline.c: the three stages, from the first frame to the renamed file.
enum wr_status wr_pipeline_run(struct wr_run *run, struct wr_error *error);

// Non-zero once the run was cancelled without the wish to keep what there is, or cancelled twice.
int wr_is_given_up(void *run);
