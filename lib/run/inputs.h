// SPDX-License-Identifier: MIT
// The inputs of a job: how each is read, and which of them has the video.
#pragma once

#include "lib/chain/links.h"
#include "lib/input/companions.h"
#include "lib/run/input.h"
#include "lib/run/request.h"

struct wr_inputs {
    struct wr_input items[WR_MAX_FILES + 1];
    int count;
    int main; // the number of the one whose video is filtered
    struct wr_companion_options companions[WR_MAX_FILES]; // the others
    int companion_count;
};

// Refuses with WR_USAGE what no inputs could make right: maps, and what is asked of inputs in
// words. Opens none.
enum wr_status wr_inputs_check(const struct wr_request *request, struct wr_error *error);

// Reads what is asked of all inputs, and finds the one with the video: the first that a map names
// as "1:v" does, or else the first that has one. The options are the request's; those for a single
// input (name, start and so on) become those of that input. After a failure too, wr_inputs_close is
// due.
enum wr_status wr_inputs_open(struct wr_inputs *inputs, const struct wr_request *request,
                              struct wr_job_options *options, struct wr_error *error);
void wr_inputs_close(struct wr_inputs *inputs);
