// SPDX-License-Identifier: MIT
// The four letters that name a stream's codec in the container, as they are asked for.
#pragma once

#include <libavformat/avformat.h>

#include "lib/base/error.h"

// Reads four letters, or their number. Fails with WR_USAGE where the text is neither.
enum wr_status wr_codec_tag_read(unsigned *tag, const char *text, struct wr_error *error);

// Fails with WR_USAGE where the container has a table of tags, and not this one for the codec.
enum wr_status wr_codec_tag_check(const AVOutputFormat *container, unsigned tag,
                                  enum AVCodecID codec, struct wr_error *error);

// Fails with WR_USAGE where one of the texts is not "SPECIFIER/TAG"; the list, which ends with
// NULL, may be NULL.
enum wr_status wr_codec_tags_check(const char *const *texts, struct wr_error *error);

// Sets the tags of the file's streams by such texts. Fails as wr_codec_tag_check().
enum wr_status wr_codec_tags_set(AVFormatContext *file, const char *const *texts,
                                 struct wr_error *error);
