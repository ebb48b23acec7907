// SPDX-License-Identifier: MIT
// A trial of the output as a reader finds it.
#pragma once

#include "lib/media/memory_reader.h"
#include "lib/output/trial/decoding.h"
#include "lib/output/trial/trial.h"

// A trial that is open for reading. Times are in AV_TIME_BASE; AV_NOPTS_VALUE: none.
struct wr_reading {
    struct wr_memory_bytes memory;
    AVIOContext *io;
    AVFormatContext *file;
    AVFrame *picture; // the first one; NULL if it cannot be decoded
    int video;        // its stream; below 0 if there is none
    int packets;      // of it
    unsigned stream_count;
    // For each stream: the time of its first packet, and what comes out of its decoder.
    int64_t *first;
    struct wr_decoding *decodings;
    bool is_copied; // the video
    // Times of the video's pictures, in the order they are shown in; of encoded ones that have
    // none, when the rate says. Without a decoder, times of its packets.
    int count;
    int told; // of these, how many have a time
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
