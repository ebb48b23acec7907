// SPDX-License-Identifier: MIT
// The stages of a job, made from its chain: filters that have kernels become programs, the others
// run in FFmpeg's own filters.
#pragma once

#include "lib/run/host_stage.h"
#include "lib/run/program_stage.h"

enum { WR_MAX_STAGES = WR_REPORT_STAGES };

struct wr_stages {
    struct wr_stage *items[WR_MAX_STAGES]; // in the order frames go through them, at least one
    int count;
    struct wr_program_stage *programs[WR_MAX_STAGES]; // those of them that are programs
    int program_count;
    struct wr_stream out; // what comes out of the last
    char *chain;          // as it will run
};

// What stages have to know beside the chain.
struct wr_stages_terms {
    struct wr_log findings; // what filters find in the video
    struct wr_log notes;    // what is lost, and what is held
    int64_t frames;         // how many come in, 0 if not known
    int64_t memory_limit;   // bytes that a stage may hold, 0 for what the machine has
};

// Makes the stages for frames of `in`: what the options' chain asks for, and then what the program
// adds itself. Programs are lowered, but not prepared. The terms are copied. The caller closes the
// stages, also after a failure.
enum wr_status wr_stages_open(struct wr_stages *stages, const struct wr_job_options *options,
                              const struct wr_stream *in, const struct wr_stages_terms *terms,
                              struct wr_error *error);

// Whether the chain of the options may give another number of frames than it takes. What is wrong
// with the chain is for wr_stages_open() to say.
bool wr_chain_keeps_count(const struct wr_job_options *options);

// The same of stages.
bool wr_stages_keep_count(const struct wr_stages *stages);

void wr_stages_close(struct wr_stages *stages);
