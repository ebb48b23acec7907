// SPDX-License-Identifier: MIT
// The file in memory that a trial writes, and what is known of it.
#pragma once

#include <libavcodec/bsf.h>

#include "lib/output/trial/decoding.h"
#include "lib/output/video/fields.h"
#include "lib/output/route.h"

enum { WR_TRIAL_FRAMES = 8 }; // at most

// What was put into a stream of the output.
struct wr_trial_stream {
    bool written;         // at least one packet
    bool refused;         // the muxer took none of its packets
    int64_t first;        // its presentation time, in AV_TIME_BASE, before any shift
    bool has_content;     // that tells the codec; else packets of the source's codec hold zeros
    AVBSFContext *filter; // that its packets go through, NULL for none
    int64_t next_dts;     // of its next packet: see wr_muxer_repair_times
    struct wr_decoding decoding; // what its packets hold, but not of pictures that are encoded
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
    int video;                       // its stream of the output, -1 for none
    bool is_copied;                  // the video
    bool has_no_times;               // the source does not say when copied pictures are shown
    // Copied pictures before time 0, which readers may leave out, come later by this, and all other
    // streams with them. In AV_TIME_BASE.
    int64_t lead;
    int pictures;  // packets with something in them
    bool reorders; // they are not in the order in which they are shown
    // Pictures that are encoded are blank, and not equally far apart; the last one is shown for
    // longer than the others. Times are in AV_TIME_BASE, and rise.
    int count;
    int64_t times[WR_TRIAL_FRAMES], last_duration;
    int64_t rounded[WR_TRIAL_FRAMES];       // times to the ticks of the encoder
    enum wr_fields fields[WR_TRIAL_FRAMES]; // of pictures that are encoded
};

// Adds a time to those of the pictures, in the order in which they are shown. Of more than
// WR_TRIAL_FRAMES it takes none.
void wr_trial_note_shown(int64_t times[WR_TRIAL_FRAMES], int *count, int64_t time);

// Has the muxer write into memory. Returns 0 or FFmpeg's error code.
int wr_trial_open_memory(AVFormatContext *file);

// Moves what was written, after a failure too, to trial->data and trial->size.
void wr_trial_take_data(struct wr_trial *trial);

// Gives the packet, whose times are the stream's, to the muxer and leaves it empty. What the muxer
// refuses, where there are other streams, is no failure. Returns 0 or FFmpeg's error code.
int wr_trial_write(struct wr_trial *trial, AVPacket *packet);

// Writes what still waits, and notes the streams of which the muxer took nothing. A stream whose
// packets it holds back without a complaint, to put several together, does not count as one.
// Returns 0 or FFmpeg's error code.
int wr_trial_flush(struct wr_trial *trial);
