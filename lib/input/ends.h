// SPDX-License-Identifier: MIT
// Where files of single containers should end.
#pragma once

#include <libavformat/avformat.h>

// The result for a file that was cut and does not say where it should end.
#define WR_BEYOND INT64_MAX

// Each reads a file of `size` bytes from its beginning on, and leaves the position anywhere.
// Returns where the file ends by what it says of itself, WR_BEYOND where something is missing from
// its middle or its mark of the end is, and 0 if it does not say.
int64_t wr_end_of_matroska(AVIOContext *pb, int64_t size);
int64_t wr_end_of_mp4(AVIOContext *pb, int64_t size);
int64_t wr_end_of_avi(AVIOContext *pb, int64_t size);
int64_t wr_end_of_asf(AVIOContext *pb, int64_t size);
int64_t wr_end_of_real(AVIOContext *pb, int64_t size);
int64_t wr_end_of_flv(AVIOContext *pb, int64_t size);
int64_t wr_end_of_mxf(AVIOContext *pb, int64_t size);
int64_t wr_end_of_ogg(AVIOContext *pb, int64_t size);
int64_t wr_end_of_gif(AVIOContext *pb, int64_t size);
int64_t wr_end_of_png(AVIOContext *pb, int64_t size);
int64_t wr_end_of_ts(AVIOContext *pb, int64_t size);
int64_t wr_end_of_swf(AVIOContext *pb, int64_t size);
int64_t wr_end_of_ivf(AVIOContext *pb, int64_t size);
