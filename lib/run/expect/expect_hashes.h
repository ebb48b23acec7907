// SPDX-License-Identifier: MIT
// The hashes of frames that a file of FFmpeg's framehash or framemd5 lists.
#pragma once

#include <libavutil/frame.h>

#include "lib/base/error.h"

struct wr_expect_hashes;

// Whether the file begins as one with checksums, of whatever kind; false where it cannot be read.
bool wr_expect_is_text(const char *path);

// Reads the lines of the first video stream. A file of another kind of checksum, of another hash
// than FFmpeg knows, or without frames, is refused. On failure *hashes is NULL.
enum wr_status wr_expect_hashes_open(struct wr_expect_hashes **hashes, const char *path,
                                     struct wr_error *error);

int64_t wr_expect_hashes_count(const struct wr_expect_hashes *hashes);

// Whether the size of the pictures is not said, or is this.
bool wr_expect_hashes_size_is(const struct wr_expect_hashes *hashes, int width, int height);
void wr_expect_hashes_size(const struct wr_expect_hashes *hashes, int *width, int *height);

// When frame n is shown, in *time_base; n must be below the count.
int64_t wr_expect_hashes_pts(const struct wr_expect_hashes *hashes, int64_t n,
                             AVRational *time_base);

// *same: whether the frame, which is packed as rawvideo writes it, has the hash of frame n.
enum wr_status wr_expect_hashes_compare(struct wr_expect_hashes *hashes, int64_t n,
                                        const AVFrame *frame, bool *same, struct wr_error *error);

// Tolerates NULL.
void wr_expect_hashes_close(struct wr_expect_hashes **hashes);
