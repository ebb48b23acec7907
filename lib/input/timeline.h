// SPDX-License-Identifier: MIT
// Keeps times rising where the clock of a file steps: in joined broadcasts, at a counter that
// wraps.
#pragma once

#include <libavformat/avformat.h>
#include <stdbool.h>

// What is known of the clock of one stream; times in AV_TIME_BASE.
struct wr_stream_clock {
    int64_t newest, next; // in the file: the last decoding time, and the one that should follow
    int64_t shift;        // added to the stream's times
    bool begun;
};

struct wr_timeline {
    struct wr_stream_clock *clocks; // one for each stream
    int count;
    int64_t shift; // of the newest part of the file
    int64_t end;   // the latest of all packets, after their shifts
};

// False when out of memory. wr_timeline_close frees the clocks.
bool wr_timeline_open(struct wr_timeline *timeline, const AVFormatContext *file);
void wr_timeline_close(struct wr_timeline *timeline);

// Forgets what was read; for after a seek.
void wr_timeline_reset(struct wr_timeline *timeline);

// Shifts the packet's times, which are in its stream's time base, by whole ticks of `tick`. To be
// called for every packet in the order of the file; does nothing in containers whose clock never
// steps. A step is when one stream goes back by more than a tenth of a second or forward by more
// than ten seconds. From there on that stream continues at the latest end of all that was before.
// Each other stream takes on the same shift when it comes to its own step.
void wr_timeline_correct(struct wr_timeline *timeline, const AVFormatContext *file, AVRational tick,
                         AVPacket *packet);
