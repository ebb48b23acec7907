// SPDX-License-Identifier: MIT
// Decides whether pictures are turned.
#include "lib/run/turn_choice.h"

void wr_turn_decide(struct wr_stream *in, const struct wr_request *request,
                    const struct wr_output_plan *plan, const AVCodec *encoder,
                    const struct wr_log *log)
{
    in->is_turned = false;
    if (!in->matrix || request->options->no_autorotate)
        return;
    in->is_turned = wr_request_has_filters(request) || request->options->size;
    if (in->is_turned || !encoder || wr_output_plan_keeps_turn(plan, encoder))
        return;
    in->is_turned = true;
    wr_say(log, WR_LOG_WARNING, "%s cannot carry the rotation, so the picture itself is turned",
           request->options->output);
}
