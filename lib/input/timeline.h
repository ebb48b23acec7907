// SPDX-License-Identifier: MIT
// Times that go on rising where the clock of a file steps: joined broadcasts, a counter that wraps.
#pragma once

#include <libavformat/avformat.h>
#include <stdbool.h>

// One stream's place; times in AV_TIME_BASE as they stand in the file.
struct wr_track {
    int64_t newest,
        next;      // of the packets so far: the last decoding time, and where the next belongs
    int64_t shift; // what its times are moved by
    bool begun;
};

struct wr_timeline {
    struct wr_track *tracks; // one for each stream
    int count;
    int64_t shift, end; // of the newest part: how far it is moved, and when it ends so far
};

// False when out of memory. The tracks are freed by wr_timeline_close.
bool wr_timeline_open(struct wr_timeline *timeline, const AVFormatContext *file);
void wr_timeline_close(struct wr_timeline *timeline);

// Forgets what was read, after a seek.
void wr_timeline_reset(struct wr_timeline *timeline);

// Moves the packet's times, in its stream's time base, by whole ticks of `tick`. Only for
// containers whose clock may step; call it for every packet, in the order of the file. Where the
// clock of one stream steps by more than tenths of a second backwards or ten seconds forwards, the
// file goes on at the latest end of what was before, and the other streams follow with the same
// shift as each comes to its own step.
void wr_timeline_correct(struct wr_timeline *timeline, const AVFormatContext *file, AVRational tick,
                         AVPacket *packet);
