// SPDX-License-Identifier: MIT
// Frees what a message holds.
#include "lib/media/message.h"

#include <libavcodec/packet.h>

#include "lib/media/compat.h"

void wr_message_drop(struct wr_message *message)
{
    av_frame_free(&message->frame);
    av_packet_free(&message->packet);
}

void wr_message_empty(struct wr_message *message)
{
    AVFrame *frame = message->frame;
    const int64_t pts = frame->pts, duration = wr_frame_duration(frame);
    const AVRational time_base = frame->time_base;
    av_frame_unref(frame);
    frame->pts = pts;
    frame->time_base = time_base;
    wr_frame_set_duration(frame, duration);
}

bool wr_message_is_empty(const struct wr_message *message)
{
    return message->frame && !message->frame->buf[0];
}

int64_t wr_packet_time(const AVPacket *packet)
{
    return packet->dts != AV_NOPTS_VALUE ? packet->dts : packet->pts;
}
