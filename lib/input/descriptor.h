// SPDX-License-Identifier: MIT
// Reads pipes, terminals and inherited descriptors, and stops waiting for them when told to.
#pragma once

#include <libavformat/avio.h>

#include "lib/base/error.h"
#include "lib/input/live.h"

struct wr_descriptor;

// Opens name if it is stdin ("-", "pipe:"), an inherited descriptor ("pipe:N"), a FIFO or a
// character device. Once there is nothing to read for as long as `live` allows, it has stalled and
// reading fails with AVERROR(ETIMEDOUT); live must outlive the descriptor. For everything else,
// which libavformat opens itself, *descriptor is NULL. Reading fails with AVERROR_EXIT once the
// descriptor `cancelled` is readable (-1: never). If it leads to a file, one can seek in it;
// position 0 is where it stood when it was opened. In others one can go back by the
// length of a buffer, though their context says that they cannot seek.
enum wr_status wr_descriptor_open(struct wr_descriptor **descriptor, const char *name,
                                  int cancelled, struct wr_live *live, struct wr_error *error);

// For AVFormatContext.pb; the descriptor keeps it.
AVIOContext *wr_descriptor_context(const struct wr_descriptor *descriptor);

// Some of the bytes of an input that cannot be read again; none of others.
struct wr_kept_bytes {
    const uint8_t *bytes;
    int count;
};

// The first bytes that were read, and the latest, valid until more is read.
struct wr_kept_bytes wr_descriptor_head(const struct wr_descriptor *descriptor);
struct wr_kept_bytes wr_descriptor_tail(const struct wr_descriptor *descriptor);
void wr_descriptor_close(struct wr_descriptor **descriptor); // tolerates NULL
