// SPDX-License-Identifier: MIT
// The chapters of the output.
//
// With --frames chapters end with the last frame, whose time is known when all frames are written.
// A muxer that can write chapters at the end of a file gets them then: they are held back around
// the header and released before the trailer. Other muxers get chapters cut by the frame rate.
#pragma once

#include "lib/input/source.h"
#include "lib/output/containers.h"
#include "lib/output/target.h"
#include "lib/output/writer_options.h"

// Copies the source's chapters to file, moved and cut as the frames are. Returns 0 or FFmpeg's
// error code.
int wr_chapters_copy(AVFormatContext *file, const struct wr_source *source,
                     const struct wr_writer_options *options, const struct wr_target *target);

// Hides from the muxer the chapters that are written last. Sets *held to how many there are; they
// stay in file->chapters, behind those that it counts.
void wr_chapters_hold(AVFormatContext *file, const struct wr_writer_options *options,
                      const struct wr_target *target, unsigned *held);

// Gives the hidden chapters back, cut at `end`, in AV_TIME_BASE (INT64_MAX: not cut).
void wr_chapters_release(AVFormatContext *file, int64_t end, unsigned *held);
