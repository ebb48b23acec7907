// SPDX-License-Identifier: MIT
// What has to be known of some of FFmpeg's filters that libavfilter does not say itself.
#pragma once

#include <libavfilter/avfilter.h>

enum wr_host_trait {
    // A last bit of the input changes the whole result: these filters and those before them get
    // what ffmpeg would give them, conversions included.
    WR_HOST_CHAOTIC = 1 << 0,
    WR_HOST_ONE_THREAD = 1 << 1, // the result depends on the number of threads
    WR_HOST_RECORDS = 1 << 2,    // writes down what it sees, outside the video
    WR_HOST_HOLDS = 1 << 3,      // keeps many frames: see wr_host_frames_held()
    WR_HOST_CHANGES_NOTHING = 1 << 4,
    WR_HOST_MIXES_ROWS = 1 << 5,    // which parts fields in an interlaced picture
    WR_HOST_DEINTERLACES = 1 << 6,  // makes whole pictures of fields
    WR_HOST_DRAWS = 1 << 7,         // draws random numbers from rand() while it is configured
    WR_HOST_OVERWRITES = 1 << 8,    // works only where it may overwrite all frames, or none
    WR_HOST_COMMANDS = 1 << 9,      // changes parameters of other filters while they run
    WR_HOST_LABELS = 1 << 10,       // says what colours are, or that this is not known
    WR_HOST_CHANGES_SIZE = 1 << 11, // from frame to frame
};

// What libavfilter's filter of this name may have, 0 for most.
unsigned wr_host_traits(const char *name);

// What a filter has that was given its parameters.
unsigned wr_host_traits_of(const AVFilterContext *filter);

// How many frames it keeps at most; INT64_MAX for all until the last has come, 0 for few.
int64_t wr_host_frames_held(const AVFilterContext *filter);
