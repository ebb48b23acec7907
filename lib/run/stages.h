// SPDX-License-Identifier: MIT
// The stages of a job, made from its chain: filters that have kernels become programs, the others
// run in FFmpeg's own filters.
#pragma once

#include "lib/run/stage_list.h"

// Makes the stages for frames of `in`: what the options' chain asks for, and then what the program
// adds itself. Programs are lowered, but not prepared. The terms are copied. The caller closes the
// stages, also after a failure.
enum wr_status wr_stages_open(struct wr_stages *stages, const struct wr_job_options *options,
                              const struct wr_stream *in, const struct wr_stages_terms *terms,
                              struct wr_error *error);

// Whether the chain of the options may give another number of frames than it takes. What is wrong
// with the chain is for wr_stages_open() to say.
bool wr_chain_keeps_count(const struct wr_job_options *options);
