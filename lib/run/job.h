// SPDX-License-Identifier: MIT
// A job: one output, from its reader through its stages to its writer.
#pragma once

#include "lib/input/reader.h"
#include "lib/output/output_plan.h"
#include "lib/output/writer.h"
#include "lib/run/program_stage.h"

enum { WR_MAX_STAGES = WR_REPORT_STAGES };

struct wr_job {
    struct wr_engine *engine;
    struct wr_job_options options;
    struct wr_reader *reader;
    struct wr_stage *stages[WR_MAX_STAGES];
    int stage_count;
    // queues[k] leads to stages[k]; the last one leads to the writer.
    struct wr_queue *queues[WR_MAX_STAGES + 1];
    struct wr_program_stage *program; // among the stages
    struct wr_writer *writer;
    struct wr_cause cause;
    struct wr_report report;
    char *chain;  // what report.chain points to
    char **notes; // what report.notes points to
    pthread_mutex_t notes_lock;
    struct wr_progress
        progress;           // as it was told last; what is expected is known from the beginning
    double started;         // seconds of the monotonic clock
    struct wr_trace *trace; // NULL unless asked for, as are the tracks
    struct wr_track *reader_track, *writer_track;
};

// What the reader is opened with; it stops reading once the descriptor `cancelled` is readable.
struct wr_reader_options wr_job_reader_options(const struct wr_job_options *options, int cancelled);

// The filters that the options ask for: what the user wrote, then what the program adds itself. The
// caller closes the chain, also after a failure.
enum wr_status wr_job_chain(struct wr_chain *chain, const struct wr_job_options *options,
                            struct wr_error *error);

// Chooses how frames of `format` are written, and in which order their rows may come. Without an
// output nothing is chosen, and rows come as most encoders take them.
enum wr_status wr_job_output_plan(struct wr_output_plan *plan, const struct wr_job_options *options,
                                  const struct wr_reader *reader, const struct wr_format *format,
                                  enum wr_row_order *rows, struct wr_error *error);

// Says one sentence, unless it is "", to the caller's log, and keeps it for the report. The first
// argument is a struct wr_job, so that this can be a callback. From any thread.
void wr_job_say(void *job, enum wr_log_level level, const char *sentence);
