// SPDX-License-Identifier: MIT
// What the first of two passes over the video tells the second, in FFmpeg's file of statistics.
#pragma once

#include <stdio.h>

#include "lib/output/video/encoders.h"
#include "lib/output/writer_options.h"

struct wr_pass_log {
    int pass;         // 1 writes the statistics, 2 reads them; 0: the video is encoded once
    char *name;       // of the file
    FILE *file;       // being written; NULL where the encoder's library does that itself
    char *statistics; // that were read, NULL for none
    const struct wr_log *log;
};

// Opens the file of `options->pass`, whose name is FFmpeg's: options->pass_log or "ffmpeg2pass",
// and "-0.log". Fails where it cannot be written, or where the first pass has left none. Close it
// after a failure, too; the options must outlive it.
enum wr_status wr_pass_log_open(struct wr_pass_log *pass, const struct wr_encoder_row *row,
                                const struct wr_writer_options *options, struct wr_error *error);

// Writes what the encoder tells of the packet that it gave, or of all of them at its end.
void wr_pass_log_add(struct wr_pass_log *pass, const AVCodecContext *encoder, bool is_end);

// Ends the file. Fails where it could not be written whole.
enum wr_status wr_pass_log_end(struct wr_pass_log *pass, const AVCodec *codec,
                               struct wr_error *error);

void wr_pass_log_close(struct wr_pass_log *pass);
