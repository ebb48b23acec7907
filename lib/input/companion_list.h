// SPDX-License-Identifier: MIT
// Further files of which sound and text are written beside the video of a source.
#pragma once

#include "lib/input/laps.h"
#include "lib/input/source.h"

struct wr_companion {
    struct wr_source source; // without a video
    int first;               // of its streams in the list
    struct wr_laps laps;
    AVPacket *packet; // to be taken next; empty if none has been read
    bool has_packet, ended;
    bool ends_as_pictures; // as in struct wr_companion_options
    int64_t packets;       // that have been read of the source's video
};

struct wr_companions {
    struct wr_companion *items; // those of which a stream is wanted
    int count;
};
