// SPDX-License-Identifier: MIT
// Frees what a message holds.
#include "lib/media/message.h"

#include <libavcodec/packet.h>

void wr_message_drop(struct wr_message *message)
{
    av_frame_free(&message->frame);
    av_packet_free(&message->packet);
}
