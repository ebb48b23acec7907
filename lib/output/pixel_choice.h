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

// Chooses the encoder's pixel format for frames of `format`: one that holds them exactly. That is
// `asked`, to which they were converted, if it is not NULL; else `source`, the planar one, or the
// first of the encoder's that does.
enum wr_status wr_choose_pix_fmt(enum AVPixelFormat *pix_fmt, const AVCodec *codec,
                                 const char *asked, enum AVPixelFormat source,
                                 const struct wr_format *format, struct wr_error *error);
