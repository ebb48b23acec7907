// SPDX-License-Identifier: MIT
// FFmpeg's decoder for the video of a source.
#pragma once

#include <libavcodec/avcodec.h>

#include "lib/base/error.h"
#include "lib/input/source.h"
#include "lib/input/surfaces.h"
#include "lib/media/libav.h"

// threads: 0 for all processors. opaque must outlive the context, which the caller frees, also
// after a failure.
enum wr_status wr_decoder_context_open(AVCodecContext **context, const struct wr_source *source,
                                       int threads, struct wr_decoder_opaque *opaque,
                                       struct wr_error *error);
