// SPDX-License-Identifier: MIT
// A job: one output, from its reader through its stages to its writer.
#pragma once

#include "lib/input/reader.h"
#include "lib/output/output_plan.h"
#include "lib/output/writer.h"
#include "lib/run/stages.h"

// Numbers of a job's queues, behind those of its stages.
enum {
    WR_QUEUE_CHANGES = WR_MAX_STAGES + 1, // of frames that changes.h converts
    WR_QUEUE_FURTHER,                     // two for each further input, which closes them itself
    WR_QUEUES = WR_QUEUE_FURTHER + 2 * WR_MAX_FILES
};

struct wr_job {
    struct wr_engine *engine;
    struct wr_job_options options;
    struct wr_reader *reader;
    struct wr_stages stages;
    // queues[k] leads to stage k; the one behind the last stage leads to the writer.
    struct wr_queue *queues[WR_QUEUES];
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

// What the reader's frames are like, and whether they are to be turned upright; what there is to
// say about that goes to log.
struct wr_stream wr_job_input_stream(const struct wr_job_options *options,
                                     const struct wr_reader *reader, const struct wr_log *log);

// Chooses how frames of `stream` are written, and in which order their rows may come. Without an
// output nothing is chosen, and rows come as most encoders take them.
enum wr_status wr_job_output_plan(struct wr_output_plan *plan, const struct wr_job_options *options,
                                  const struct wr_reader *reader, const struct wr_stream *stream,
                                  enum wr_row_order *rows, struct wr_error *error);

// Brings the report up to date with what the stages know.
void wr_job_count_stages(struct wr_job *job);

// Says one sentence, unless it is "", to the caller's log, and keeps it for the report. The first
// argument is a struct wr_job, so that this can be a callback. From any thread.
void wr_job_say(void *job, enum wr_log_level level, const char *sentence);
