// SPDX-License-Identifier: MIT
// Writes a video in closed pieces: into the output, into the file of a part, or from parts that
// were written before.
#pragma once

#include <libavcodec/bsf.h>

#include "lib/output/chunks/joined.h"
#include "lib/output/muxer.h"
#include "lib/output/chunks/pieces.h"

// What has been written of the video. Times are in the encoder's time base.
struct wr_written {
    int64_t begin, end; // of the first frame and of the last
    int64_t last;       // the duration of the last frame
    int64_t frames;
    double position; // seconds, the latest frame's
};

struct wr_chunks_terms {
    const struct wr_writer_options *options; // with chunk
    const struct wr_encoder *encoder;        // open, given no frame
    struct wr_muxer *muxer;                  // opened later
    struct wr_written *written;
    int (*interrupted)(void *);
    void *opaque;
};

struct wr_chunks {
    struct wr_chunks_terms terms;
    AVBSFContext *h264; // completes packets; borrowed, NULL if nothing is missing
    int video;          // the output's stream
    int64_t sent;       // frames
    struct wr_pieces *pieces;
    struct wr_joined *joined; // instead of pieces; NULL if there are none
    struct wr_joint joint;
    struct wr_piece piece; // whose packets from `next` on are to be written
    int next;
    struct wr_part_head head;
    AVIOContext *part; // the file of the part, NULL unless one is written
    char *part_name;
};

// The name of the part's file, to be freed with av_free; NULL when memory is short.
char *wr_part_name(const struct wr_writer_options *options);

// Opens what the options ask for. What the terms point to must outlive it. `chain` is what runs,
// for the check that parts belong together. Close it after a failure, too.
enum wr_status wr_chunks_open(struct wr_chunks *chunks, const struct wr_chunks_terms *terms,
                              const struct wr_source *source, const char *chain,
                              struct wr_error *error);

// Once the container is open: its stream for the video, and what completes packets, borrowed, or
// NULL.
void wr_chunks_attach(struct wr_chunks *chunks, int video, AVBSFContext *h264);

// Begins the file of the part; the muxer's target has been opened for it.
enum wr_status wr_chunks_begin_part(struct wr_chunks *chunks, struct wr_error *error);

// Takes *frame over on success. index counts the video's frames from 0 in a part.
enum wr_status wr_chunks_send(struct wr_chunks *chunks, AVFrame **frame, int64_t index,
                              struct wr_error *error);

// Where parts are joined: writes the packets that are decoded no later than at this time.
enum wr_status wr_chunks_write_until(struct wr_chunks *chunks, int64_t time, AVRational time_base,
                                     struct wr_error *error);

// No more frames come: writes one more piece; WR_END when there is none left.
int wr_chunks_flush(struct wr_chunks *chunks, struct wr_error *error);

// Ends the file of the part.
enum wr_status wr_chunks_end_part(struct wr_chunks *chunks, const struct wr_part_tail *tail,
                                  struct wr_error *error);

void wr_chunks_close(struct wr_chunks *chunks);
