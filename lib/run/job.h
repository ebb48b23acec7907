// SPDX-License-Identifier: MIT
// A job: one output, from its reader through its stages to its writer.
#pragma once

#include "lib/input/packets.h"
#include "lib/input/reader.h"
#include "lib/output/output_plan.h"
#include "lib/output/writer.h"
#include "lib/run/chunk.h"
#include "lib/run/expect/expect.h"
#include "lib/run/inputs.h"
#include "lib/run/batches/latency.h"
#include "lib/run/notes.h"
#include "lib/run/request.h"
#include "lib/run/stages/stages.h"

// Numbers of a job's queues, behind those of its stages.
enum {
    WR_QUEUE_CHANGES = WR_MAX_STAGES + 1, // of frames that changes.h converts
    WR_QUEUE_FURTHER,                     // two for each further input, which closes them itself
    WR_QUEUES = WR_QUEUE_FURTHER + 2 * WR_MAX_FILES
};

struct wr_job {
    struct wr_engine *engine;
    struct wr_job_options options; // for the input with the video
    struct wr_request request;     // of these options
    struct wr_inputs inputs;
    struct wr_chunk chunk;
    struct wr_reader *reader;
    struct wr_packets *packets; // in its place where no frame is decoded; then there are no stages
    struct wr_stages stages;
    // queues[k] leads to stage k; the one behind the last stage leads to the writer. Those behind
    // WR_MAX_STAGES belong to the further inputs.
    struct wr_queue *queues[WR_QUEUES];
    struct wr_writer *writer;
    atomic_bool sound_is_made; // the chain needs no more sound: reader and writer share it
    struct wr_expect *expect;  // NULL where nothing is compared
    bool is_compared_only;     // nothing is written
    struct wr_cause cause;
    struct wr_latency latency; // of frames that were written
    struct wr_report report;
    char *chain;           // what report.chain points to
    struct wr_notes notes; // what report.notes and report.losses point to
    // To the log alone, what filters find: kept for the report, it would grow with the video.
    struct wr_log findings;
    // As it was told last; what is expected is known from the beginning.
    struct wr_progress progress;
    double started;         // seconds of the monotonic clock
    struct wr_trace *trace; // NULL unless asked for, as are the tracks
    struct wr_track *reader_track, *writer_track;
};
