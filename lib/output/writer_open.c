// SPDX-License-Identifier: MIT
// Opens a writer: encoder, streams, container, and the hidden folder last.
#include "lib/output/writer_open.h"

#include <libavutil/avstring.h>
#include <libavutil/pixdesc.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/input/source_facts.h"
#include "lib/media/compat.h"
#include "lib/output/container.h"
#include "lib/output/selection.h"
#include "lib/output/time_code.h"
#include "lib/output/trial/pictures.h"
#include "lib/output/video/h264.h"
#include "lib/output/writer.h"
#include "lib/output/writer_parts.h"

static void tell_dynamic_metadata(const struct wr_log *log, const struct wr_source *source)
{
    size_t size;
    if (wr_stream_side_data(source->video, AV_PKT_DATA_DOVI_CONF, &size))
        wr_say(log, WR_LOG_LOSS,
               "Dolby Vision metadata belongs to the old encoding and is left out; the base "
               "picture keeps its colours");
    if (av_frame_get_side_data(source->first, AV_FRAME_DATA_DYNAMIC_HDR_PLUS))
        wr_say(log, WR_LOG_LOSS, "HDR10+ metadata belongs to the old pictures and is left out");
}

static void describe_output(const struct wr_writer *writer, struct wr_media_report *report)
{
    const AVCodecContext *context = writer->encoder.context;
    *report = (struct wr_media_report){
        .width = context->width,
        .height = context->height,
        .frame_rate = av_q2d(context->framerate),
    };
    snprintf(report->path, sizeof report->path, "%s", writer->options.output);
    snprintf(report->format, sizeof report->format, "%s", writer->plan.container->name);
    snprintf(report->codec, sizeof report->codec, "%s", avcodec_get_name(context->codec_id));
    snprintf(report->encoder, sizeof report->encoder, "%s", context->codec->name);
    snprintf(report->quality, sizeof report->quality, "%s", writer->encoder.quality);
    snprintf(report->pix_fmt, sizeof report->pix_fmt, "%s", av_get_pix_fmt_name(context->pix_fmt));
    wr_describe_color(report, context->color_range, context->colorspace, context->color_primaries,
                      context->color_trc);
}

// What is told only once frames have it. What the first frame has has been told.
static void note_findings(struct wr_writer *writer, const struct wr_selection *found)
{
    const AVFrame *like = writer->plan.stream.like; // NULL where no picture is encoded
    const bool is_told = writer->plan.container_row->converts;
    writer->loses_last_duration = found->loses_last_duration;
    writer->misses_captions = like && found->loses_captions && !is_told &&
                              !av_frame_get_side_data(like, AV_FRAME_DATA_A53_CC);
    writer->misses_fields = is_told ? 0 : found->loses_fields;
}

static enum wr_status open_container(struct wr_writer *writer, const struct wr_source *source,
                                     const struct wr_ahead *ahead, struct wr_error *error)
{
    struct wr_muxer *muxer = &writer->muxer;
    writer->source = source;
    writer->route_count = source->stream_count;
    writer->routes = calloc((size_t)writer->route_count, sizeof *writer->routes);
    writer->packet = av_packet_alloc();
    if (!writer->routes || !writer->packet)
        return wr_fail(error, WR_FAILED, "out of memory");
    struct wr_selection selection = {
        .plan = &writer->plan,
        .options = &writer->options,
        .target = &muxer->target,
        .encoder = writer->encoder.context,
        .source = source,
        .routes = writer->routes,
    };
    enum wr_status status = wr_selection_make(&selection, writer->report, error);
    if (!status)
        status = wr_keep_what_is_found(&selection, ahead, writer->report, error);
    muxer->headers_in_packets = selection.headers_in_packets;
    muxer->start_options = selection.start_options;
    if (!status)
        status = wr_container_open(&muxer->file, &selection, error);
    writer->video = source->video ? writer->routes[source->video->index].output : -1;
    note_findings(writer, &selection);
    return status;
}

static enum wr_status open_chunks(struct wr_writer *writer, const struct wr_source *source,
                                  const AVIOInterruptCB *interrupt, struct wr_error *error)
{
    const struct wr_chunks_terms terms = {
        .options = &writer->options,
        .encoder = &writer->encoder,
        .muxer = &writer->muxer,
        .written = &writer->written,
        .interrupted = interrupt->callback,
        .opaque = interrupt->opaque,
    };
    return writer->options.chunk
               ? wr_chunks_open(&writer->chunks, &terms, source, writer->report->chain, error)
               : WR_OK;
}

// A part has neither container nor other streams than the video. It tells beforehand what its
// pictures will lose in the container of all parts.
static enum wr_status open_part(struct wr_writer *writer, const struct wr_source *source,
                                const AVIOInterruptCB *interrupt, struct wr_error *error)
{
    struct wr_chunks *chunks = &writer->chunks;
    enum wr_status status =
        wr_encoder_open(&writer->encoder, &writer->plan, &writer->options, source, error);
    if (!status)
        status = open_chunks(writer, source, interrupt, error);
    if (status)
        return status;
    struct wr_selection found;
    status = wr_keep_pictures(&found, &writer->plan, &writer->options, source, error);
    note_findings(writer, &found);
    if (status)
        return status;
    writer->time_base = writer->encoder.time_base;
    if (!(chunks->part_name = wr_part_name(&writer->options)))
        return wr_fail(error, WR_FAILED, "out of memory");
    writer->options.output = chunks->part_name;
    status = wr_target_open(&writer->muxer.target, &writer->options, WR_TARGET_FILE, source->name,
                            error);
    if (!status)
        status = wr_chunks_begin_part(chunks, error);
    if (status)
        return status;
    tell_dynamic_metadata(&writer->options.log, source);
    describe_output(writer, &writer->report->output);
    return WR_OK;
}

// A time code that the user gives stays.
static bool sets_time_code(const char *const *tags)
{
    bool found = false;
    for (; tags && *tags; tags++)
        found |= av_stristr(*tags, "timecode=") != NULL;
    return found;
}

// True if only the first frame tells what is to stand in the header.
static bool waits_for_first(const struct wr_writer *writer)
{
    const struct wr_writer_options *options = &writer->options;
    return options->may_lack_first && !options->chunk && !sets_time_code(options->metadata) &&
           !sets_time_code(options->stream_metadata) && wr_has_time_code(writer->muxer.file);
}

// The target is opened first, since that is cheap, and begun last, since that makes a folder.
static enum wr_status open_all(struct wr_writer *writer, const struct wr_reader *reader,
                               const AVIOInterruptCB *interrupt, struct wr_error *error)
{
    struct wr_muxer *muxer = &writer->muxer;
    const struct wr_source *source = wr_reader_source(reader);
    const struct wr_output_plan *plan = &writer->plan;
    const struct wr_writer_options *options = muxer->options = &writer->options;
    if (options->part)
        return open_part(writer, source, interrupt, error);
    const struct wr_ahead ahead = wr_reader_ahead(reader);
    muxer->plays = source->plays;
    enum wr_status status =
        wr_target_open(&muxer->target, options, plan->target_kind, source->name, error);
    if (!status)
        status = wr_encoder_open(&writer->encoder, plan, options, source, error);
    if (!status)
        status = open_chunks(writer, source, interrupt, error);
    if (!status)
        status = open_container(writer, source, &ahead, error);
    if (status)
        return status;
    writer->time_base = writer->encoder.time_base;
    status = wr_h264_open(&writer->h264, muxer->file->streams[writer->video], plan->container_row,
                          writer->time_base, error);
    if (status)
        return status;
    muxer->file->interrupt_callback = *interrupt;
    if (options->chunk)
        wr_chunks_attach(&writer->chunks, writer->video, writer->h264);
    status = wr_muxer_begin(muxer, error);
    writer->waits = waits_for_first(writer);
    if (!status && !writer->waits)
        status = wr_muxer_write_header(muxer, plan->codec->name, error);
    if (status)
        return status;
    tell_dynamic_metadata(&options->log, source);
    describe_output(writer, &writer->report->output);
    return WR_OK;
}

// What is known of streams that are copied.
static void describe_copy(const struct wr_writer *writer, const struct wr_source *source,
                          struct wr_media_report *report)
{
    if (source->video) {
        wr_source_describe(source, report);
        snprintf(report->encoder, sizeof report->encoder, "copy");
    }
    report->duration = 0;
    snprintf(report->path, sizeof report->path, "%s", writer->options.output);
    snprintf(report->format, sizeof report->format, "%s", writer->plan.container->name);
}

static enum wr_status open_copy(struct wr_writer *writer, const struct wr_source *source,
                                const struct wr_ahead *ahead, const AVIOInterruptCB *interrupt,
                                struct wr_error *error)
{
    struct wr_muxer *muxer = &writer->muxer;
    const struct wr_output_plan *plan = &writer->plan;
    const struct wr_writer_options *options = muxer->options = &writer->options;
    writer->time_base = AV_TIME_BASE_Q;
    const bool is_filtered = options->audio_filter || options->stream_audio_filters ||
                             (options->sound && options->sound->output_count);
    writer->sound_until = is_filtered ? source->most : FFMIN(source->end, source->most);
    muxer->plays = source->plays;
    enum wr_status status =
        wr_target_open(&muxer->target, options, plan->target_kind, source->name, error);
    if (!status)
        status = open_container(writer, source, ahead, error);
    if (!status && !muxer->file->nb_streams && !source->maps.no_streams)
        status = wr_fail(error, WR_USAGE, "%s can hold none of the streams of %s",
                         plan->container->name, source->name);
    if (status)
        return status;
    muxer->file->interrupt_callback = *interrupt;
    status = wr_muxer_begin(muxer, error);
    if (!status)
        status =
            wr_muxer_write_header(muxer, source->video ? "the copied video" : "the sound", error);
    if (!status)
        describe_copy(writer, source, &writer->report->output);
    return status;
}

static enum wr_status open_writer(struct wr_writer **writer, const struct wr_output_plan *plan,
                                  const struct wr_writer_options *options, struct wr_report *report,
                                  struct wr_error *error)
{
    struct wr_writer *new = *writer = calloc(1, sizeof *new);
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    new->plan = *plan;
    new->options = *options;
    new->report = report;
    new->durations = WR_DURATIONS;
    new->written.begin = INT64_MAX;
    new->sound_until = INT64_MAX;
    new->copied = new->copied_step = AV_NOPTS_VALUE;
    return WR_OK;
}

enum wr_status wr_writer_open(struct wr_writer **writer, const struct wr_output_plan *plan,
                              const struct wr_writer_options *options,
                              const struct wr_reader *reader, struct wr_report *report,
                              int (*interrupted)(void *), void *opaque, struct wr_error *error)
{
    const AVIOInterruptCB interrupt = {interrupted, opaque};
    enum wr_status status = open_writer(writer, plan, options, report, error);
    if (!status)
        status = open_all(*writer, reader, &interrupt, error);
    if (status)
        wr_writer_close(writer);
    return status;
}

enum wr_status wr_writer_open_copy(struct wr_writer **writer, const struct wr_output_plan *plan,
                                   const struct wr_writer_options *options,
                                   const struct wr_source *source, const struct wr_ahead *ahead,
                                   struct wr_report *report, int (*interrupted)(void *),
                                   void *opaque, struct wr_error *error)
{
    const AVIOInterruptCB interrupt = {interrupted, opaque};
    enum wr_status status = open_writer(writer, plan, options, report, error);
    if (!status)
        status = open_copy(*writer, source, ahead, &interrupt, error);
    if (status)
        wr_writer_close(writer);
    return status;
}
