// SPDX-License-Identifier: MIT
// A stage of a job: takes frames from one queue and sends frames to the next, on a thread of its
// own.
//
// Packets of copied streams go through the same queues. A stage sends them on at once, or drops
// them: they may overtake frames, and the muxer puts them in order again.
#pragma once

#include "lib/base/queue.h"
#include "lib/base/trace.h"
#include "lib/media/message.h"
#include "lib/run/cause.h"

// Room of a queue. Enough that a stage need not wait for each single frame of its neighbour; few,
// since every frame that waits has left the cache when it is its turn.
enum { WR_QUEUE_MESSAGES = 6 };

struct wr_stage;

struct wr_stage_type {
    const char *kind; // for reports: "program"
    // Takes the frame of message over. Returns 0, a failure that wr_stage_fail() has told, or what
    // the queue behind was finished with.
    int (*take)(struct wr_stage *stage, const struct wr_message *message);
    // Takes the packet of message over, as take does; NULL: it is sent on.
    int (*take_packet)(struct wr_stage *stage, struct wr_message *message);
    // After the last frame: sends what is left. Returns as take does.
    int (*end)(struct wr_stage *stage);
    // After the last call of take or end, however the job ended; NULL for nothing.
    void (*stop)(struct wr_stage *stage);
    // Adds to the report what the stage knows besides its counts; NULL for nothing.
    void (*report)(const struct wr_stage *stage, struct wr_report *report);
    void (*close)(struct wr_stage *stage);
};

struct wr_stage {
    const struct wr_stage_type *type;
    struct wr_queue *in, *out;     // of struct wr_message; the job's. One that has enough wants no
                                   // more frames, but still packets
    struct wr_cause *cause;        // the job's
    const struct wr_log *findings; // the job's, for what filters find; NULL: nobody wants to know
    struct wr_track *track;        // NULL without a trace
    int window; // messages that the queue behind must have room for, 0 for the usual number
    struct wr_stage_report counts;
    double seconds;  // busy
    bool has_enough; // it wants no more frames, and what comes before it ends
    bool is_own;     // it is there for the output's sake, not because the user asks for its filters
};

// Takes from the queue before the stage until that has ended, and then finishes the queue behind it
// with the same outcome. If the queue behind stops first, the one before is finished instead.
void wr_stage_run(struct wr_stage *stage);

// The queues of a stage, or of the ends of the pipeline; the wait is shown on track.
int wr_stage_receive(struct wr_queue *queue, struct wr_message *message, struct wr_track *track);
int wr_stage_send(struct wr_queue *queue, const struct wr_message *message, struct wr_track *track);

// Ends work that began at `start`: adds its time to *seconds and shows it on track. key says what
// number counts, NULL for nothing.
void wr_stage_account(double *seconds, struct wr_track *track, const char *name, double start,
                      const char *key, int64_t number);

// Notes the failure and ends the job with it.
void wr_stage_fail(const struct wr_stage *stage, const struct wr_error *error);

// Tolerates NULL.
void wr_stage_close(struct wr_stage **stage);
