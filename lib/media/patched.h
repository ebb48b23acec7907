// SPDX-License-Identifier: MIT
// Which pictures a decoder has patched up because their data was damaged.
//
// FFmpeg marks such frames, but with several threads it may forget to. It always logs them, on the
// thread that decodes the picture. So each picture gets a number when its memory is asked for, and
// its thread remembers the number until the next one.
#pragma once

#include <libavutil/frame.h>
#include <stdatomic.h>
#include <stdbool.h>

// A decoder never holds as many pictures at a time.
enum { WR_MOST_PICTURES = 1024 };

// Zero at first. One for each decoder, shared by its threads.
struct wr_patched {
    atomic_uint numbers; // given so far
    atomic_bool is_patched[WR_MOST_PICTURES];
};

// This thread decodes into the frame from now on. frame->opaque gets the number.
void wr_patched_begin(struct wr_patched *patched, AVFrame *frame);

// The picture that this thread decodes is patched up.
void wr_patched_mark(struct wr_patched *patched);

// Whether a frame that the decoder gave was.
bool wr_patched_has(struct wr_patched *patched, const AVFrame *frame);
