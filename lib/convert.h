// SPDX-License-Identifier: MIT
// Converts finished frames to the pixel format that --pix-fmt names, through libswscale.
#pragma once

#include "lib/media.h"

struct wr_convert;

// What the numbers of the converted picture mean.
struct wr_color {
    enum AVColorRange range;
    enum AVColorSpace matrix;
};

enum wr_status wr_convert_open(struct wr_convert **convert, const struct wr_format *from,
                               enum AVPixelFormat to, const struct wr_color *color,
                               struct wr_error *error);

// Replaces *frame, planes in our order, by its conversion.
enum wr_status wr_convert_run(struct wr_convert *convert, AVFrame **frame, struct wr_error *error);
void wr_convert_close(struct wr_convert **convert); // tolerates NULL
