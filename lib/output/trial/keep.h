// SPDX-License-Identifier: MIT
// Changes how streams are written until a reader finds what the source has, and says what is lost.
#pragma once

#include "lib/output/trial/probe.h"

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

// Probes the output. A stream that no reader would find is converted or left out, one whose times
// come out shifted is shifted back; what is left is said through options->log, as a loss. Fails for
// raw frames that nothing could read, and when out of memory.
enum wr_status wr_keep_what_is_found(struct wr_selection *selection, const struct wr_ahead *ahead,
                                     struct wr_report *report, struct wr_error *error);

// The same for pictures that are put into the planned output later, by another run: what would be
// lost of them is said, or refused. The selection has what was found, and no routes.
enum wr_status wr_keep_pictures(struct wr_selection *selection, const struct wr_output_plan *plan,
                                const struct wr_writer_options *options,
                                const struct wr_source *source, struct wr_error *error);
