// SPDX-License-Identifier: MIT
// Tags of the output: those of the source, and those that are asked for. The functions return 0 or
// FFmpeg's error code.
#pragma once

#include <libavformat/avformat.h>

#include "lib/output/writer_options.h"

// What does not hold any more, and is left out.
enum wr_tags_lack {
    WR_TAGS_LACK_NOTHING,
    WR_TAGS_LACK_COUNTS,   // of bytes and frames: the stream is cut
    WR_TAGS_LACK_ENCODING, // these, and how the old stream was encoded
    WR_TAGS_LACK_FILE,     // how the old file was made
};

int wr_tags_copy(AVDictionary **to, const AVDictionary *from, enum wr_tags_lack lack);

// Sets the tags of file and streams that the options ask for in the place of what was copied.
int wr_tags_set(AVFormatContext *file, const struct wr_writer_options *options);

// Calls set with what stands behind the slash of "specifier/text", for each stream that the
// specifier matches, until it fails.
int wr_set_in_streams(AVFormatContext *file, const char *text,
                      int (*set)(AVStream *stream, const char *text));
