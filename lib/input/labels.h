// SPDX-License-Identifier: MIT
// What a stream says of all its frames and pixels cannot absorb: shape, colours, fields, rotation.
#pragma once

#include <libavutil/frame.h>

#include "lib/base/log.h"

struct wr_source;

// Says which of these the frame, whose pts is set, has otherwise than the source's first frame: the
// output keeps the first. Each is told once; *told, which begins with 0, remembers which.
void wr_changes_of_label_tell(unsigned *told, const struct wr_source *source, const AVFrame *frame,
                              const struct wr_log *log);
