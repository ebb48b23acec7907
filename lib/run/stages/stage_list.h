// SPDX-License-Identifier: MIT
// The stages of a job, and what adds one.
#pragma once

#include <stdatomic.h>

#include "lib/run/stages/host_stage.h"
#include "lib/run/stages/program_stage.h"

enum { WR_MAX_STAGES = WR_REPORT_STAGES };

struct wr_stages {
    struct wr_stage *items[WR_MAX_STAGES]; // in the order frames go through them, at least one
    int count;
    int host_count; // how many of them run FFmpeg's filters
    // Those of them that are programs, and those of further inputs.
    struct wr_program_stage *programs[WR_MAX_STAGES + WR_MAX_FILES];
    int program_count;
    struct wr_further further[WR_MAX_FILES]; // in the order in which filters take them
    int further_count;
    struct wr_host_stage *last_host; // no program comes after it; NULL for none
    int evened_from;          // stages from here on make frames equally far apart; 0 for none
    struct wr_stream in, out; // what goes into the first, and what comes out of the last
    char *chain;              // as it will run
};

// What stages have to know beside the chain.
struct wr_stages_terms {
    struct wr_log findings;           // what filters find in the video
    struct wr_log notes;              // what is lost, and what is held
    const struct wr_source *source;   // borrowed
    int64_t frames;                   // how many come in, 0 if not known
    int64_t memory_limit;             // bytes that a stage may hold, 0 for what the machine has
    const atomic_bool *sound_is_made; // set once filters need no more sound
    const AVCodec *encoder;           // that gets the frames; NULL for none
    bool is_of_pictures;              // so that its formats are what the user wants
    const char *pix_fmt;              // that is asked for, NULL for none
};

// Appends a stage that is neither of the two below, and takes it over, also after a failure.
enum wr_status wr_stages_add(struct wr_stages *stages, struct wr_stage *stage,
                             const struct wr_stream *out, struct wr_error *error);

// Appends a stage that runs a program, or filters of libavfilter whose text is given, and takes it
// over, also after a failure.
enum wr_status wr_stages_add_program(struct wr_stages *stages, struct wr_program_stage *program,
                                     struct wr_error *error);
enum wr_status wr_stages_add_host(struct wr_stages *stages, struct wr_host_stage *host,
                                  const char *text, struct wr_error *error);

// Takes the program of a further input over, which is prepared with those of the stages.
void wr_stages_add_further_program(struct wr_stages *stages, struct wr_further *further,
                                   struct wr_program_stage *program);

// Whether as many frames come out as go in.
bool wr_stages_keep_count(const struct wr_stages *stages);

void wr_stages_close(struct wr_stages *stages);
