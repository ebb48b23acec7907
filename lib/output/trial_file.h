// SPDX-License-Identifier: MIT
// The file in memory that a trial writes, and what is known of it.
#pragma once

#include "lib/output/route.h"

enum { WR_TRIAL_FRAMES = 8 }; // at most

// What was put into a stream of the output.
struct wr_trial_stream {
    bool written;     // at least one packet
    bool refused;     // the muxer took none of its packets
    int64_t first;    // its presentation time, in AV_TIME_BASE, before any shift
    bool has_content; // that tells the codec; else packets of the source's codec hold zeros
};

struct wr_trial {
    bool is_still;       // there is one picture only, as in each file of the output
    const char *name;    // of the output, which may tell what a picture is
    bool with_stand_ins; // also for sound that no packet has been read of yet
    uint8_t *data;
    int size;
    AVFormatContext *file;           // what the muxer was told
    struct wr_trial_stream *streams; // of the output
    bool has_refusals;               // the muxer refused a packet of some stream
    int pictures;                    // packets with something in them
    bool reorders;                   // they are not in the order in which they are shown
    // The pictures are blank, and not equally far apart. Times are in AV_TIME_BASE; the last
    // picture is shown for longer than the others.
    int count;
    int64_t times[WR_TRIAL_FRAMES], last_duration;
    int64_t rounded[WR_TRIAL_FRAMES]; // times to the ticks of the encoder
};

// Gives the packet, whose times are the stream's, to the muxer and leaves it empty. What the muxer
// refuses, where there are other streams, is no failure. Returns 0 or FFmpeg's error code.
int wr_trial_write(struct wr_trial *trial, AVPacket *packet);

// Writes what still waits, and notes which streams the muxer took nothing of. One whose packets a
// muxer holds back without a complaint, to put several together, is none of them. Returns 0 or
// FFmpeg's error code.
int wr_trial_flush(struct wr_trial *trial);
