// SPDX-License-Identifier: MIT
// What travels from the reader towards the writer: frames and packets.
#pragma once

#include <libavutil/frame.h>
#include <stdbool.h>

struct AVPacket;

// A decoded frame of the filtered stream, or a packet of a stream that is copied
// (packet->stream_index is the input's); the other of the two is NULL. Whoever holds the message
// owns it.
struct wr_message {
    AVFrame *frame; // planar, native byte order: see wr_frame_format. From the reader: pts, always
                    // strictly rising, and duration are set, in frame->time_base
    int64_t index;  // of the frame in its job, from 0
    struct AVPacket *packet;
    bool is_end; // the packet is empty, its time is where its stream ends; sent only if asked for
};

// Takes the picture from a message's frame; what is left says only that there was a frame, and
// when.
void wr_message_empty(struct wr_message *message);
bool wr_message_is_empty(const struct wr_message *message);

// When the packet is decoded, or shown where the file says no more.
int64_t wr_packet_time(const struct AVPacket *packet);

// Frees what the message holds.
void wr_message_drop(struct wr_message *message);
