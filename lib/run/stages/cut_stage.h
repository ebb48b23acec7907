// SPDX-License-Identifier: MIT
// The stage behind the chain that leaves out the beginning and the end of what comes, in frames and
// in packets. It may end all streams with the shortest, or after a number of frames.
#pragma once

#include <stdatomic.h>

#include "lib/input/messages.h"
#include "lib/media/stream.h"
#include "lib/run/stages/stage.h"
#include "lib/warpreel.h"

struct wr_source;

struct wr_cut_stage {
    struct wr_stage stage;
    const struct wr_source *source; // borrowed: the packets' streams
    int64_t skip, duration;         // in AV_TIME_BASE; INT64_MAX: to the end
    AVRational time_base;           // of frames
    AVRational frame_rate;          // of frames, 0/1 if not known
    int64_t first;                  // time of the first frame that stays, AV_NOPTS_VALUE before it
    int64_t index;                  // of the next frame
    bool *complete;                 // streams whose packets have all come
    // What ends the job early: set before the stage runs.
    bool sound_never_ends; // as filters behind it make it: its inputs' ends are not the shortest
    // Set once filters behind it need no more sound: they may make more or less of it than comes,
    // so `duration` does not end it here. NULL: it is not filtered.
    const atomic_bool *sound_is_made;
    bool shortest;  // the stream that ends first
    int64_t frames; // so many frames, -1 for all
    int64_t
        streams_end; // where all streams end, in AV_TIME_BASE; INT64_MAX while that is not known
    int64_t reached; // end of the newest frame, in time_base
    struct wr_messages held; // packets that lie behind it
};

// Opens a stage that drops what is shown before `skip`, and ends `duration` after the first frame
// that stays; both in FFmpeg's syntax, NULL for none. source must outlive it.
enum wr_status wr_cut_stage_open(struct wr_cut_stage **stage, const char *skip,
                                 const char *duration, const struct wr_stream *in,
                                 const struct wr_source *source, struct wr_error *error);

// Ends all streams after so many frames. Before the stage runs.
void wr_cut_stage_limit(struct wr_cut_stage *stage, int64_t frames);
