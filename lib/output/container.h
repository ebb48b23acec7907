// SPDX-License-Identifier: MIT
// Puts the output's streams together: those of the source that the container can hold.
#pragma once

#include "lib/input/source.h"
#include "lib/output/output_plan.h"
#include "lib/output/target.h"

// Makes *file for the planned container, with the encoder's stream in place of the source's video
// and every other stream that the container holds, in the source's order. Says through options->log
// what it does not hold. map[i]: the output's stream for the input's i, -1 if there is none. Fills
// in report->streams. *file is the caller's, after a failure, too.
enum wr_status wr_container_open(AVFormatContext **file, const struct wr_output_plan *plan,
                                 const struct wr_writer_options *options,
                                 const struct wr_target *target, const AVCodecContext *encoder,
                                 const struct wr_source *source, int *map, struct wr_report *report,
                                 struct wr_error *error);

// Options for avformat_write_header: those of the container's row, and what the user asks for. The
// caller frees them.
AVDictionary *wr_container_options(const AVFormatContext *file, const struct wr_target *target,
                                   const char *const *asked);
