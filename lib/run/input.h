// SPDX-License-Identifier: MIT
// What is asked of one input of a job.
#pragma once

#include "lib/warpreel.h"

// How many further inputs the options name.
int wr_further_count(const struct wr_job_options *options);

// What is asked of one input. Strings are borrowed from the job's options.
struct wr_input {
    const char *name, *format, *framerate, *start, *to, *offset, *loop, *factor;
    const char *video;    // which stream its pictures are, in FFmpeg's words, NULL to choose
    const char **options; // of demuxer and decoder, NULL at the end; owned
    int64_t later;        // what `offset` says, in microseconds
    bool is_reread;       // filters of the chain open it themselves
    bool is_of_chain;     // a part of the chain makes it: its times are those of the output
    double scale;         // what `factor` says: by how much its times are multiplied
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
