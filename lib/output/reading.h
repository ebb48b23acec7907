// SPDX-License-Identifier: MIT
// A trial of the output as a reader finds it.
#pragma once

#include "lib/media/memory_reader.h"
#include "lib/output/trial.h"

// A trial that is open for reading. Times are in AV_TIME_BASE; AV_NOPTS_VALUE: none.
struct wr_reading {
    struct wr_memory_bytes memory;
    AVIOContext *io;
    AVFormatContext *file;
    AVCodecContext *decoder; // NULL if FFmpeg has none, or it does not open
    AVFrame *picture;        // the first one; NULL if it cannot be decoded
    int video;               // its stream; below 0 if there is none
    int packets;             // of it
    int64_t *first;          // times of the streams' first packets
    // Of its pictures as they are shown, those that have a time; without a decoder, of its packets.
    int count;
    int64_t times[WR_TRIAL_FRAMES];
    int frames;
    enum wr_fields fields[WR_TRIAL_FRAMES]; // of the first frames, in the order they are shown in
    int timed_packets;                      // of its packets, where these say when they are shown
    int64_t packet_times[WR_TRIAL_FRAMES];
    int64_t end; // when the last one goes, by its packet or by the file's duration
};

// Opens the trial, which must outlive the reading, and reads it to its end. Returns 0 or FFmpeg's
// error code. Close the reading after a failure, too.
int wr_reading_open(struct wr_reading *reading, const struct wr_trial *trial);

void wr_reading_close(struct wr_reading *reading);
