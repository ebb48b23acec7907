// SPDX-License-Identifier: MIT
// H.264 can say of itself what an encoder or a container leaves unsaid.
#pragma once

#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>

#include "lib/warpreel.h"

// Opens *filter for the packets that are to go into stream, whose parameters it completes: so that
// how the picture is turned, and its colour range, are not lost in this container. *filter is NULL
// where there is nothing to do. Says through options->log where a turn cannot be kept.
enum wr_status wr_h264_open(AVBSFContext **filter, AVStream *stream,
                            const AVOutputFormat *container, AVRational time_base,
                            const struct wr_options *options, struct wr_error *error);

// Passes the packet through.
int wr_h264_apply(AVBSFContext *filter, AVPacket *packet);
