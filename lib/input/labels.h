// SPDX-License-Identifier: MIT
// What is said of a stream's pictures and cannot be worked into their pixels: shape, colours,
// rotation. Of fields the writer tells, since many encoders keep those of each frame.
#pragma once

#include <libavutil/frame.h>

#include "lib/base/log.h"

struct wr_source;

// Says in which of these labels a frame, whose pts is set, differs from the source's first frame,
// whose labels the output keeps. Each label is told once; *told, which begins with 0, remembers
// which.
void wr_changes_of_label_tell(unsigned *told, const struct wr_source *source, const AVFrame *frame,
                              const struct wr_log *log);
