// SPDX-License-Identifier: MIT
// The streams of a trial whose packets are not encoded for it: all but the pictures, and these,
// too, where they are copied.
#pragma once

#include "lib/input/messages.h"
#include "lib/output/trial/trial_file.h"

// Writes the first packets that have been read so far, and stands in for others. What the muxer
// refuses is noted in the trial's streams. Comes first: it finds trial->lead.
void wr_trial_write_others(struct wr_trial *trial, const struct wr_selection *selection,
                           const struct wr_ahead *ahead);

// Writes the first pictures as they have been read, where the video is copied.
void wr_trial_write_copies(struct wr_trial *trial, const struct wr_selection *selection,
                           const struct wr_ahead *ahead);
