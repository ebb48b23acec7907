// SPDX-License-Identifier: MIT
// The interface of what runs programs: the CPU or a CUDA device (see devices.h for their list).
//
// An executor owns all it writes to (arena, slots, stream), so several work side by side without
// locks. Use: open; submit a batch, wait for it, again and again; close.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernels/program/program.h"
#include "lib/base/host_memory.h"
#include "lib/base/pool.h"
#include "lib/base/trace.h"
#include "lib/engine/memory.h"
#include "lib/engine/walk.h"

// The planes of one frame, in the order of its format. Not owned. May lie anywhere; what lies in
// memory of the executor's host_memory is copied without the help of a processor.
struct wr_image {
    unsigned char *data[WR_MAX_PLANES];
    ptrdiff_t pitch[WR_MAX_PLANES]; // bytes from row to row
};

// A batch of fixed size. It has `valid` input and output images; those before `first` have been
// computed by an earlier submit. Executors whose portion is the whole batch need `size` input
// images: those from `valid` on repeat the last real one, and so do their values.
struct wr_batch {
    int size, valid, first;
    const struct wr_image *in;
    const struct wr_image *out;
    // A row of program->value_count for each frame from first on, may be NULL where that is 0.
    const union wr_value *values;
    int64_t number; // of the job's batches, from 0
    // Asked by the CPU's threads before each band. Non-zero: nobody wants the batch any more, and
    // submit fails. NULL: it is always wanted. CUDA ends what it was given.
    int (*is_given_up)(void *opaque);
    void *opaque;
};

struct wr_executor_options {
    int batch;             // frames in every batch
    int threads;           // of the CPU, 0 for all processors
    int device;            // number of the CUDA device
    const char *cpu_level; // NULL for the best the processor has
    // A pool of `threads`, which CPU executors share and which must outlive them; NULL: each
    // executor has its own.
    struct wr_pool *pool;
    struct wr_trace *trace;  // shows the steps of every batch, NULL for none
    int instance;            // number of this executor in the trace
    bool timed;              // measure the steps of every batch
    int64_t room;            // bytes: with less memory the CPU takes more time; 0 for any
    int band_rows;           // the fewest of a CPU's band, 0 for the usual number; for tests
    int held_frames;         // of a batch between CUDA's passes, 0 for the usual; for tests
    enum wr_arena_mode mode; // WR_ARENA_PLANNED; the others are for tests
    // An executor that is open for the same program, device and options, whose plan of the memory
    // is to be used again; it may be closed first. NULL: the plan is made anew.
    const struct wr_executor *like;
};

struct wr_executor {
    const struct wr_executor_type *type;
    int device;              // number of the CUDA device
    int portion;             // frames of a batch it is best given at a time
    struct wr_memory memory; // may be read, and its peaks reset, while no batch is under way
    // All walks through the program. Their arenas are what memory.arena counts. They lie in one
    // block of memory, the first one's at its beginning.
    const struct wr_walk *walks;
    int walk_count;
    // What the steps of the last batch took on the device: upload, each pass, download. NULL unless
    // asked for. NULL on the CPU, where bands of several frames run at the same time.
    const float *step_milliseconds;
};

struct wr_executor_type {
    const char *name;
    // What it copies from and to; NULL: any memory is as good.
    const struct wr_host_memory_type *host_memory;
    // program must outlive the executor. On failure *executor is NULL.
    enum wr_status (*open)(struct wr_executor **executor, const struct wr_program *program,
                           const struct wr_executor_options *options, struct wr_error *error);
    void (*describe)(const struct wr_executor *executor, char *text, size_t size);
    // Images and the pixels they point to must stay until wait has returned. One batch at a time,
    // or one portion of it.
    enum wr_status (*submit)(struct wr_executor *executor, const struct wr_batch *batch,
                             struct wr_error *error);
    enum wr_status (*wait)(struct wr_executor *executor, struct wr_error *error);
    void (*close)(struct wr_executor *executor);
    // What executors opened with these options would hold, for each of `count` batches. Needs no
    // device, but tells what is available on it where it is there.
    enum wr_status (*estimate)(const struct wr_program *program,
                               const struct wr_executor_options *options, const int *batches,
                               int count, struct wr_memory *memory, struct wr_error *error);
};
