// SPDX-License-Identifier: MIT
// The output's container: which muxer, its options, which streams it can hold and how they get
// there.
#pragma once

#include "lib/output/encoder.h"
#include "lib/output/target.h"

// ---- container.c

enum wr_status wr_choose_container(const AVOutputFormat **container,
                                   const struct wr_options *options, struct wr_error *error);

// True for the muxers that only count or hash what they are given.
bool wr_takes_anything(const AVOutputFormat *container);
enum wr_target_kind wr_container_kind(const AVOutputFormat *container, const char *name);

// Makes *file for container, with every stream of the source that it holds, in the source's order;
// says through options->log which it does not. map[i]: the output's stream for the input's i, -1 if
// there is none.
enum wr_status wr_container_open(AVFormatContext **file, const AVOutputFormat *container,
                                 const struct wr_target *target, const struct wr_encoder *encoder,
                                 const struct wr_source *source, const struct wr_options *options,
                                 int *map, struct wr_report *report, struct wr_error *error);

// Options for avformat_write_header; freed by the caller.
AVDictionary *wr_container_options(const AVFormatContext *file, const struct wr_target *target);

// ---- copy.c

// Adds the video stream that the encoder makes, with all that the source says of it.
int wr_add_encoded(AVFormatContext *file, const struct wr_encoder *encoder,
                   const struct wr_source *source);

// Adds a copy of a stream. In a container that holds files, a cover becomes one.
int wr_add_copy(AVFormatContext *file, const struct wr_source *source, const AVStream *stream);

// Metadata of the file, chapters and programs.
int wr_copy_file(AVFormatContext *file, const struct wr_source *source,
                 const struct wr_options *options, const struct wr_target *target,
                 const int *map);

// With --frames, chapters end with the last frame, which is known when all is written. Where the muxer
// can write them then, they wait until they are released: between the two calls around the header and
// before the trailer, *held of them stand behind file->chapters, uncounted.
void wr_hold_chapters(AVFormatContext *file, const struct wr_options *options,
                      const struct wr_target *target, unsigned *held);

// Counts them again, cut at the end, in AV_TIME_BASE (INT64_MAX: not cut).
void wr_release_chapters(AVFormatContext *file, int64_t end, unsigned *held);

// True if the container holds attached files rather than attached pictures.
bool wr_holds_files(const AVOutputFormat *container);
