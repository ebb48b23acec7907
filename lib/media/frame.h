// SPDX-License-Identifier: MIT
// Frames between libavutil's pixel formats and ours: what one is like, shared planes.
#pragma once

#include <libavutil/frame.h>

#include "kernels/program/format.h"
#include "lib/base/error.h"
#include "lib/media/pixel_format.h"

// Which colours the samples of a format stand for, in libavutil's words: unspecified stays
// unspecified as long as no filter has decided.
struct wr_color {
    enum AVColorRange range;
    enum AVColorSpace matrix;
};

// Gives the frame what it does not say of its colours and `like`, a frame of the same model, does.
void wr_frame_keep_color(AVFrame *frame, const AVFrame *like);

struct wr_color wr_format_color(const struct wr_format *format);

// Describes frame's layout and colour; false if warpreel has no such pixel format (Bayer,
// hardware frames).
bool wr_frame_format(const AVFrame *frame, struct wr_format *format);

// Gives a frame a format of its own, other than its stream's: it stays with the frame and its
// copies. False if memory is short. wr_frame_own_format is NULL for frames that are as their stream
// says.
bool wr_frame_set_own_format(AVFrame *frame, const struct wr_format *format);
const struct wr_format *wr_frame_own_format(const AVFrame *frame);

// Has whoever wants to write into the frame make a copy of it, also when nobody else holds it any
// more. False if memory is short.
bool wr_frame_set_read_only(AVFrame *frame);

// Encoders read whole blocks of rows, so they read below a frame whose height is not a multiple of
// the block's. Replaces a frame whose memory ends too early by a copy with zeros below it; others
// stay as they are.
enum wr_status wr_frame_add_rows(AVFrame **frame, struct wr_error *error);

// Makes plane p of `to` the part of plane b of `from` that `plane` says, whose samples have `bytes`
// bytes. Both frames then own the memory, which nobody may write any more. False if memory is
// short.
struct wr_plane;
bool wr_frame_share(AVFrame *to, int p, AVFrame *from, int b, const struct wr_plane *plane,
                    int bytes);
