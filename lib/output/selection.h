// SPDX-License-Identifier: MIT
// Chooses the streams of the output: copied, converted or left out.
#pragma once

#include "lib/output/route.h"

// Chooses every stream that the container holds as it is, or converted where that is asked for or
// needed. Fills in the routes, but for the numbers of the output's streams, and report->streams;
// says what is converted and what is lost. Fails only for what was asked for with --audio and
// cannot be.
enum wr_status wr_selection_make(struct wr_selection *selection, struct wr_report *report,
                                 struct wr_error *error);

// Gives up copying or converting a stream as chosen, since no reader would find it: converts it, or
// leaves it out, and says so.
void wr_selection_replace(struct wr_selection *selection, int index, struct wr_report *report);

// Whether the stream is sound that loses nothing where it is encoded anew, or has been before.
bool wr_selection_can_fill(const struct wr_selection *selection, int index);

// Makes such a stream begin at time 0, with silence. False if nothing has changed.
bool wr_selection_fill(struct wr_selection *selection, int index);
