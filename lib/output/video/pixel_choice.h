// SPDX-License-Identifier: MIT
// Which pixel format the encoder is fed.
#pragma once

#include <libavcodec/avcodec.h>

#include "lib/media/pixel_format.h"
#include "lib/warpreel.h"

// Fails with WR_USAGE if frames cannot be converted to the pixel format of this name. NULL is fine.
enum wr_status wr_check_pix_fmt(const char *name, struct wr_error *error);

// True if the encoder's list of pixel formats has this one, or if it has no list.
bool wr_encoder_takes(const AVCodec *codec, enum AVPixelFormat pix_fmt);

// True if frames can be made so, and the encoder takes them: one that takes only full range has
// formats of both ranges in its list.
bool wr_encoder_can_get(const AVCodec *codec, enum AVPixelFormat pix_fmt);

// The format that the encoder can get and that loses least of `wish`; AV_PIX_FMT_NONE if there is
// no such format. The alpha of a palette is not missed.
enum AVPixelFormat wr_encoder_nearest(const AVCodec *codec, enum AVPixelFormat wish);

// Chooses the encoder's pixel format for frames of `format`: one that holds them exactly. That is
// `asked`, to which they were converted, if it is not NULL; else `source`, the planar one, or the
// first of the encoder's that does.
enum wr_status wr_choose_pix_fmt(enum AVPixelFormat *pix_fmt, const AVCodec *codec,
                                 const char *asked, enum AVPixelFormat source,
                                 const struct wr_format *format, struct wr_error *error);
