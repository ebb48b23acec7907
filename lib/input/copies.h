// SPDX-License-Identifier: MIT
// The streams that are copied: which of their packets belong to the part that is read.
#pragma once

#include "lib/input/decode.h"
#include "lib/input/messages.h"

struct wr_copies {
    const struct wr_decoder *decoder; // borrowed: knows how far the video goes
    enum wr_copy_state *states;       // one for each of the source's streams
    int64_t *ends;                    // where each ends as far as it is known, in its time base
    int count;
    struct wr_messages held; // with --frames: packets that may lie after the end
};

// Fails only when out of memory. After a failure too, wr_copies_close is due.
enum wr_status wr_copies_open(struct wr_copies *copies, const struct wr_decoder *decoder,
                              struct wr_error *error);
void wr_copies_close(struct wr_copies *copies);

// Forgets all packets: reading begins again elsewhere in the file.
void wr_copies_restart(struct wr_copies *copies);

// Takes a packet of any stream but the video; packet->stream_index is the source's. If it is
// wanted, its content moves to `ready`; with --frames it is held until it is known whether it lies
// before the end.
enum wr_status wr_copies_take(struct wr_copies *copies, AVPacket *packet, struct wr_messages *ready,
                              struct wr_error *error);

// No more packets of the source's file, or of one beside it, come. With tell_ends, what is ready
// gets a message on the end of each of its videos and sounds.
enum wr_status wr_copies_end(struct wr_copies *copies, const struct wr_source *from, bool tell_ends,
                             struct wr_messages *ready, struct wr_error *error);

// Moves the held packets to `ready` that lie before the end of the newest frame. After the last
// frame, all others are dropped.
enum wr_status wr_copies_release(struct wr_copies *copies, struct wr_messages *ready,
                                 struct wr_error *error);

// True once every stream of one of the files has been read up to its end.
bool wr_copies_are_complete(const struct wr_copies *copies, const struct wr_source *from);

// To be called with each packet of the video after that end. When it lies far beyond the end, all
// streams of the video's file count as complete.
void wr_copies_stop_waiting(struct wr_copies *copies, const AVPacket *packet);
