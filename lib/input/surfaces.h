// SPDX-License-Identifier: MIT
// Where FFmpeg's decoder puts its frames: in memory that a device copies from by itself, if the
// program's first filters run on one.
#pragma once

#include <libavcodec/avcodec.h>
#include <pthread.h>

#include "lib/base/host_memory.h"

struct wr_surfaces {
    _Atomic(struct wr_host_memory *) memory; // borrowed; NULL: FFmpeg's own
    pthread_mutex_t lock;                    // of what follows
    AVBufferPool *buffers;                   // each holds all planes of a frame
    size_t bytes;                            // of each of them
};

void wr_surfaces_open(struct wr_surfaces *surfaces);

// Frames that are still out stay valid. Tolerates what was never opened.
void wr_surfaces_close(struct wr_surfaces *surfaces);

// An AVCodecContext.get_buffer2, of a decoder whose opaque is a struct wr_decoder_opaque. From any
// of its threads.
int wr_surfaces_get(AVCodecContext *context, AVFrame *frame, int flags);
