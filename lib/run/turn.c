// SPDX-License-Identifier: MIT
// Decides whether pictures are turned.
#include "lib/run/turn.h"

#include <string.h>

#include "lib/chain/segments.h"
#include "lib/run/further.h"

static bool only_copies(const struct wr_segment *segment)
{
    return !segment->is_native &&
           (!strcmp(segment->names, "null") || !strcmp(segment->names, "copy"));
}

// What is wrong with the chain is told when stages are made of it.
static bool has_filters(const struct wr_job_options *options)
{
    struct wr_segments segments;
    bool found = false;
    if (!wr_segments_open(&segments, options->chain, 1 + wr_further_count(options), NULL))
        for (int n = 0; n < segments.count; n++)
            found |= !only_copies(&segments.items[n]);
    wr_segments_close(&segments);
    return found;
}

void wr_turn_decide(struct wr_stream *in, const struct wr_job_options *options,
                    const struct wr_output_plan *plan, const struct wr_log *log)
{
    in->is_turned = false;
    if (!in->matrix || options->no_autorotate)
        return;
    in->is_turned = has_filters(options);
    if (in->is_turned || !plan || wr_output_plan_keeps_turn(plan))
        return;
    in->is_turned = true;
    wr_say(log, WR_LOG_WARNING, "%s cannot carry the rotation, so the picture itself is turned",
           options->output);
}
