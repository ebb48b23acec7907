// SPDX-License-Identifier: MIT
// Reads bytes in memory through a small buffer of libavformat's.
#include "lib/media/memory_reader.h"

#include <libavutil/common.h>
#include <libavutil/error.h>
#include <libavutil/mem.h>
#include <string.h>

enum { BUFFER = 4096 };

static int read_memory(void *opaque, uint8_t *buffer, int size)
{
    struct wr_memory_bytes *bytes = opaque;
    const int count = (int)FFMIN(bytes->size - bytes->position, size);
    if (count <= 0)
        return AVERROR_EOF;
    memcpy(buffer, bytes->data + bytes->position, (size_t)count);
    bytes->position += count;
    return count;
}

static int64_t seek_memory(void *opaque, int64_t offset, int whence)
{
    struct wr_memory_bytes *bytes = opaque;
    if (whence & AVSEEK_SIZE)
        return bytes->size;
    const int64_t to = whence == SEEK_CUR   ? bytes->position + offset
                       : whence == SEEK_END ? bytes->size + offset
                                            : offset;
    if (to < 0 || to > bytes->size)
        return AVERROR(EINVAL);
    return bytes->position = to;
}

AVIOContext *wr_memory_reader_open(struct wr_memory_bytes *bytes)
{
    uint8_t *buffer = av_malloc(BUFFER);
    AVIOContext *reader =
        buffer ? avio_alloc_context(buffer, BUFFER, 0, bytes, read_memory, NULL, seek_memory)
               : NULL;
    if (!reader)
        av_free(buffer);
    return reader;
}

void wr_memory_reader_close(AVIOContext **reader)
{
    if (*reader)
        av_freep(&(*reader)->buffer);
    avio_context_free(reader);
}
