// SPDX-License-Identifier: MIT
// What travels between the ends of the pipeline: frames and packets.
#pragma once

#include <libavutil/frame.h>

struct AVPacket;

// What travels from the reader towards the writer: a decoded frame of the filtered stream, or a packet
// of a stream that is copied (packet->stream_index: the input's). One of the two is NULL. Whoever holds
// the message owns it.
struct wr_message {
    AVFrame *frame; // planar, native byte order: see wr_frame_format; pts and duration in the time
                    // base of wr_reader_time_base, pts always set and strictly rising
    struct AVPacket *packet;
};

void wr_message_drop(struct wr_message *message);
