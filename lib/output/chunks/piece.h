// SPDX-License-Identifier: MIT
// A closed piece of the video: what one encoder made of its frames, from its first to its last.
#pragma once

#include <libavcodec/packet.h>
#include <stdbool.h>

#include "lib/base/error.h"

// Times are in the encoder's time base. wr_piece_close frees the packets.
struct wr_piece {
    int64_t number;     // in the file, from 0
    int64_t frames;     // in it
    int64_t begin, end; // when the first frame is shown, and when the last is over
    int64_t last;       // the duration of the last frame
    AVPacket **packets; // in the order of decoding
    int count, capacity;
};

// Takes *packet over, also on failure.
enum wr_status wr_piece_add(struct wr_piece *piece, AVPacket **packet, struct wr_error *error);

void wr_piece_close(struct wr_piece *piece);

// What is known of the pieces before the next one, to put that behind them.
enum { WR_MOST_DELAY = 32 };
struct wr_joint {
    int64_t chunk;                 // frames of a piece; the last one may have fewer
    bool has_ended;                // the piece before was the last one
    int delay;                     // packets that are decoded ahead of what is shown
    int64_t number;                // of the next piece
    int64_t count;                 // packets so far
    int64_t first, first_duration; // of the first frame
    int64_t shown[WR_MOST_DELAY];  // when the last packets' frames are shown, at count % the length
};

// Begins with an encoder that says of itself that it decodes `delay` packets ahead, for pieces of
// so many frames.
void wr_joint_begin(struct wr_joint *joint, int delay, int64_t chunk);

// Gives the packets of the piece, in which the encoder's own times stand, decoding times that
// continue those of the pieces before. The same pieces get the same times wherever they were made.
// Fails where the piece does not follow.
enum wr_status wr_joint_add(struct wr_joint *joint, const struct wr_piece *piece,
                            struct wr_error *error);
