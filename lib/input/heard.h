// SPDX-License-Identifier: MIT
// The streams of sound that the chain takes, among those of all inputs.
#pragma once

#include "lib/input/companion_list.h"

// The streams by the numbers that they have in the chain; borrowed.
struct wr_heard {
    const AVStream *streams[WR_MOST_SOUNDS];
    int count;
};

// Finds the sound that main's maps say the chain takes, in main and in the files beside it. Fails
// with WR_USAGE where there is none.
enum wr_status wr_heard_find(struct wr_heard *heard, const struct wr_companions *companions,
                             const struct wr_source *main, struct wr_error *error);

bool wr_is_heard(const struct wr_heard *heard, const AVStream *stream);
