// SPDX-License-Identifier: MIT
// The stage that runs a program over batches of frames, one frame out for each frame in.
//
// It gathers frames into batches of fixed size. The last one is padded by repeating its last frame;
// the real frames were counted before, so what the padding gave is never seen. A device gets a
// batch when it is full; the CPU gets it in portions, frame by frame where frames are large, and
// what a portion gave travels on at once. Planes that no filter touches are not copied: the output
// frame owns the decoder's memory together with the input frame.
#pragma once

#include "kernels/program/finish.h"
#include "lib/chain/chain.h"
#include "lib/media/stream.h"
#include "lib/run/instances.h"
#include "lib/run/stage.h"

struct wr_program_stage {
    struct wr_stage stage;
    struct wr_program program;
    struct wr_picture last; // what lowering left, until the program is finished
    struct wr_stream out;
    bool is_interlaced; // the first frame is
    AVFrame *like;      // out.like where the program swaps fields, else NULL
    char *chain;        // as it will run
    struct wr_program_state *state;
    struct wr_instances instances;
    struct wr_frame_pool *pool;  // of output frames
    struct wr_instance *filling; // its batch is being filled; NULL before the first frame
    struct wr_instance *running[WR_MAX_INSTANCES]; // oldest first
    int running_count;
    int64_t batches, padded_frames;
    int allocations;                   // of memory, as told last
    struct wr_memory_plan memory_plan; // as it was asked for last
    void *opaque;                      // of the callback
    void (*batch_done)(void *opaque, const struct wr_batch_report *batch); // may be NULL
};

// Lowers the chain for frames of `in`. What comes out is then known (stage->out), but the program
// is not finished. On failure *stage is NULL. wr_stage_close() closes it.
enum wr_status wr_program_stage_open(struct wr_program_stage **stage, const struct wr_chain *chain,
                                     const struct wr_stream *in, struct wr_error *error);

// Finishes the program and opens its instances. `rows` says in which order the next stage takes the
// rows of frames. trace may be NULL; batch_done is set before.
// *note as for wr_instances_open.
enum wr_status wr_program_stage_prepare(struct wr_program_stage *stage,
                                        const struct wr_engine *engine, enum wr_row_order rows,
                                        struct wr_trace *trace, struct wr_note *note,
                                        struct wr_error *error);

// The arena of the first instance. Valid until the stage is closed or the next call; NULL where
// memory is short.
const struct wr_memory_plan *wr_program_stage_memory_plan(struct wr_program_stage *stage);
