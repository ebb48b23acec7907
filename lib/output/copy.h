// SPDX-License-Identifier: MIT
// Copies to the output what is not pixels. The functions return 0 or FFmpeg's error code.
#pragma once

#include "lib/output/route.h"
#include "lib/output/writer_options.h"

// Adds the video stream that the open encoder makes, with all that the source says of it. From the
// plan come the four letters of its codec, 0 for the source's or the muxer's, and how its pictures
// are to be turned when they are shown.
int wr_add_encoded(AVFormatContext *file, const AVCodecContext *encoder,
                   const struct wr_source *source, const struct wr_output_plan *plan);

// Adds a copy of a stream of the source. In a container that holds attached files a cover becomes
// one.
int wr_add_copy(AVFormatContext *file, const struct wr_source *source, const AVStream *stream);

// Whether the copy of a video has a tick for each frame. A container without times takes the ticks
// for frames, as MXF does. AVI fills ticks between frames with empty packets, so it gets finer
// ticks only where frames come at no constant rate.
bool wr_copy_counts_frames(const AVFormatContext *file, const AVStream *stream);

// Adds the stream that an open encoder makes of a stream of the source.
int wr_add_converted(AVFormatContext *file, const AVCodecContext *encoder, const AVStream *from);

// Sets what streams are for, where that is asked for. Muxers decide by it what they can hold.
int wr_set_dispositions(AVFormatContext *file, const struct wr_writer_options *options);

// Copies the file's tags and programs, and sets the tags of file and streams that the options ask
// for. routes: of the source's streams.
int wr_copy_file_data(AVFormatContext *file, const struct wr_source *source,
                      const struct wr_writer_options *options,
                      const struct wr_stream_route *routes);
