// SPDX-License-Identifier: MIT
// Frames of one format, whose memory comes from a pool and returns to it.
#pragma once

#include <libavutil/frame.h>

#include "kernels/program/format.h"
#include "lib/base/host_memory.h"

// Encoders read whole blocks, also below the last row: libavutil's own frames have as many rows.
#define WR_ROW_ALIGNMENT 32

struct wr_frame_pool;

enum { WR_ALL_PLANES = (1 << WR_MAX_PLANES) - 1 };

// Planes whose bits are not set in `planes` are left out, for wr_frame_share. memory: where frames
// are to lie as long as it has room, borrowed until the last frame is freed; NULL: anywhere. NULL
// when out of memory.
struct wr_frame_pool *wr_frame_pool_open(const struct wr_format *format, unsigned planes,
                                         struct wr_host_memory *memory);

// A new frame, planes in our order in data[]/linesize[] (64-byte aligned), or NULL when out of
// memory. frame->format is wr_format_pix_fmt (or NONE).
AVFrame *wr_frame_pool_get(struct wr_frame_pool *pool);
const struct wr_format *wr_frame_pool_format(const struct wr_frame_pool *pool);
bool wr_frame_pool_is_for(const struct wr_frame_pool *pool, const struct wr_format *format);
void wr_frame_pool_close(struct wr_frame_pool **pool); // frames still out stay valid

// A pool of such buffers for any use, full of zeros when they are new.
AVBufferPool *wr_buffer_pool_open(size_t bytes, struct wr_host_memory *memory);
