// SPDX-License-Identifier: MIT
// Changes how streams are written until a reader finds what the source has, and says what is lost.
#pragma once

#include "lib/output/trial/probe.h"

// Probes the output. A stream that no reader would find is converted or left out, one whose times
// come out shifted is shifted back; what is left is said through options->log, as a loss. Fails for
// raw frames that nothing could read, and when out of memory.
enum wr_status wr_keep_what_is_found(struct wr_selection *selection, const struct wr_ahead *ahead,
                                     struct wr_report *report, struct wr_error *error);
