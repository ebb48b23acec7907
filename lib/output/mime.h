// SPDX-License-Identifier: MIT
// The MIME types of files that are attached.
#pragma once

#include <libavcodec/codec_id.h>

struct wr_mime {
    const char *suffix; // of a file's name, in lower case
    const char *type;
    enum AVCodecID codec; // of the pictures in such files; AV_CODEC_ID_NONE for other files
};

// The type of a file, by its suffix; "application/octet-stream" where that is not known.
const char *wr_mime_of_file(const char *path);

// The row for a cover of this codec; that of JPEG where it is not known.
const struct wr_mime *wr_mime_of_cover(enum AVCodecID codec);
