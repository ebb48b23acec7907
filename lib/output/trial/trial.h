// SPDX-License-Identifier: MIT
// A short file in memory, made as the output will be: the same encoder, muxer, streams and options.
#pragma once

#include "lib/input/messages.h"
#include "lib/output/trial/trial_file.h"

// Encodes blank pictures, enough for the encoder to put them in another order, or takes the first
// ones of a video that is copied, and writes them with the first packets of other streams. Of both
// there are as many as have been read ahead. Returns 0 or FFmpeg's error code. Close the trial
// after a failure, too.
int wr_trial_make(struct wr_trial *trial, const struct wr_selection *selection,
                  const struct wr_ahead *ahead);

void wr_trial_close(struct wr_trial *trial);
