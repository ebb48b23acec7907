// SPDX-License-Identifier: MIT
// Changes how streams are written until a reader finds what the source has, and says what is lost.
#pragma once

#include "lib/output/probe.h"

// True if frames have samples of full range, and no reader would take them for such in the planned
// output. False, too, where that cannot be found out.
bool wr_range_would_be_lost(const struct wr_output_plan *plan,
                            const struct wr_writer_options *options,
                            const struct wr_reader *reader);

// Probes the output. A stream that no reader would find is converted or left out, one whose times
// come out shifted is shifted back; what is left is said through options->log, as a loss. Fails
// only when out of memory.
enum wr_status wr_keep_what_is_found(struct wr_selection *selection, const struct wr_reader *reader,
                                     struct wr_report *report, struct wr_error *error);
