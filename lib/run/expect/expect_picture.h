// SPDX-License-Identifier: MIT
// A PNG that shows how a picture differs from the expected one.
#pragma once

#include <libavutil/frame.h>

#include "kernels/program/format.h"
#include "lib/base/error.h"

// Writes the expected picture, the one that came, and the difference, amplified so that the largest
// is white, side by side; only the one that came where expected is NULL. Both frames have planes of
// this format. The file is replaced when the new one is whole, and its folder must be there.
enum wr_status wr_expect_picture_write(const char *path, const AVFrame *expected,
                                       const AVFrame *came, const struct wr_format *format,
                                       int largest, struct wr_error *error);
