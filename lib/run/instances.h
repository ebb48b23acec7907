// SPDX-License-Identifier: MIT
// The instances that run one program: executors on one device or on several, each with a batch of
// its own.
//
// Several instances let the copies of one batch overlap the kernels of another. They are handed out
// to be filled and taken back when their batch is done (see batcher.h).
#pragma once

#include "lib/run/batch.h"
#include "lib/run/resources.h"

struct wr_instance {
    int number; // from 0
    struct wr_executor *executor;
    struct wr_frames frames; // the batch being filled or run
    struct wr_memory memory; // the executor's, as it was after its last portion
    double submitting;       // seconds that submit took for the batch: on the CPU all the work
    bool taken;
    bool is_busy;     // its executor runs a portion, of this instance or of another
    bool is_left_out; // its device has failed
    char device[32];
};

struct wr_instances {
    const struct wr_program *program;
    struct wr_resources *resources;
    struct wr_instance items[WR_MAX_EXECUTORS];
    int count, batch;
    struct wr_host_memory *host_memory; // where frames are best; NULL: anywhere
    struct wr_trace *trace;             // of the executors, or NULL
    bool has_reserve;                   // the CPU, for when the device that "auto" took fails
    char device[256];                   // as reports name it
};

// What was not the first choice, and why; text is "" if all was.
struct wr_note {
    enum wr_log_level level;
    char text[896];
};

// Opens as many as the engine's options ask for, on each device of a list that has not failed for
// another program. Device "auto" takes the first that works, but the CPU where that is expected to
// be done before a CUDA device (see cost.h), of `frames` frames, 0 if nobody knows how many. A
// batch that nobody asked for is halved while memory is short. taken: bytes of the memory limit
// that others hold. `how` says what else executors are opened with (trace, timed). Sets
// *note: short memory is a warning, a device that cannot be used only information. program must
// outlive the instances. On failure none is open; WR_OUT_OF_MEMORY: there is no memory left.
enum wr_status wr_instances_open(struct wr_instances *instances, struct wr_resources *resources,
                                 const struct wr_program *program, int64_t taken,
                                 const struct wr_executor_options *how, int64_t frames,
                                 struct wr_note *note, struct wr_error *error);

// All of them must have been given back, or their users must have ended.
void wr_instances_close(struct wr_instances *instances);

// A free instance, the lowest in number, or NULL. Callers take turns by a lock of their own.
struct wr_instance *wr_instances_take(struct wr_instances *instances);
void wr_instances_give(struct wr_instance *instance);

// Leaves out the device of an instance that has failed: none of its instances is handed out any
// more, and programs that are opened later do without it.
void wr_instances_leave_out(struct wr_instances *instances, const struct wr_instance *failed);

// After the device that "auto" took has failed: opens an instance on the CPU, which NULL says there
// cannot be.
struct wr_instance *wr_instances_open_reserve(struct wr_instances *instances);

// An instance whose device works and whose executor runs nothing, to run another's batch; NULL
// where none is free now. *can_wait: whether one will be.
struct wr_instance *wr_instances_find_idle(struct wr_instances *instances, bool *can_wait);

// Whether there is a device that has not failed.
bool wr_instances_have_working(const struct wr_instances *instances);

// What all of them hold together.
void wr_instances_count(const struct wr_instances *instances, struct wr_memory *memory);

// The batch that options ask for, or else the largest up to WR_STANDARD_BATCH that keeps all
// instances within what `taken` bytes leave of the memory limit. WR_OUT_OF_MEMORY where none does.
enum wr_status wr_instances_batch(const struct wr_engine_options *options, int64_t taken,
                                  const char *device, const struct wr_program *program, int *batch,
                                  struct wr_error *error);

// The device to begin with: as the options say, but under "auto" the CPU where that is expected to
// be done first. Then the clause `why` says so, else it is "". device_is_ready: a CUDA device runs
// another program already.
const char *wr_instances_first_device(const struct wr_engine_options *options,
                                      const struct wr_program *program, int64_t frames,
                                      bool device_is_ready, char *why, size_t size);

// Whether the device runs program, in batches of one frame.
enum wr_status wr_instances_try(const struct wr_engine_options *options, const char *device,
                                const struct wr_program *program, struct wr_error *error);
