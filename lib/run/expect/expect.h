// SPDX-License-Identifier: MIT
// Compares what a job makes with what is expected, frame by frame as they come.
//
// Expected is either a list of hashes (expect_hashes.h), for the frames as the output takes them,
// or a video, whose pictures are decoded side by side with the job's and measured
// (expect_measure.h). Frames are compared in the order in which they are shown; sound is not.
#pragma once

#include "lib/media/stream.h"
#include "lib/warpreel.h"

struct wr_expect;

// The options of a job that compares; without an output of its own it gets one that writes nothing.
// Fails where they do not go together.
enum wr_status wr_expect_complete(struct wr_job_options *options, struct wr_error *error);

// Opens options->expect for frames of `stream`, which are given to the output as pix_fmt. The
// options' strings and `report` must outlive it. On failure *expect is NULL.
enum wr_status wr_expect_open(struct wr_expect **expect, const struct wr_job_options *options,
                              const struct wr_stream *stream, int pix_fmt,
                              struct wr_expect_report *report, struct wr_error *error);

// Compares the next frame, which stays the caller's. A difference is counted and no failure.
enum wr_status wr_expect_frame(struct wr_expect *expect, const struct AVFrame *frame,
                               struct wr_error *error);

// To be called after the last frame: completes the report, draws the picture that was asked for.
// WR_DIFFERS, with the sentence that says how, where not all is as expected.
enum wr_status wr_expect_end(struct wr_expect *expect, struct wr_error *error);

// Tolerates NULL.
void wr_expect_close(struct wr_expect **expect);
