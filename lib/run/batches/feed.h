// SPDX-License-Identifier: MIT
// A stage's side of a batcher: joining, adding frames in turn, ending, leaving. All from the
// stage's thread, or while that does not run.
#pragma once

#include "lib/run/batches/batcher.h"

// Joins a stage's feed to a batcher. From now on other jobs' last frames may wait for this one's.
// max_wait: seconds that its frames wait for others, 0 for no limit; the engine's options go
// before. On failure wr_feed_leave() is to be called, too.
enum wr_status wr_feed_join(struct wr_feed *feed, struct wr_batcher *batcher,
                            struct wr_stage *stage, double max_wait, struct wr_error *error);

// Adds a frame, which is the batcher's then. The stage's queue behind has room for window messages.
// Returns 0; or, and then the frame is the caller's, what that queue was finished with, or
// WR_FAILED where all devices have failed.
int wr_feed_add(struct wr_feed *feed, const struct wr_message *message);

// Sees a frame's number and time only, for expressions that remember. The frame stays the caller's.
void wr_feed_pass_over(struct wr_feed *feed, const struct wr_message *message);

// After the last frame, or where others are to follow later: waits until all results have left, in
// the stage's queue. Returns 0, or the status of a failure, or what the queue was finished with.
int wr_feed_end(struct wr_feed *feed);

// Drops what the job still has in batches, and frees the feed's own. Other jobs' frames in them
// go on. Tolerates a feed that never joined or has left.
void wr_feed_leave(struct wr_feed *feed);
