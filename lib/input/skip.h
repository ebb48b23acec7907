// SPDX-License-Identifier: MIT
// Finds the packets of a video that a part of it can do without.
//
// A first pass reads all packets, without decoding, and notes when each is shown. So the index of
// every frame is known, and decoding can go on at a key frame far ahead. Where packets and frames
// do not correspond one to one, nothing is passed over.
#pragma once

#include "lib/input/decode.h"
#include "lib/input/messages.h"

// Which frames are wanted: those of piece i for which i modulo parts is number - 1.
struct wr_part_frames {
    int64_t chunk;     // frames of a piece
    int number, parts; // parts is 0 where all frames are wanted
};

bool wr_share_has(const struct wr_part_frames *share, int64_t index);

struct wr_packet_times {
    int64_t pts;
    bool is_key;
};

struct wr_skip {
    struct wr_part_frames share;
    struct wr_source *source;        // borrowed
    struct wr_packet_times *packets; // as the file has them; NULL if nothing can be passed over
    int64_t *shown;                  // pts of all frames, in order
    int64_t count, capacity;
    bool is_passing;  // packets are not decoded before number `resume`
    bool has_passed;  // some were not
    int64_t resume;   // number of the packet at which decoding goes on; count for none
    int64_t wanted;   // index of the frame for whose sake it does, 0 before any
    bool is_resuming; // the frames that were passed over have not been told of yet
    int64_t damaged;  // of the source before
    int complaints;
};

// Reads the packets of the source's file, which is opened a second time; the source must outlive
// the skip. Close it in any case.
enum wr_status wr_skip_open(struct wr_skip *skip, const struct wr_part_frames *share,
                            struct wr_source *source, struct wr_error *error);

// Whether packet number `packet` is for frames that nobody wants, when the next frame has index
// `frame`. Where that begins, the decoder forgets what it has.
bool wr_skip_passes(struct wr_skip *skip, struct wr_decoder *decoder, int64_t packet,
                    int64_t frame);

// Makes a decoded frame ready, and takes it over: before it those that were passed over, without
// their pictures. *frames counts them. Fails where the frame is not the one that was expected.
enum wr_status wr_skip_put(struct wr_skip *skip, AVFrame *frame, int64_t *frames,
                           struct wr_messages *ready, struct wr_error *error);

void wr_skip_close(struct wr_skip *skip);
