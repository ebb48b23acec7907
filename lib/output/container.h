// SPDX-License-Identifier: MIT
// Puts the output's streams together for the muxer.
#pragma once

#include "lib/output/route.h"

// Makes *file for a container with the chosen streams, in the source's order: the
// encoder's, if there is one, in place of the source's video. Fills in the numbers of the output's
// streams in the routes. Returns 0 or FFmpeg's error code. *file is the caller's, after a failure,
// too.
int wr_container_create(AVFormatContext **file, const AVOutputFormat *container,
                        const struct wr_selection *selection);

// The same with tags, programs and chapters. Says what the file as a whole loses.
enum wr_status wr_container_open(AVFormatContext **file, const struct wr_selection *selection,
                                 struct wr_error *error);

// Options for avformat_write_header: those of the container's row, what the user asks for and, if
// not NULL, what makes streams start when they should. The caller frees them.
AVDictionary *wr_container_options(const AVFormatContext *file, const struct wr_target *target,
                                   const char *const *asked, const char *start_options);
