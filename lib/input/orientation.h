// SPDX-License-Identifier: MIT
// How a photograph is to be turned, by its EXIF.
#pragma once

#include <libavcodec/codec_id.h>
#include <libavcodec/packet.h>
#include <stdbool.h>

// The number that EXIF gives in a PNG or TIFF, which FFmpeg's decoders may leave unread: 1 to 8,
// or 0 if there is none.
int wr_orientation_of_packet(enum AVCodecID codec, const AVPacket *packet);

// What that number asks for. False, and matrix stays as it is, where nothing is to be turned.
bool wr_turn_of_orientation(int number, int32_t matrix[9]);
