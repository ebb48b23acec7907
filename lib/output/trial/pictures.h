// SPDX-License-Identifier: MIT
// Probes an output of the pictures alone, without sound, text and cover.
#pragma once

#include "lib/output/trial/keep.h"

// What the pictures would lose in the planned output, and what converting them beforehand saves.
enum wr_picture_loss {
    WR_LOSES_RANGE = 1, // no reader would take their samples of full range for such
    WR_LOSES_TIMES = 2, // they come out at multiples of the frame rate only
    WR_LOSES_ORDER = 4, // they come out at other times where they are not encoded in order
};

// Finds out by a trial. 0 where nothing is lost, or that cannot be found out.
unsigned wr_pictures_would_lose(const struct wr_output_plan *plan,
                                const struct wr_writer_options *options,
                                const struct wr_source *source);

// wr_keep_what_is_found() for pictures that are put into the planned output later, by another run:
// what would be lost of them is said, or refused. The selection has what was found, and no routes.
enum wr_status wr_keep_pictures(struct wr_selection *selection, const struct wr_output_plan *plan,
                                const struct wr_writer_options *options,
                                const struct wr_source *source, struct wr_error *error);
