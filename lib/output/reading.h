// SPDX-License-Identifier: MIT
// A trial of the output as a reader finds it.
#pragma once

#include "lib/media/memory_reader.h"
#include "lib/output/trial.h"

// A trial that is open for reading.
struct wr_reading {
    struct wr_memory_bytes memory;
    AVIOContext *io;
    AVFormatContext *file;
    AVCodecContext *decoder;
    AVFrame *picture; // the first one; NULL if it cannot be decoded
    int video;
    int pictures;   // packets of it
    int64_t *first; // times of the streams' first packets, in AV_TIME_BASE; AV_NOPTS_VALUE: none
    int64_t second; // of the pictures
};

// Opens the trial, which must outlive the reading, and reads it to its end. Returns 0 or FFmpeg's
// error code. Close the reading after a failure, too.
int wr_reading_open(struct wr_reading *reading, const struct wr_trial *trial);

void wr_reading_close(struct wr_reading *reading);
