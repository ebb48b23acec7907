// SPDX-License-Identifier: MIT
// Frames of any pixel format become planes of samples, and the reverse.
#pragma once

#include "lib/base/error.h"
#include "lib/media/frame_pool.h"

// The frame's planes in our order, one sample array each: data[p] and linesize[p] serve directly.
// Packed, semi-planar, palette and foreign-endian frames, and those with rows from last to first,
// are unpacked into a frame of the pool, which is for their format; planar ones come back as they
// are. On success *frame is replaced.
enum wr_status wr_frame_unpack(AVFrame **frame, struct wr_frame_pool *pool, struct wr_error *error);

// The reverse: *frame, planes in our order and with frame->format saying which, is replaced by one
// of pix_fmt. Planes of 32-bit floats take 16 bits. Fails, and leaves *frame, where pix_fmt does
// not hold just these samples. A frame with a palette stays as it is.
enum wr_status wr_frame_pack(AVFrame **frame, enum AVPixelFormat pix_fmt, struct wr_error *error);
