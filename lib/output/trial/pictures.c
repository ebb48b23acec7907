// SPDX-License-Identifier: MIT
// Selects the pictures, makes the trial, and says what would be lost.
#include "lib/output/trial/pictures.h"

#include <stdlib.h>

// A selection of the pictures alone. Its routes are to be freed; NULL when memory is short.
static struct wr_selection pictures_alone(const struct wr_output_plan *plan,
                                          const struct wr_writer_options *options,
                                          const struct wr_source *source)
{
    static const struct wr_target target = {0};
    struct wr_selection selection = {
        .plan = plan,
        .options = options,
        .target = &target,
        .source = source,
        .routes = calloc((size_t)source->stream_count, sizeof *selection.routes),
    };
    if (selection.routes)
        selection.routes[source->video->index].chosen = true;
    return selection;
}

static struct wr_probe probe_pictures(const struct wr_output_plan *plan,
                                      const struct wr_writer_options *options,
                                      const struct wr_source *source)
{
    static const struct wr_ahead nothing = {{NULL, NULL}};
    struct wr_selection selection = pictures_alone(plan, options, source);
    struct wr_probe probe = {0};
    if (!selection.routes)
        return probe;
    wr_probe_open(&probe, &selection, &nothing, NULL);
    struct wr_probe found = probe;
    found.streams = NULL;
    wr_probe_close(&probe);
    free(selection.routes);
    return found;
}

unsigned wr_pictures_would_lose(const struct wr_output_plan *plan,
                                const struct wr_writer_options *options,
                                const struct wr_source *source)
{
    const struct wr_format *format = &plan->stream.format;
    if (plan->container_row->holds_pictures)
        return 0; // they have no times, and the range that their viewers expect
    const bool has_full_range = format->model == WR_YUV && format->full_range;
    const bool counts_frames = !plan->any_time && plan->stream.frame_rate.num;
    const bool may_reorder =
        avcodec_descriptor_get(plan->codec->id)->props & AV_CODEC_PROP_REORDER && !plan->in_order &&
        !plan->container_row->holds_order;
    if (!has_full_range && !counts_frames && !may_reorder)
        return 0;
    struct wr_probe probe = probe_pictures(plan, options, source);
    unsigned losses = has_full_range && probe.loses_range ? WR_LOSES_RANGE : 0;
    // Where only decoding times are kept, pictures are shown later than their sound.
    const bool is_late = plan->container_row->decoding_times && plan->any_time;
    if ((probe.loses_times || is_late) && may_reorder && probe.reorders) {
        struct wr_output_plan in_order = *plan;
        in_order.in_order = true;
        const struct wr_probe other = probe_pictures(&in_order, options, source);
        if (other.timed > probe.timed || (is_late && !other.reorders)) {
            losses |= WR_LOSES_ORDER;
            probe = other;
        }
    }
    if (counts_frames && probe.loses_times)
        losses |= WR_LOSES_TIMES;
    return losses;
}

enum wr_status wr_keep_pictures(struct wr_selection *selection, const struct wr_output_plan *plan,
                                const struct wr_writer_options *options,
                                const struct wr_source *source, struct wr_error *error)
{
    const struct wr_ahead nothing = {{NULL, NULL}};
    *selection = pictures_alone(plan, options, source);
    const enum wr_status status = selection->routes
                                      ? wr_keep_what_is_found(selection, &nothing, NULL, error)
                                      : wr_fail(error, WR_FAILED, "out of memory");
    free(selection->routes);
    selection->routes = NULL;
    return status;
}
