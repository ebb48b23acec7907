// SPDX-License-Identifier: MIT
// The stage that runs a program over batches of frames, one frame out for each frame in.
//
// It feeds them to the engine's batcher for the program, which groups them into batches of fixed
// size, together with frames of other jobs that run the same program. A batch that is not full is
// padded by repeating its last frame; the real frames were counted before, so what the padding gave
// is never seen. Planes that no filter touches are not copied: the output frame owns the decoder's
// memory together with the input frame.
#pragma once

#include "kernels/program/finish.h"
#include "lib/chain/chain.h"
#include "lib/media/stream.h"
#include "lib/run/engine.h"
#include "lib/run/batches/feed.h"

struct wr_program_stage {
    struct wr_stage stage;
    struct wr_program program; // until it is the batcher's
    struct wr_picture last;    // what lowering left; its format stays that of the output
    struct wr_stream out;
    bool is_interlaced;   // the first frame is
    AVFrame *like;        // out.like where the program swaps fields, else NULL
    struct wr_chain uses; // what was lowered
    char *chain;          // as it will run
    struct wr_engine *engine;
    struct wr_batcher *batcher; // NULL until the stage is prepared
    struct wr_feed feed;
    struct wr_memory_plan memory_plan; // as it was asked for last
};

// What a stage needs to know of its job.
struct wr_program_stage_place {
    struct wr_batcher_how how;
    double max_wait;        // seconds, where the engine's options choose none; 0 for no limit
    int number, count;      // of the job's programs
    enum wr_row_order rows; // the order in which the next stage takes the rows of frames
};

// Lowers the chain for frames of `in`. What comes out is then known (stage->out), but the program
// is not finished. On failure *stage is NULL. wr_stage_close() closes it.
enum wr_status wr_program_stage_open(struct wr_program_stage **stage, const struct wr_chain *chain,
                                     const struct wr_stream *in, struct wr_error *error);

// Finishes the program and joins the engine's batcher for it. *note as for wr_instances_open.
enum wr_status wr_program_stage_prepare(struct wr_program_stage *stage, struct wr_engine *engine,
                                        const struct wr_program_stage_place *place,
                                        struct wr_note *note, struct wr_error *error);

// Where frames that come to a prepared stage are best; NULL: anywhere.
struct wr_host_memory *wr_program_stage_host_memory(const struct wr_program_stage *stage);

// The arena of the first instance. Valid until the stage is closed or the next call; NULL where
// memory is short.
const struct wr_memory_plan *wr_program_stage_memory_plan(struct wr_program_stage *stage);
