// SPDX-License-Identifier: MIT
// Chooses streams. What the container cannot hold is converted if it is sound or text.
#include "lib/output/selection.h"

#include <libavutil/avstring.h>
#include <stdio.h>
#include <string.h>

#include "lib/output/convert/plain_sound.h"
#include "lib/output/fit.h"
#include "lib/output/stream_words.h"

// ---- what is not copied as it is

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
            !wr_stream_fits(selection, index) || (first && !keeps_channels(route->converter))) {
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

// Whether the stream is sound of which nothing else was asked for.
static bool is_free_sound(const struct wr_selection *selection, int index)
{
    return selection->source->streams[index].av->codecpar->codec_type == AVMEDIA_TYPE_AUDIO &&
           selection->routes[index].sound->kind == WR_SOUND_COPY_OR_CONVERT;
}

static bool can_be_converted(const struct wr_selection *selection, int index)
{
    return wr_is_text_subtitle(selection->source->streams[index].av) ||
           is_free_sound(selection, index);
}

// Converts the stream to the codec that was asked for.
static enum wr_status convert_as_asked(struct wr_selection *selection, int index,
                                       const AVCodec *codec, struct wr_stream_report *report,
                                       struct wr_error *error)
{
    const char *const container = selection->plan->container->name;
    const char *const name = avcodec_get_name(codec->id);
    const bool is_sound = codec->type == AVMEDIA_TYPE_AUDIO;
    if (!is_sound && !wr_is_text_subtitle(selection->source->streams[index].av))
        return wr_fail(error, WR_USAGE, "stream %d (%s) is no text that could become %s", index,
                       report->codec, name);
    const enum wr_status status = wr_route_open_converter(&selection->routes[index].converter,
                                                          selection, index, codec, 0, error);
    if (status)
        return status;
    if (!wr_stream_fits(selection, index))
        return wr_fail(error, WR_USAGE, "%s cannot hold %s %s", container, name,
                       is_sound ? "sound: choose another with --audio"
                                : "subtitles: choose others with --subtitles");
    snprintf(report->reason, sizeof report->reason, "that was asked for");
    wr_stream_words_converted(selection, WR_LOG_INFO, index, report);
    return WR_OK;
}

// The codec that was asked for and is not the stream's own; NULL for none. Sound is always encoded
// anew.
static const AVCodec *asked_codec(const struct wr_selection *selection, int index)
{
    const struct wr_source_stream *stream = &selection->source->streams[index];
    const AVCodecParameters *parameters = stream->av->codecpar;
    const struct wr_sound_choice *sound = selection->routes[index].sound;
    const AVCodec *text = selection->routes[index].text;
    switch (parameters->codec_type) {
    case AVMEDIA_TYPE_AUDIO:
        return sound->kind == WR_SOUND_CONVERT || stream->sound >= 0 ? sound->codec : NULL;
    case AVMEDIA_TYPE_SUBTITLE:
        return text && text->id != parameters->codec_id ? text : NULL;
    default:
        return NULL;
    }
}

// ---- choosing

// Whether the sound of an input has 64 bits only because filters made it, which compute in 64 bits.
static bool is_computed(const struct wr_selection *selection, int index)
{
    const struct wr_source_stream *stream = &selection->source->streams[index];
    return is_free_sound(selection, index) && !selection->routes[index].sound->is_copied &&
           !strcmp(stream->from->file->iformat->name, "lavfi") &&
           av_get_exact_bits_per_sample(stream->av->codecpar->codec_id) == 64;
}

// Whether the stream is compressed sound, but users of the container expect plain sound in it.
static bool wants_plain_sound(const struct wr_selection *selection, int index)
{
    const AVStream *stream = selection->source->streams[index].av;
    return selection->plan->container_row->plain_sound && is_free_sound(selection, index) &&
           !av_get_exact_bits_per_sample(stream->codecpar->codec_id);
}

// What becomes of a stream that cannot be copied.
static void convert_or_drop(struct wr_selection *selection, int index,
                            struct wr_stream_report *report)
{
    const enum wr_log_level level =
        wr_holds_pictures_only(selection->plan) ? WR_LOG_WARNING : WR_LOG_LOSS;
    const bool is_packed = wants_plain_sound(selection, index);
    char cannot[sizeof report->reason];
    snprintf(cannot, sizeof cannot,
             is_packed                       ? "%s is for sound that is not compressed"
             : is_computed(selection, index) ? "%s need not hold it in 64 bits"
                                             : "%s cannot hold it",
             selection->plan->container->name);
    if (can_be_converted(selection, index) && convert_as_usual(selection, index)) {
        memcpy(report->reason, cannot, sizeof cannot);
        wr_stream_words_converted(selection, WR_LOG_WARNING, index, report);
    } else {
        wr_stream_words_dropped(selection, level, "left out", cannot, report);
    }
}

// A video that is copied must fit the container as it is; nothing is made without it.
static enum wr_status choose_video(struct wr_selection *selection, int index,
                                   struct wr_stream_report *report, struct wr_error *error)
{
    snprintf(report->action, sizeof report->action, "copied");
    return wr_stream_fits(selection, index)
               ? WR_OK
               : wr_fail(error, WR_USAGE,
                         "%s cannot hold the video (%s) as it is: choose another container, or an "
                         "encoder instead of copy",
                         selection->plan->container->name, report->codec);
}

// Says of a sound that the chain mixes with others which stream of the output it is in.
static void tell_mixed(const struct wr_selection *selection, int index,
                       struct wr_stream_report *report)
{
    const struct wr_source *source = selection->source;
    int into = 0;
    for (int i = 0; i < source->stream_count; i++) {
        const struct wr_sound_output *made = wr_route_made(source, i);
        for (int n = 0; made && n < made->count; n++)
            into = source->heard[made->first + n] == index ? i : into;
    }
    snprintf(report->action, sizeof report->action, "mixed");
    snprintf(report->reason, sizeof report->reason, "into stream %d, as the chain says", into);
    wr_say(&selection->options->log, WR_LOG_INFO, "stream %d (%s, %s) is mixed %s", index,
           report->type, report->codec, report->reason);
}

// Decides whether and how one of the other streams is taken.
static enum wr_status choose(struct wr_selection *selection, int index,
                             struct wr_stream_report *report, struct wr_error *error)
{
    const struct wr_source_stream *listed = &selection->source->streams[index];
    const AVStream *stream = listed->av;
    const bool is_sound = stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
    const enum wr_sound sound = is_sound ? selection->routes[index].sound->kind : WR_SOUND_COPY;
    const char *carried = kept_otherwise(selection->source, stream);
    if (listed->is_heard && !listed->is_output) {
        tell_mixed(selection, index, report);
        return WR_OK;
    }
    if (!listed->is_output)
        wr_stream_words_dropped(selection, WR_LOG_INFO, "left out", "it was not asked for", report);
    else if (carried)
        wr_stream_words_dropped(selection, WR_LOG_WARNING, "not copied as such", carried, report);
    else if (sound == WR_SOUND_NONE)
        wr_stream_words_dropped(selection, WR_LOG_INFO, "left out", "no sound is wanted", report);
    else if (is_empty(selection, index))
        wr_stream_words_dropped(selection, WR_LOG_WARNING, "left out", "it is empty", report);
    if (report->reason[0])
        return WR_OK;
    if (listed->sound >= 0 && selection->routes[index].sound->is_copied)
        return wr_fail(error, WR_USAGE, "sound that is copied cannot be filtered by \"%s\"",
                       selection->source->maps.sound->names);
    if (listed->sound >= 0 && selection->routes[index].sound->filters)
        return wr_fail(error, WR_USAGE,
                       "%s: the chain makes this sound, and \"%s\" cannot filter it once more",
                       selection->source->maps.sound->names,
                       selection->routes[index].sound->filters);
    const AVCodec *const asked = asked_codec(selection, index);
    if (asked)
        return convert_as_asked(selection, index, asked, report, error);
    snprintf(report->action, sizeof report->action, "copied");
    if (wants_plain_sound(selection, index) || is_computed(selection, index) ||
        !wr_stream_fits(selection, index))
        convert_or_drop(selection, index, report);
    return WR_OK;
}

void wr_selection_replace(struct wr_selection *selection, int index, struct wr_report *report)
{
    struct wr_stream_route *route = &selection->routes[index];
    struct wr_stream_report beyond;
    struct wr_stream_report *one = index < WR_REPORT_STREAMS ? &report->streams[index] : &beyond;
    wr_stream_words_begin(selection->source->streams[index].av,
                          selection->source->streams[index].takes, one);
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
            (is_free_sound(selection, index) && codec && !(codec->props & AV_CODEC_PROP_LOSSY)));
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
    struct wr_stream_report beyond, *late = NULL; // the video's, where it does not stand alone
    enum wr_status status = WR_OK;
    if (!copies)
        selection->routes[video->index].chosen = true;
    wr_routes_set_choices(selection);
    report->stream_count = FFMIN(count, WR_REPORT_STREAMS);
    for (int i = 0; i < count && !status; i++) {
        struct wr_stream_report *one = i < WR_REPORT_STREAMS ? &report->streams[i] : &beyond;
        const AVStream *stream = selection->source->streams[i].av;
        selection->routes[i].time_base = stream->time_base;
        const struct wr_source_stream *listed = &selection->source->streams[i];
        selection->routes[i].from_zero =
            (copies ? listed->from->skips
                    : wr_begins_within(listed) || selection->options->skips) &&
            stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
        selection->routes[i].is_trimmed = copies && !selection->routes[i].sound->is_asked &&
                                          (selection->source->cut || listed->from->cut) &&
                                          wr_is_plain_sound(stream->codecpar);
        wr_stream_words_begin(stream, listed->takes, one);
        if (stream != video)
            status = choose(selection, i, one, error);
        else if (copies && wr_stream_fits(selection, i))
            snprintf(one->action, sizeof one->action, "copied");
        else if (copies)
            late = one;
    }
    return !status && late ? choose_video(selection, video->index, late, error) : status;
}
