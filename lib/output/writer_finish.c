// SPDX-License-Identifier: MIT
// Finishes what a writer writes: empties encoders, ends the file, names it.
#include "lib/output/writer_finish.h"

#include "lib/base/queue.h"
#include "lib/output/animation.h"
#include "lib/output/convert/stream_converter.h"
#include "lib/output/writer_begin.h"
#include "lib/output/writer_packets.h"

// Puts into the report what the muxer refused of each stream, and says it.
static void tell_refusals(const struct wr_writer *writer)
{
    const struct wr_muxer *muxer = &writer->muxer;
    for (int i = 0; i < writer->report->stream_count && muxer->refused; i++) {
        struct wr_stream_report *stream = &writer->report->streams[i];
        const int output = writer->routes[i].output;
        stream->refused = output < 0 ? 0 : wr_muxer_refused(muxer, output);
        if (stream->refused)
            wr_say(&writer->options.log, WR_LOG_LOSS,
                   "%s refused %lld packet%s of stream %d (%s, %s)", muxer->file->oformat->name,
                   (long long)stream->refused, stream->refused == 1 ? "" : "s", stream->index,
                   stream->type, stream->codec);
    }
}

static void tell_undecodable(const struct wr_writer *writer, int input)
{
    const struct wr_converter *converter = writer->routes[input].converter;
    if (converter->undecodable)
        wr_say(&writer->options.log, WR_LOG_LOSS,
               "%lld packet%s of stream %d (%s) could not be decoded and %s left out",
               (long long)converter->undecodable, converter->undecodable == 1 ? "" : "s", input,
               avcodec_get_name(converter->decoder->codec_id),
               converter->undecodable == 1 ? "is" : "are");
}

// Where the sound of a stream is cut off, in AV_TIME_BASE: where its input's part ends, unless
// filters may have changed its length.
static int64_t end_of_sound(const struct wr_writer *writer, int index)
{
    const struct wr_source *source = writer->source;
    const bool is_sound = source->streams[index].av->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
    return is_sound && !wr_route_filters(source, &writer->routes[index], index)
               ? FFMIN(source->streams[index].from->end, source->most)
               : INT64_MAX;
}

// Writes what the converters hold back; with --frames and --shortest, and of sound that never ends,
// no more than the video takes.
static enum wr_status end_converters(struct wr_writer *writer, struct wr_error *error)
{
    const int64_t end = av_rescale_q(writer->written.end, writer->time_base, AV_TIME_BASE_Q);
    const struct wr_writer_options *options = &writer->options;
    const bool ends_with_video =
        writer->video >= 0 &&
        (options->frames >= 0 || options->sound_never_ends ||
         (options->shortest && writer->plan.codec)); // copied, it may have ended long before
    const int64_t until = FFMIN(writer->sound_until, options->most_sound);
    const int64_t cut = FFMIN(ends_with_video ? end : INT64_MAX, until);
    enum wr_status status = WR_OK;
    for (int i = 0; i < writer->route_count && !status; i++) {
        const struct wr_stream_route *route = &writer->routes[i];
        if (!route->converter)
            continue;
        route->converter->fill_to = end;
        status = wr_converter_end(route->converter, FFMIN(cut, end_of_sound(writer, i)), error);
        if (!status)
            status = wr_writer_write_converted(writer, route, error);
        tell_undecodable(writer, i);
    }
    return status;
}

// Players show the last frame for as long as the rate says, where nothing else says how long.
static void tell_last_duration(const struct wr_writer *writer)
{
    const AVCodecContext *context = writer->encoder.context;
    if (!context)
        return;
    const double seconds = (double)writer->written.last * av_q2d(writer->time_base);
    const double usual = av_q2d(av_inv_q(context->framerate));
    if (writer->loses_last_duration && seconds > 1.5 * usual)
        wr_say(&writer->options.log, WR_LOG_LOSS,
               "%s with %s does not keep that the last frame lasts %.3f s",
               writer->plan.container->name, writer->plan.codec->name, seconds);
}

// Containers that hold pictures only for as long as there is sound leave out the others. What they
// refuse is told elsewhere.
static void tell_missing(const struct wr_writer *writer)
{
    const struct wr_muxer *muxer = &writer->muxer;
    if (writer->video < 0 || muxer->refused)
        return;
    const int64_t given = muxer->streams[writer->video].given;
    const int64_t written = muxer->file->streams[writer->video]->nb_frames;
    if (written < given)
        wr_say(&writer->options.log, WR_LOG_LOSS, "%s took only %lld of %lld frames",
               muxer->file->oformat->name, (long long)written, (long long)given);
}

// The other way round: what is longer by a part of a frame is not missed, nor what lies behind the
// last of the frames that were asked for.
static void tell_cut_sound(const struct wr_writer *writer)
{
    if (writer->video < 0 || !writer->plan.container_row->needs_sound ||
        writer->options.frames >= 0)
        return;
    const AVRational rate = writer->muxer.file->streams[writer->video]->avg_frame_rate;
    const int64_t end = av_rescale_q(writer->written.end, writer->time_base, AV_TIME_BASE_Q);
    const int64_t frame = rate.num ? av_rescale_q(1, av_inv_q(rate), AV_TIME_BASE_Q) : 0;
    if (writer->sound_end - end > frame)
        wr_say(&writer->options.log, WR_LOG_LOSS,
               "%s ends with its pictures: the last %.3f s of sound are left out; the filter "
               "tpad=stop_mode=clone:stop_duration=%.3f makes the pictures as long",
               writer->muxer.file->oformat->name, (double)(writer->sound_end - end) / AV_TIME_BASE,
               (double)(writer->sound_end - end) / AV_TIME_BASE);
}

static enum wr_status finish_container(struct wr_writer *writer, struct wr_error *error)
{
    struct wr_muxer *muxer = &writer->muxer;
    const enum wr_status status = wr_muxer_flush(muxer, error);
    if (status)
        return status;
    tell_refusals(writer);
    tell_last_duration(writer);
    tell_missing(writer);
    tell_cut_sound(writer);
    if (writer->plan.codec)
        wr_animation_set_last_delay(muxer->file, writer->written.last, writer->time_base);
    return wr_muxer_end(muxer, av_rescale_q(writer->written.end, writer->time_base, AV_TIME_BASE_Q),
                        error);
}

// One more packet of the encoder, WR_END after the last.
static int flush_encoder(struct wr_writer *writer, struct wr_error *error)
{
    if (!writer->plan.codec)
        return WR_END;
    const enum wr_status status = wr_encoder_end(&writer->encoder, error);
    return status ? (int)status : wr_writer_write_encoded(writer, error);
}

int wr_writer_flush(struct wr_writer *writer, struct wr_error *error)
{
    int status = writer->options.chunk ? wr_chunks_flush(&writer->chunks, error)
                                       : flush_encoder(writer, error);
    if (status != WR_END)
        return status;
    if (writer->options.part) {
        status = wr_chunks_end_part(&writer->chunks, &writer->tail, error);
        return status ? status : WR_END;
    }
    status = writer->waits ? (int)wr_writer_begin(writer, NULL, error) : WR_OK;
    if (!status)
        status = end_converters(writer, error);
    if (!status)
        status = finish_container(writer, error);
    return status ? status : WR_END;
}

enum wr_status wr_writer_finish(struct wr_writer *writer, struct wr_error *error)
{
    const enum wr_status status = wr_target_finish(&writer->muxer.target, error);
    if (status)
        return status;
    struct wr_media_report *report = &writer->report->output;
    if (writer->written.begin < writer->written.end)
        report->duration =
            (double)(writer->written.end - writer->written.begin) * av_q2d(writer->time_base);
    const int64_t bytes = writer->muxer.bytes; // of what the muxer opened itself it knows nothing
    report->bytes = bytes ? bytes : writer->muxer.target.bytes;
    return WR_OK;
}
