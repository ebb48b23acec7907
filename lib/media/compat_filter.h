// SPDX-License-Identifier: MIT
// What differs between FFmpeg's versions in libavfilter. Apart from compat.h, since few files use
// that library.
#pragma once

#include <libavfilter/avfilter.h>
#include <libavfilter/buffersrc.h>

#include "lib/media/frame.h"

// Tells a source what colours its frames have; before libavfilter 10 the frames alone say so.
static inline void wr_buffersrc_set_color(AVBufferSrcParameters *parameters,
                                          const struct wr_format *format)
{
#if LIBAVFILTER_VERSION_INT >= AV_VERSION_INT(10, 0, 100)
    const struct wr_color color = wr_format_color(format);
    parameters->color_range = color.range;
    parameters->color_space = color.matrix;
#else
    (void)parameters, (void)format;
#endif
}
