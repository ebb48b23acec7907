// SPDX-License-Identifier: MIT
// Encodes a video in closed pieces, each with an encoder of its own, several side by side if asked.
#pragma once

#include "lib/output/video/encoder.h"
#include "lib/output/chunks/piece.h"

struct wr_pieces;

struct wr_pieces_terms {
    const struct wr_encoder *first; // open, given no frame; encoders of pieces are opened like it
    const struct wr_writer_options *options;
    int (*interrupted)(void *); // asked between frames; ends encoding by returning non-zero
    void *opaque;
};

// What the terms point to must outlive the pieces. *pieces is NULL on failure.
enum wr_status wr_pieces_open(struct wr_pieces **pieces, const struct wr_pieces_terms *terms,
                              struct wr_error *error);

// Ends the piece before, if the frame to come belongs to another piece than that. True if a piece
// has to be taken before the frame can be sent.
bool wr_pieces_turn(struct wr_pieces *pieces, int64_t number);

// Takes *frame over on success. Frames of a piece come one after the other.
enum wr_status wr_pieces_send(struct wr_pieces *pieces, int64_t number, AVFrame **frame,
                              struct wr_error *error);

// No more frames come.
void wr_pieces_end(struct wr_pieces *pieces);

// Moves the oldest piece that has been ended to *piece, waiting until it is encoded; the caller
// closes it. WR_END if there is none.
int wr_pieces_take(struct wr_pieces *pieces, struct wr_piece *piece, struct wr_error *error);

// Tolerates NULL.
void wr_pieces_close(struct wr_pieces **pieces);
