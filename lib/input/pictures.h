// SPDX-License-Identifier: MIT
// Names that stand for many pictures: numbered ones, and patterns of a shell.
#pragma once

#include <libavformat/avformat.h>

#include "lib/base/error.h"
#include "lib/media/sequence.h"

// For a name that is not a file: if it means pictures, sets how libavformat's demuxer of pictures
// finds them. A sequence begins with its lowest number, whatever that is, and *sequence says which
// numbers there are. Leaves everything as it is for any other name. Fails where no picture has such
// a name. The caller frees *options, also after a failure.
enum wr_status wr_pictures_options(const char *name, struct wr_sequence *sequence,
                                   const AVInputFormat **format, AVDictionary **options,
                                   struct wr_error *error);
