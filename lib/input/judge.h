// SPDX-License-Identifier: MIT
// What kind of pictures a stream holds: the first frame decides, and later ones are
// compared with it.
#pragma once

#include "kernels/program/format.h"
#include "lib/base/log.h"
#include "lib/input/source.h"

struct wr_judge {
    struct wr_source *source; // borrowed
    struct wr_log log;
    struct wr_format format; // of every frame that has no own format, known with source->first
    unsigned told;           // of which labels a change was told
    bool ends_here;          // another size ends the input; source->changed_at says where
};

// Both take decoded frames whose times are set.

// The first frame decides the format of all; what the container says of it may be wrong. Sets
// judge->format and source->first. Fails for pictures that cannot be read.
enum wr_status wr_judge_first_frame(struct wr_judge *judge, const AVFrame *frame,
                                    struct wr_error *error);

// Gives a later frame that is not as the first one a format of its own, and says what else is new.
enum wr_status wr_judge_frame(struct wr_judge *judge, AVFrame *frame, struct wr_error *error);
