// SPDX-License-Identifier: MIT
#include "lib/output/pixel_wish.h"

#include <stdio.h>
#include <string.h>

#include "lib/output/output_plan.h"
#include "lib/output/video/pixel_choice.h"

// The encoder for frames of this pixel format; NULL where there is none.
static const AVCodec *find_encoder(const struct wr_writer_options *options,
                                   enum AVPixelFormat pix_fmt)
{
    struct wr_writer_options nearest = *options;
    struct wr_stream stream = {.like = NULL};
    struct wr_output_plan plan;
    const AVCodec *encoder = NULL;
    (void)wr_pix_fmt_describe(pix_fmt, &stream.format);
    nearest.takes_nearest = true;
    if (!wr_output_plan_begin(&plan, &nearest, NULL))
        (void)wr_output_plan_find_encoder(&encoder, &plan, &nearest, &stream, NULL);
    return encoder;
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
    const AVCodec *encoder = find_encoder(options, pix_fmt);
    if (!encoder || wr_encoder_can_get(encoder, pix_fmt))
        return;
    const enum AVPixelFormat nearest =
        wr_encoder_row(encoder)->palette ? AV_PIX_FMT_NONE : wr_encoder_nearest(encoder, pix_fmt);
    if (nearest != AV_PIX_FMT_NONE && !has_same_samples(pix_fmt, nearest)) {
        snprintf(wish->asked, sizeof wish->asked, "%s", wish->name);
        wish->codec = encoder;
    }
    snprintf(wish->name, sizeof wish->name, "%s",
             nearest != AV_PIX_FMT_NONE ? av_get_pix_fmt_name(nearest) : "");
}
