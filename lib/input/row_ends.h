// SPDX-License-Identifier: MIT
// Where files should end that are rows of packets and have no other mark: see ends.h.
#pragma once

#include <libavformat/avformat.h>

int64_t wr_end_of_obu(AVIOContext *pb, int64_t size);
int64_t wr_end_of_gxf(AVIOContext *pb, int64_t size);
int64_t wr_end_of_roq(AVIOContext *pb, int64_t size);
