// SPDX-License-Identifier: MIT
// Further files of which sound and text are written beside the video of a source.
#pragma once

#include "lib/input/source.h"

struct wr_companion {
    struct wr_source source; // without a video
    int first;               // of its streams in the list
    int64_t loops;           // still to come
    int64_t furthest;        // where the longest of its streams ends so far, in AV_TIME_BASE
    int64_t lead;            // how long before the file's beginning its packets begin
    int64_t lap;             // added to its times since it is read again, in AV_TIME_BASE
    AVPacket *packet;        // to be taken next; empty if none has been read
    bool has_packet, ended;
};

struct wr_companions {
    struct wr_companion *items; // those of which a stream is wanted
    int count;
};
