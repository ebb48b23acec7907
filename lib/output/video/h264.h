// SPDX-License-Identifier: MIT
// H.264 can say of itself what an encoder or a container leaves unsaid.
#pragma once

#include <libavcodec/bsf.h>

#include "lib/output/containers.h"

// Whether streams of the codec are completed here.
bool wr_h264_completes(enum AVCodecID codec);

// Opens *filter for the packets that go into `stream`, and completes the stream's parameters, so
// that the container, of which row is known, does not lose how the picture is turned, nor its
// colour range. *filter is NULL where nothing is missing; else the caller frees it. time_base is
// that of the packets.
enum wr_status wr_h264_open(AVBSFContext **filter, AVStream *stream,
                            const struct wr_container_row *row, AVRational time_base,
                            struct wr_error *error);

// Passes a packet through. Returns 0 or FFmpeg's error code.
int wr_h264_apply(AVBSFContext *filter, AVPacket *packet);
