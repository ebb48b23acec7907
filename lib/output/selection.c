// SPDX-License-Identifier: MIT
// Finds out which streams a container can hold by trying: a header is written to memory and thrown
// away. What does not fit is converted if it is sound or text.
#include "lib/output/selection.h"

#include <libavutil/avstring.h>
#include <stdio.h>
#include <string.h>

#include "lib/output/container.h"
#include "lib/output/plain_sound.h"
#include "lib/output/stream_words.h"

// ---- what fits

static int try_header(const struct wr_selection *selection)
{
    AVFormatContext *file = NULL;
    int result = wr_container_create(&file, selection->plan->holder, selection);
    if (result >= 0)
        result = avio_open_dyn_buf(&file->pb);
    if (result >= 0) {
        AVDictionary *options =
            wr_container_options(file, selection->target, selection->options->muxer_options);
        result = avformat_write_header(file, &options);
        uint8_t *written = NULL;
        avio_close_dyn_buf(file->pb, &written);
        file->pb = NULL;
        av_free(written);
        av_dict_free(&options);
    }
    avformat_free_context(file);
    return result;
}

// Whoever asks for pictures alone asks for them without sound.
static bool holds_pictures_only(const struct wr_output_plan *plan)
{
    const AVOutputFormat *container = plan->holder;
    return plan->container_row->holds_pictures || (container->audio_codec == AV_CODEC_ID_NONE &&
                                                   container->subtitle_codec == AV_CODEC_ID_NONE);
}

// Streams that begin late may be known by their codec alone. No header is written for those.
static bool is_described(const AVStream *stream)
{
    const AVCodecParameters *parameters = stream->codecpar;
    return parameters->codec_type == AVMEDIA_TYPE_VIDEO   ? parameters->width && parameters->height
           : parameters->codec_type == AVMEDIA_TYPE_AUDIO ? parameters->sample_rate > 0
                                                          : true;
}

// Whether the muxer's tables say that it may hold a stream in a codec, whatever else is in the
// file.
static bool may_hold(const struct wr_output_plan *plan, const AVStream *stream,
                     enum AVCodecID codec)
{
    const AVOutputFormat *container = plan->holder;
    const struct wr_container_row *row = wr_container_row(container);
    const enum AVMediaType type = stream->codecpar->codec_type;
    if (row->takes_anything)
        return is_described(stream);
    // Of playlists only those with sound are made; pictures have none.
    if (container->flags & AVFMT_NOFILE ||
        (plan->container->flags & AVFMT_NOFILE && type != AVMEDIA_TYPE_AUDIO))
        return false;
    if (type == AVMEDIA_TYPE_ATTACHMENT || (wr_is_cover(stream) && !row->covers))
        return row->attachments;
    if (holds_pictures_only(plan)) // muxers of pictures may say that they hold anything
        return false;
    if (wr_is_cover(stream)) // the muxers' tables are about video
        return true;
    const int answer = avformat_query_codec(container, codec, FF_COMPLIANCE_EXPERIMENTAL);
    // Muxers of a bare video stream do not say no; they have no idea of any other stream.
    return answer > 0 || (answer < 0 && container->audio_codec != AV_CODEC_ID_NONE);
}

// The same for the video, where its packets are copied. Muxers of a bare stream and of pictures
// take anything, others refuse in their header what they cannot hold.
static bool may_hold_video(const struct wr_selection *selection, enum AVCodecID codec)
{
    const struct wr_output_plan *plan = selection->plan;
    if (plan->container_row->takes_anything)
        return true;
    if (plan->container_row->holds_pictures)
        return codec == av_guess_codec(plan->container, NULL, selection->options->output, NULL,
                                       AVMEDIA_TYPE_VIDEO);
    return plan->holder->audio_codec != AV_CODEC_ID_NONE ||
           avformat_query_codec(plan->holder, codec, FF_COMPLIANCE_EXPERIMENTAL) > 0;
}

// Chooses the stream if it fits beside those that are chosen, as the route has it.
static bool fits(struct wr_selection *selection, int index)
{
    struct wr_stream_route *route = &selection->routes[index];
    const AVStream *stream = selection->source->streams[index].av;
    const enum AVCodecID codec =
        route->converter ? route->converter->encoder->codec_id : stream->codecpar->codec_id;
    if (stream == selection->source->video ? !may_hold_video(selection, codec)
                                           : !may_hold(selection->plan, stream, codec))
        return false;
    route->chosen = true;
    route->chosen = selection->plan->container_row->takes_anything || try_header(selection) >= 0;
    return route->chosen;
}

// Says how the output has a stream's content without the stream: some muxers write such streams
// themselves. NULL if the stream is to be copied.
static const char *kept_otherwise(const struct wr_source *source, const AVStream *stream)
{
    if (stream->discard >= AVDISCARD_ALL && source->file->nb_chapters)
        return "its chapters are carried as chapters";
    const bool is_time_code = stream->codecpar->codec_tag == MKTAG('t', 'm', 'c', 'd');
    if (is_time_code && av_dict_get(stream->metadata, "timecode", NULL, 0))
        return "its time code is carried as a tag";
    return NULL;
}

// True for a stream without packets that the muxer would leave out. Only the index of an MP4 file
// that is not fragmented says beforehand which streams those are.
static bool is_empty(const struct wr_selection *selection, int index)
{
    const struct wr_source *source = selection->source->streams[index].from;
    AVStream *stream = selection->source->streams[index].av;
    return selection->plan->container_row->drops_empty &&
           av_match_name("mp4", source->file->iformat->name) && source->video &&
           source->video->nb_frames && !wr_is_cover(stream) &&
           !avformat_index_get_entries_count(stream);
}

// ---- converting

// Encoder n of those in the list for the container, "a,b"; NULL after the last. Without a list
// there is libavformat's choice.
static const AVCodec *usual_encoder(const char *list, enum AVMediaType type,
                                    enum AVCodecID standard, int n)
{
    const AVCodec *codec = NULL;
    for (; list && n > 0; n--)
        list = strchr(list, ',') ? strchr(list, ',') + 1 : "";
    char name[32];
    av_strlcpy(name, list ? list : "", FFMIN(sizeof name, strcspn(list ? list : "", ",") + 1));
    if (list)
        return *name && !wr_find_encoder(&codec, type, name, NULL) ? codec : NULL;
    return n ? NULL : avcodec_find_encoder(standard);
}

static bool keeps_channels(const struct wr_converter *converter)
{
    return converter->channels <= converter->encoder->ch_layout.nb_channels;
}

// Converts the stream to the first of the container's usual encoders that keeps all channels, else
// to the first that fits.
static bool convert_as_usual(struct wr_selection *selection, int index)
{
    const struct wr_output_plan *plan = selection->plan;
    const AVStream *stream = selection->source->streams[index].av;
    const enum AVMediaType type = stream->codecpar->codec_type;
    const bool sound = type == AVMEDIA_TYPE_AUDIO;
    const struct wr_container_row *row = wr_container_row(plan->holder);
    const char *list = sound ? row->sound : row->text;
    const enum AVCodecID standard =
        av_guess_codec(plan->holder, NULL, selection->options->output, NULL, type);
    struct wr_stream_route *route = &selection->routes[index];
    const AVCodec *codec;
    // Each encoder is tried with the source's sample rate and with the one that all containers
    // take.
    for (int n = 0; (codec = usual_encoder(list, type, standard, n / 2)); n++) {
        struct wr_converter *first = route->converter;
        if (wr_route_open_converter(&route->converter, selection, index, codec, n % 2 * 48000,
                                    NULL) ||
            !fits(selection, index) || (first && !keeps_channels(route->converter))) {
            wr_converter_close(&route->converter);
            route->converter = first;
            continue;
        }
        wr_converter_close(&first);
        if (!sound || keeps_channels(route->converter))
            break;
    }
    route->chosen = route->converter != NULL;
    return route->chosen;
}

static bool can_be_converted(const struct wr_selection *selection, const AVStream *stream)
{
    return wr_is_text_subtitle(stream) || (stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO &&
                                           selection->plan->sound == WR_SOUND_COPY_OR_CONVERT);
}

// Converts sound to the codec that was asked for.
static enum wr_status convert_as_asked(struct wr_selection *selection, int index,
                                       struct wr_error *error)
{
    const AVCodec *codec = selection->plan->sound_codec;
    const enum wr_status status = wr_route_open_converter(&selection->routes[index].converter,
                                                          selection, index, codec, 0, error);
    return status || fits(selection, index)
               ? status
               : wr_fail(error, WR_USAGE, "%s cannot hold %s sound: choose another with --audio",
                         selection->plan->container->name, avcodec_get_name(codec->id));
}

// ---- choosing

// Whether the stream is compressed sound, and users of the container expect other sound in it.
static bool wants_plain_sound(const struct wr_selection *selection, const AVStream *stream)
{
    return selection->plan->container_row->plain_sound &&
           selection->plan->sound == WR_SOUND_COPY_OR_CONVERT &&
           stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO &&
           !av_get_exact_bits_per_sample(stream->codecpar->codec_id);
}

// What becomes of a stream that cannot be copied.
static void convert_or_drop(struct wr_selection *selection, int index,
                            struct wr_stream_report *report)
{
    const AVStream *stream = selection->source->streams[index].av;
    const enum wr_log_level level =
        holds_pictures_only(selection->plan) ? WR_LOG_WARNING : WR_LOG_LOSS;
    const bool is_packed = wants_plain_sound(selection, stream);
    char cannot[sizeof report->reason];
    snprintf(cannot, sizeof cannot,
             is_packed ? "%s is for sound that is not compressed" : "%s cannot hold it",
             selection->plan->container->name);
    if (can_be_converted(selection, stream) && convert_as_usual(selection, index)) {
        memcpy(report->reason, cannot, sizeof cannot);
        wr_stream_words_converted(selection, WR_LOG_WARNING, index, report);
    } else {
        wr_stream_words_dropped(selection, level, "left out", cannot, report);
    }
}

// The video is copied as it is, or there is no output.
static enum wr_status choose_video(struct wr_selection *selection, int index,
                                   struct wr_stream_report *report, struct wr_error *error)
{
    snprintf(report->action, sizeof report->action, "copied");
    return fits(selection, index)
               ? WR_OK
               : wr_fail(error, WR_USAGE,
                         "%s cannot hold the video (%s) as it is: choose another container, or an "
                         "encoder instead of copy",
                         selection->plan->container->name, report->codec);
}

// Decides whether and how one of the other streams is taken.
static enum wr_status choose(struct wr_selection *selection, int index,
                             struct wr_stream_report *report, struct wr_error *error)
{
    const AVStream *stream = selection->source->streams[index].av;
    const bool is_sound = stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
    const enum wr_sound sound = is_sound ? selection->plan->sound : WR_SOUND_COPY;
    const char *carried = kept_otherwise(selection->source, stream);
    if (!selection->source->streams[index].wanted)
        wr_stream_words_dropped(selection, WR_LOG_INFO, "left out", "it was not asked for", report);
    else if (carried)
        wr_stream_words_dropped(selection, WR_LOG_WARNING, "not copied as such", carried, report);
    else if (sound == WR_SOUND_NONE)
        wr_stream_words_dropped(selection, WR_LOG_INFO, "left out", "no sound is wanted", report);
    else if (is_empty(selection, index))
        wr_stream_words_dropped(selection, WR_LOG_WARNING, "left out", "it is empty", report);
    if (report->reason[0])
        return WR_OK;
    if (selection->routes[index].goes_to != index) {
        snprintf(report->action, sizeof report->action, "mixed");
        snprintf(report->reason, sizeof report->reason, "into stream %d, as the chain says",
                 selection->routes[index].goes_to);
        wr_say(&selection->options->log, WR_LOG_INFO, "stream %d (%s, %s) is mixed %s", index,
               report->type, report->codec, report->reason);
        return WR_OK;
    }
    if (sound == WR_SOUND_CONVERT || selection->source->streams[index].heard) {
        const enum wr_status status = convert_as_asked(selection, index, error);
        snprintf(report->reason, sizeof report->reason, "that was asked for");
        if (!status)
            wr_stream_words_converted(selection, WR_LOG_INFO, index, report);
        return status;
    }
    snprintf(report->action, sizeof report->action, "copied");
    if (wants_plain_sound(selection, stream) || !fits(selection, index))
        convert_or_drop(selection, index, report);
    return WR_OK;
}

void wr_selection_replace(struct wr_selection *selection, int index, struct wr_report *report)
{
    struct wr_stream_route *route = &selection->routes[index];
    struct wr_stream_report beyond;
    struct wr_stream_report *one = index < WR_REPORT_STREAMS ? &report->streams[index] : &beyond;
    wr_stream_words_begin(selection->source->streams[index].av, index, one);
    const bool was_copied = !route->converter;
    route->chosen = false;
    wr_converter_close(&route->converter);
    if (was_copied)
        convert_or_drop(selection, index, one);
    else
        wr_stream_words_dropped(selection, WR_LOG_LOSS, "left out", "no reader would find it", one);
}

bool wr_selection_can_fill(const struct wr_selection *selection, int index)
{
    const AVStream *stream = selection->source->streams[index].av;
    const AVCodecDescriptor *codec = avcodec_descriptor_get(stream->codecpar->codec_id);
    return stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO &&
           (selection->routes[index].converter ||
            (selection->plan->sound == WR_SOUND_COPY_OR_CONVERT && codec &&
             !(codec->props & AV_CODEC_PROP_LOSSY)));
}

bool wr_selection_fill(struct wr_selection *selection, int index)
{
    struct wr_stream_route *route = &selection->routes[index];
    const AVStream *stream = selection->source->streams[index].av;
    const AVCodec *codec = avcodec_find_encoder(stream->codecpar->codec_id);
    if (!route->converter && codec)
        wr_route_open_converter(&route->converter, selection, index, codec, 0, NULL);
    if (!route->converter || route->converter->fill)
        return false;
    return route->converter->fill = true;
}

enum wr_status wr_selection_make(struct wr_selection *selection, struct wr_report *report,
                                 struct wr_error *error)
{
    const int count = selection->source->stream_count;
    const AVStream *video = selection->source->video;
    const bool copies = !selection->plan->codec;
    enum wr_status status = WR_OK;
    if (!copies)
        selection->routes[video->index].chosen = true;
    wr_routes_set_ways(selection);
    report->stream_count = FFMIN(count, WR_REPORT_STREAMS);
    for (int i = 0; i < count && !status; i++) {
        struct wr_stream_report beyond;
        struct wr_stream_report *one = i < WR_REPORT_STREAMS ? &report->streams[i] : &beyond;
        const AVStream *stream = selection->source->streams[i].av;
        selection->routes[i].time_base = stream->time_base;
        const struct wr_source_stream *listed = &selection->source->streams[i];
        selection->routes[i].from_zero =
            (copies ? listed->from->skips : wr_begins_within(listed)) &&
            stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
        selection->routes[i].is_trimmed = copies && !selection->options->audio &&
                                          (selection->source->cut || listed->from->cut) &&
                                          wr_is_plain_sound(stream->codecpar);
        wr_stream_words_begin(stream, i, one);
        if (stream != video)
            status = choose(selection, i, one, error);
        else if (copies)
            status = choose_video(selection, i, one, error);
    }
    return status;
}
