// SPDX-License-Identifier: MIT
// The table of MIME types.
#include "lib/output/mime.h"

#include <libavutil/avstring.h>
#include <string.h>

// Of several suffixes for pictures of one codec the first is the usual one. JPEG comes first.
static const struct wr_mime rows[] = {
    {"jpg", "image/jpeg", AV_CODEC_ID_MJPEG},
    {"jpeg", "image/jpeg", AV_CODEC_ID_MJPEG},
    {"png", "image/png", AV_CODEC_ID_PNG},
    {"bmp", "image/bmp", AV_CODEC_ID_BMP},
    {"gif", "image/gif", AV_CODEC_ID_GIF},
    {"webp", "image/webp", AV_CODEC_ID_WEBP},
    {"ttf", "application/x-truetype-font", AV_CODEC_ID_NONE},
    {"otf", "application/vnd.ms-opentype", AV_CODEC_ID_NONE},
    {"txt", "text/plain", AV_CODEC_ID_NONE},
    {"xml", "application/xml", AV_CODEC_ID_NONE},
};

enum { ROWS = sizeof rows / sizeof *rows };

const char *wr_mime_of_file(const char *path)
{
    const char *suffix = strrchr(path, '.');
    for (int n = 0; suffix && n < ROWS; n++)
        if (!av_strcasecmp(suffix + 1, rows[n].suffix))
            return rows[n].type;
    return "application/octet-stream";
}

const struct wr_mime *wr_mime_of_cover(enum AVCodecID codec)
{
    for (int n = 0; n < ROWS; n++)
        if (rows[n].codec == codec)
            return &rows[n];
    return &rows[0];
}
