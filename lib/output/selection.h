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
