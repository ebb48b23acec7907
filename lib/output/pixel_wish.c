// SPDX-License-Identifier: MIT
#include "lib/output/pixel_wish.h"

#include <stdio.h>
#include <string.h>

#include "lib/output/output_plan.h"
#include "lib/output/video/pixel_choice.h"

// Container and encoder for frames of this pixel format.
static void find_encoder(struct wr_output_plan *plan, const struct wr_writer_options *options,
                         enum AVPixelFormat pix_fmt)
{
    struct wr_writer_options delivered = *options;
    struct wr_stream stream = {.like = NULL};
    (void)wr_pix_fmt_describe(pix_fmt, &stream.format);
    delivered.is_delivered = delivered.takes_nearest = true;
    (void)wr_output_plan_make(plan, &delivered, &stream, pix_fmt, NULL);
}

// The same samples in another order, or with a range in their name, need no word.
static bool has_same_samples(enum AVPixelFormat a, enum AVPixelFormat b)
{
    struct wr_format one, other;
    return wr_pix_fmt_describe(a, &one) && wr_pix_fmt_describe(b, &other) &&
           wr_same_samples(&one, &other);
}

void wr_pixel_wish_read(struct wr_pixel_wish *wish, const struct wr_writer_options *options)
{
    const char *asked = options->pix_fmt ? options->pix_fmt : "";
    const size_t length = strcspn(asked, "?");
    *wish = (struct wr_pixel_wish){.takes_nearest = asked[length]};
    snprintf(wish->name, sizeof wish->name, "%.*s", (int)length, asked);
    const enum AVPixelFormat pix_fmt = av_get_pix_fmt(wish->name);
    if (!asked[length] || pix_fmt == AV_PIX_FMT_NONE || !options->output)
        return;
    struct wr_output_plan plan;
    find_encoder(&plan, options, pix_fmt);
    if (!plan.codec || !plan.encoder_row || wr_encoder_can_get(plan.codec, pix_fmt))
        return;
    const enum AVPixelFormat nearest =
        plan.encoder_row->palette ? AV_PIX_FMT_NONE : wr_encoder_nearest(plan.codec, pix_fmt);
    if (nearest != AV_PIX_FMT_NONE && !has_same_samples(pix_fmt, nearest)) {
        snprintf(wish->asked, sizeof wish->asked, "%s", wish->name);
        wish->codec = plan.codec;
    }
    snprintf(wish->name, sizeof wish->name, "%s",
             nearest != AV_PIX_FMT_NONE ? av_get_pix_fmt_name(nearest) : "");
}
