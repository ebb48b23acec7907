// SPDX-License-Identifier: MIT
// The instances that run one program: executors on one device or on several, each with a batch of
// its own.
//
// Several instances let the copies of one batch overlap the kernels of another. They are handed out
// to be filled and taken back when their batch is done (see batcher.h).
#pragma once

#include "lib/run/batches/batch.h"
#include "lib/run/batches/resources.h"

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
    bool once; // news for the first job of an engine only
    char text[896];
};

// A free instance, the lowest in number, or NULL. Callers take turns by a lock of their own.
struct wr_instance *wr_instances_take(struct wr_instances *instances);
void wr_instances_give(struct wr_instance *instance);

// Leaves out the device of an instance that has failed: none of its instances is handed out any
// more, and programs that are opened later do without it.
void wr_instances_leave_out(struct wr_instances *instances, const struct wr_instance *failed);

// An instance whose device works and whose executor runs nothing, to run another's batch; NULL
// where none is free now. *can_wait: whether one will be.
struct wr_instance *wr_instances_find_idle(struct wr_instances *instances, bool *can_wait);

// Whether there is a device that has not failed.
bool wr_instances_have_working(const struct wr_instances *instances);

// What all of them hold together.
void wr_instances_count(const struct wr_instances *instances, struct wr_memory *memory);
