// SPDX-License-Identifier: MIT
// What reading packets and opening for it share.
#pragma once

#include "lib/input/companions.h"
#include "lib/input/messages.h"
#include "lib/input/timeline.h"

// What is known of a stream while its packets come.
struct wr_packet_progress {
    bool begun, ended;
    bool is_told; // that it has ended
    int64_t next; // when its next packet is due, in AV_TIME_BASE; AV_NOPTS_VALUE at first
    // When its last packet is decoded, and where what has come is shown at the latest, in
    // AV_TIME_BASE; INT64_MIN at first.
    int64_t last, shown;
};

struct wr_packets {
    struct wr_companion main;
    struct wr_companions companions;    // the other inputs
    struct wr_timeline timeline;        // of main
    struct wr_packet_progress *streams; // of all inputs
    struct wr_messages ahead;           // read, and not given yet
    bool skips;                         // what comes before the output's start is left out
    bool shortest;
    int64_t shortest_last, shortest_end;                 // of the stream that ends all, as above
    bool filters_sound, encodes_sound, sound_never_ends; // behind the reader
    int64_t frames;                                      // of the video still to come, -1 for all
};
