// SPDX-License-Identifier: MIT
// Judges the first frame of a stream, and those that differ from it.
#include "lib/input/judge.h"

#include <libavutil/dovi_meta.h>
#include <libavutil/pixdesc.h>

#include "lib/input/labels.h"
#include "lib/media/compat.h"
#include "lib/media/frame.h"
#include "lib/media/widen.h"

// Whether frames of format `now` are like the first one. A matrix that one of the two does not name
// counts as the same.
static bool is_as_described(const struct wr_format *first, const struct wr_format *now)
{
    const bool same_matrix = first->matrix == now->matrix ||
                             first->matrix == AVCOL_SPC_UNSPECIFIED ||
                             now->matrix == AVCOL_SPC_UNSPECIFIED || now->model != WR_YUV;
    return now->width == first->width && now->height == first->height &&
           wr_format_is_full(now) == wr_format_is_full(first) && same_matrix &&
           now->model == first->model && now->depth == first->depth && now->alpha == first->alpha &&
           now->log2_chroma_w == first->log2_chroma_w && now->log2_chroma_h == first->log2_chroma_h;
}

static enum wr_status refuse_pix_fmt(const struct wr_judge *judge, const AVFrame *frame,
                                     struct wr_error *error)
{
    const char *name = av_get_pix_fmt_name(frame->format);
    return wr_fail(error, WR_FAILED, "%s has pixel format %s, which is not supported",
                   judge->source->name, name ? name : "(unknown)");
}

// Frames of another size end a part of the job; where that is not wanted, it fails.
static enum wr_status judge_size(struct wr_judge *judge, const AVFrame *frame,
                                 struct wr_error *error)
{
    struct wr_source *const source = judge->source;
    const struct wr_format *first = &judge->format;
    const bool resized = frame->width != first->width || frame->height != first->height;
    if (resized && source->on_change == WR_ON_CHANGE_SPLIT) {
        judge->ends_here = true;
        source->changed_at = frame->pts;
    }
    if (source->on_change != WR_ON_CHANGE_FAIL)
        return WR_OK;
    return wr_fail(error, WR_FAILED,
                   "the picture of %s changes from %dx%d %s to %dx%d %s at %.3f s", source->name,
                   first->width, first->height, av_get_pix_fmt_name(source->first->format),
                   frame->width, frame->height, av_get_pix_fmt_name(frame->format),
                   (double)frame->pts * av_q2d(frame->time_base));
}

enum wr_status wr_judge_frame(struct wr_judge *judge, AVFrame *frame, struct wr_error *error)
{
    struct wr_format now;
    if (!wr_frame_format(frame, &now))
        return refuse_pix_fmt(judge, frame, error);
    now.time_base = judge->format.time_base;
    now.frame_rate = judge->format.frame_rate;
    wr_changes_of_label_tell(&judge->told, judge->source, frame, &judge->log);
    if (is_as_described(&judge->format, &now))
        return WR_OK;
    const enum wr_status status = judge_size(judge, frame, error);
    return !status && !wr_frame_set_own_format(frame, &now)
               ? wr_fail(error, WR_FAILED, "out of memory")
               : status;
}

// Dolby Vision whose picture shows no colours without its metadata, which decoders do not apply.
static bool lacks_viewable_base(const struct wr_source *source, const AVFrame *frame)
{
    size_t size;
    const AVDOVIDecoderConfigurationRecord *record =
        (const void *)wr_stream_side_data(source->video, AV_PKT_DATA_DOVI_CONF, &size);
    if (record)
        return !record->dv_bl_signal_compatibility_id &&
               (record->dv_profile == 5 || record->dv_profile == 10);
    // Without a record in the container, profile 5 is told by what only it combines.
    const AVFrameSideData *data = av_frame_get_side_data(frame, AV_FRAME_DATA_DOVI_METADATA);
    const AVDOVIRpuDataHeader *header =
        data ? av_dovi_get_header((const AVDOVIMetadata *)data->data) : NULL;
    return header && header->vdr_rpu_profile == 0 && header->bl_video_full_range_flag;
}

enum wr_status wr_judge_first_frame(struct wr_judge *judge, const AVFrame *frame,
                                    struct wr_error *error)
{
    struct wr_source *const source = judge->source;
    struct wr_format *const format = &judge->format;
    if (!wr_frame_format(frame, format))
        return refuse_pix_fmt(judge, frame, error);
    if (lacks_viewable_base(source, frame))
        return wr_fail(error, WR_FAILED,
                       "%s is Dolby Vision of a profile whose colours cannot be shown without its "
                       "metadata, which is not supported",
                       source->name);
    const char *loss = wr_widening_loss(frame->format);
    if (loss)
        wr_say(&judge->log, WR_LOG_WARNING, "%s: %s", source->name, loss);
    format->time_base = av_q2d(wr_source_time_base(source));
    format->frame_rate = source->frame_rate.num ? av_q2d(source->frame_rate) : 0;
    if (source->start) // complaints about frames before the start are no damage
        atomic_store(&source->complaints, 0);
    source->first = av_frame_clone(frame);
    return source->first ? WR_OK : wr_fail(error, WR_FAILED, "out of memory");
}
