// SPDX-License-Identifier: MIT
// Bytes in memory, read as libavformat reads a file.
#pragma once

#include <libavformat/avio.h>

struct wr_memory_bytes {
    const uint8_t *data; // borrowed
    int64_t size, position;
};

// A context that reads and seeks; bytes must outlive it. NULL when memory is short.
AVIOContext *wr_memory_reader_open(struct wr_memory_bytes *bytes);

// Tolerates NULL.
void wr_memory_reader_close(AVIOContext **reader);
