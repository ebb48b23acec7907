// SPDX-License-Identifier: MIT
// From a job's options and its input to stages, and to a plan of the output that suits them.
#pragma once

#include "lib/input/reader.h"
#include "lib/input/reader_open.h"
#include "lib/output/output_plan.h"
#include "lib/run/inputs.h"
#include "lib/run/stages/stages.h"

// What the reader is opened with; it stops reading once the descriptor `cancelled` is readable.
// inputs are those of the request, and must outlive the reader.
struct wr_reader_options wr_job_reader_options(const struct wr_request *request,
                                               const struct wr_inputs *inputs, int cancelled);

// What the writer is opened with, but for its log.
struct wr_writer_options wr_job_writer_options(const struct wr_request *request);

// Opens the stages for the reader's frames and plans how what comes out of them is written; without
// an output nothing is planned. What the output wants frames to be converted to is done by the last
// stages. The terms have the reader's source. The caller closes the stages, also after a failure.
enum wr_status wr_job_open_stages(struct wr_stages *stages, struct wr_output_plan *plan,
                                  const struct wr_request *request, const struct wr_reader *reader,
                                  const struct wr_stages_terms *terms, struct wr_error *error);

// In which order the plan lets rows come; as most encoders take them where nothing is planned.
enum wr_row_order wr_job_row_order(const struct wr_output_plan *plan);

// Appends conversions to the stages where the output could not say what their frames are like:
// samples of full range would be shown too bright and too dark, and pictures would run away from
// the sound. The plan is then made anew. Does nothing without an output.
enum wr_status wr_job_suit_output(struct wr_stages *stages, struct wr_output_plan *plan,
                                  const struct wr_request *request, const struct wr_reader *reader,
                                  const struct wr_stages_terms *terms, struct wr_error *error);
