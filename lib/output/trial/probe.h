// SPDX-License-Identifier: MIT
// What a reader will find in the output: asked of a short file that is made in the same way.
#pragma once

#include "lib/input/messages.h"
#include "lib/output/trial/findings.h"
#include "lib/output/route.h"

// Makes a trial of the selection and opens it. Where that does not work the probe tells no other
// losses. Fails only when out of memory. Close the probe after a failure, too.
enum wr_status wr_probe_open(struct wr_probe *probe, const struct wr_selection *selection,
                             const struct wr_ahead *ahead, struct wr_error *error);
void wr_probe_close(struct wr_probe *probe);
