// SPDX-License-Identifier: MIT
// The streams of a trial that are not the pictures.
#pragma once

#include "lib/input/reader.h"
#include "lib/output/trial_file.h"

// Writes the first packets that the reader has come upon so far, and stands in for others. What the
// muxer refuses is noted in the trial's streams.
void wr_trial_write_others(struct wr_trial *trial, const struct wr_selection *selection,
                           const struct wr_reader *reader);
