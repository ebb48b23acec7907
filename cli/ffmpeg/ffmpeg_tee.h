// SPDX-License-Identifier: MIT
// ffmpeg's muxer "tee" writes one output into several files. Here each of them is an output.
#pragma once

#include "cli/ffmpeg/ffmpeg_part.h"
#include "lib/warpreel.h"

// Puts, for a part with "-f tee" and the output "[f=mpegts]a.ts|b.mp4", one part for each file in
// its place. Other parts stay as they are. Fails with WR_USAGE where a file asks for what an output
// cannot do.
enum wr_status wr_ffmpeg_tee_expand(struct wr_ffmpeg_part **parts, int *count,
                                    struct wr_error *error);
