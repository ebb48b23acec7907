// SPDX-License-Identifier: MIT
// Whether pictures whose file says how to turn them are turned, or go on with that mark.
#pragma once

#include "lib/base/log.h"
#include "lib/media/stream.h"
#include "lib/output/output_plan.h"
#include "lib/run/request.h"

// Sets in->is_turned: pictures are turned where filters see them, and where the output could not
// carry the mark: the plan, of which the container counts, with the encoder, which is NULL where
// there is no output. Without filters an output that can gets pixels and mark as they are. What is
// turned for the output's sake is said through log.
void wr_turn_decide(struct wr_stream *in, const struct wr_request *request,
                    const struct wr_output_plan *plan, const AVCodec *encoder,
                    const struct wr_log *log);
