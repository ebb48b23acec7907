// SPDX-License-Identifier: MIT
// The inputs of a job: how each is read, and which of them has the video.
#pragma once

#include "lib/chain/links.h"
#include "lib/input/companions.h"
#include "lib/run/request.h"

// What is asked of one input. Strings are borrowed from the job's options.
struct wr_input {
    const char *name, *format, *framerate, *start, *to, *offset, *loop;
    const char **options; // of demuxer and decoder, NULL at the end; owned
    int64_t later;        // what `offset` says, in microseconds
    bool is_reread;       // filters of the chain open it themselves
    int64_t loops;        // what `loop` says: how often it is repeated, -1 for without end
};

// Reads what the options say of an input by its number. Fails with WR_USAGE where they make no
// sense. After a failure too, wr_input_close is due.
enum wr_status wr_input_read(struct wr_input *input, const struct wr_job_options *options,
                             int number, struct wr_error *error);

// Fails with WR_USAGE where something is asked that an input can do only with sound and text, and
// not with a video that is filtered.
enum wr_status wr_input_check_video(const struct wr_input *input, int number,
                                    struct wr_error *error);
void wr_input_close(struct wr_input *input);

struct wr_inputs {
    struct wr_input items[WR_MAX_FILES];
    int count;
    int main; // the number of the one whose video is filtered
    struct wr_companion_options companions[WR_MAX_FILES]; // the others
    int companion_count;
};

// Reads what is asked of all inputs, and finds the one with the video: the first that a map names
// as "1:v" does, or else the first that has one. The options are the request's; those for a single
// input (name, start and so on) become those of that input. After a failure too, wr_inputs_close is
// due.
enum wr_status wr_inputs_open(struct wr_inputs *inputs, const struct wr_request *request,
                              struct wr_job_options *options, struct wr_error *error);
void wr_inputs_close(struct wr_inputs *inputs);
