// SPDX-License-Identifier: MIT
// Asks libavformat what a container can hold, by trying: a header is written to memory and thrown
// away.
#include "lib/output/container.h"

#include <libavutil/avstring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/warpreel.h"

static const char *muxer_name(const void *names, int n)
{
    (void)names;
    void *iterator = NULL;
    const AVOutputFormat *muxer;
    while ((muxer = av_muxer_iterate(&iterator)))
        if (!n--)
            return muxer->name;
    return NULL;
}

static int muxer_count(void)
{
    int count = 0;
    while (muxer_name(NULL, count))
        count++;
    return count;
}

enum wr_status wr_choose_container(const AVOutputFormat **container,
                                   const struct wr_options *options, struct wr_error *error)
{
    const char *name = options->format;
    *container = av_guess_format(name, name ? NULL : options->output, NULL);
    if (name && !*container) { // "mkv" is what people call matroska
        char file[64];
        snprintf(file, sizeof file, "x.%s", name);
        *container = av_guess_format(NULL, file, NULL);
    }
    if (*container && !strcmp((*container)->name, "tee"))
        return wr_fail(error, WR_USAGE, "format tee is not possible: one output at a time");
    if (*container)
        return WR_OK;
    if (!name && !strcmp(options->output, "-"))
        return wr_fail(error, WR_USAGE, "output to stdout needs --format");
    if (!name)
        return wr_fail(error, WR_USAGE,
                       "cannot tell the container from the name %s: choose one with --format",
                       options->output);
    const char *nearest = wr_nearest(name, muxer_name, NULL, muxer_count());
    return wr_fail(error, WR_USAGE, "unknown format \"%s\"%s%s%s", name,
                   nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
}

// Muxers for tests: what they are given is counted or hashed, nothing has to be understood.
bool wr_takes_anything(const AVOutputFormat *container)
{
    return av_match_name(container->name,
                         "null,framehash,framemd5,framecrc,hash,md5,crc,streamhash");
}

static bool holds_covers(const AVOutputFormat *container)
{
    return wr_holds_files(container) || av_match_name(container->name, "mp4,ipod,psp");
}

enum wr_target_kind wr_container_kind(const AVOutputFormat *container, const char *name)
{
    if (!strcmp(container->name, "null"))
        return WR_TARGET_NOTHING;
    // A single picture is written where it is told; a sequence and a playlist name files
    // themselves.
    const bool one_picture = !strcmp(container->name, "image2") && !av_filename_number_test(name);
    return container->flags & AVFMT_NOFILE && !one_picture ? WR_TARGET_NAMES : WR_TARGET_FILE;
}

// Others write none, and say nothing.
static bool holds_chapters(const AVOutputFormat *container)
{
    return wr_takes_anything(container) ||
           av_match_name(container->name, "matroska,webm,mov,mp4,ipod,nut,asf,asf_stream");
}

static bool has_cover(const AVFormatContext *file)
{
    for (unsigned i = 0; i < file->nb_streams; i++)
        if (wr_is_cover(file->streams[i]))
            return true;
    return false;
}

// A tag that only exists in the free form of the MP4 family, such as "com.android.version".
static const char *free_tag(const AVFormatContext *file)
{
    const AVDictionaryEntry *tag = NULL;
    while ((tag = av_dict_get(file->metadata, "", tag, AV_DICT_IGNORE_SUFFIX)))
        if (strchr(tag->key, '.'))
            return tag->key;
    return NULL;
}

AVDictionary *wr_container_options(const AVFormatContext *file, const struct wr_target *target)
{
    AVDictionary *options = NULL;
    if (wr_is_mov(file->oformat)) {
        // The two ways of storing tags exclude each other: one keeps every key, the other the
        // cover.
        if (!has_cover(file))
            av_dict_set(&options, "movflags", "+use_metadata_tags", AV_DICT_APPEND);
        av_dict_set(&options, "movflags",
                    target->is_stream ? "+frag_keyframe+empty_moov+delay_moov" : "+faststart",
                    AV_DICT_APPEND);
        // What the streams' starts are counted in; a thousandth of a second is too coarse.
        av_dict_set(&options, "movie_timescale", "90000", 0);
    }
    // Its playlist would name the last few segments only.
    if (!strcmp(file->oformat->name, "hls"))
        av_dict_set(&options, "hls_playlist_type", "vod", 0);
    return options;
}

static int create(AVFormatContext **file, const AVOutputFormat *container)
{
    const int result = avformat_alloc_output_context2(file, container, NULL, NULL);
    // Streams are not lost for want of a standard's last word.
    if (result >= 0)
        (*file)->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
    return result;
}

// What is being put together: the input's streams that have been found to fit so far.
struct selection {
    const AVOutputFormat *container;
    const struct wr_target *target;
    const struct wr_encoder *encoder;
    const struct wr_source *source;
    bool *chosen;
};

static int add_streams(AVFormatContext *file, const struct selection *selection, int *map)
{
    for (unsigned i = 0; i < selection->source->file->nb_streams; i++) {
        const AVStream *stream = selection->source->file->streams[i];
        map[i] = -1;
        if (!selection->chosen[i])
            continue;
        const int result = stream == selection->source->video
                               ? wr_add_encoded(file, selection->encoder, selection->source)
                               : wr_add_copy(file, selection->source, stream);
        if (result < 0)
            return result;
        map[i] = (int)file->nb_streams - 1;
    }
    return 0;
}

static int try_header(const struct selection *selection, int *map)
{
    AVFormatContext *file = NULL;
    AVDictionary *options = NULL;
    int result = create(&file, selection->container);
    if (result >= 0)
        result = add_streams(file, selection, map);
    if (result >= 0)
        result = avio_open_dyn_buf(&file->pb);
    if (result >= 0) {
        options = wr_container_options(file, selection->target);
        result = avformat_write_header(file, &options);
        uint8_t *written = NULL;
        avio_close_dyn_buf(file->pb, &written);
        file->pb = NULL;
        av_free(written);
    }
    av_dict_free(&options);
    avformat_free_context(file);
    return result;
}

// The codec of a stream by itself, as far as the muxer's tables tell.
static bool may_hold(const AVOutputFormat *container, const AVStream *stream)
{
    const enum AVMediaType type = stream->codecpar->codec_type;
    if (wr_takes_anything(container))
        return true;
    if (container->flags & AVFMT_NOFILE) // trying would write files
        return type == AVMEDIA_TYPE_AUDIO && container->audio_codec != AV_CODEC_ID_NONE;
    if (type == AVMEDIA_TYPE_ATTACHMENT)
        return wr_holds_files(container);
    if (wr_is_cover(stream) && (wr_holds_files(container) || !holds_covers(container)))
        return wr_holds_files(container);
    const int answer =
        avformat_query_codec(container, stream->codecpar->codec_id, FF_COMPLIANCE_EXPERIMENTAL);
    // Muxers of a bare video stream do not say no; they have no idea of any other stream.
    return answer > 0 || (answer < 0 && container->audio_codec != AV_CODEC_ID_NONE);
}

static bool fits(struct selection *selection, int index, int *map)
{
    if (!may_hold(selection->container, selection->source->file->streams[index]))
        return false;
    selection->chosen[index] = true;
    selection->chosen[index] =
        selection->container->flags & AVFMT_NOFILE || try_header(selection, map) >= 0;
    return selection->chosen[index];
}

static const char *type_name(const AVStream *stream)
{
    const char *name = av_get_media_type_string(stream->codecpar->codec_type);
    return wr_is_cover(stream) ? "cover" : name ? name : "data";
}

// What a stream says that the muxer writes in its own way; NULL if the stream is to be copied as
// such.
static const char *carried_as(const struct wr_source *source, const AVStream *stream)
{
    if (stream->discard >= AVDISCARD_ALL && source->file->nb_chapters)
        return "its chapters are carried as chapters";
    const bool is_time_code = stream->codecpar->codec_tag == MKTAG('t', 'm', 'c', 'd');
    if (is_time_code && av_dict_get(stream->metadata, "timecode", NULL, 0))
        return "its time code is carried as a tag";
    return NULL;
}

// The MP4 muxer forgets tracks without samples, and an MP4 file tells beforehand which they are.
static bool is_forgotten(const struct selection *selection, const AVStream *stream)
{
    return wr_is_mov(selection->container) &&
           av_match_name("mp4", selection->source->file->iformat->name) && !wr_is_cover(stream) &&
           !avformat_index_get_entries_count(stream);
}

// Decides on one stream that is to be copied.
static void choose(struct selection *selection, int index, int *map,
                   const struct wr_options *options, struct wr_stream_report *report)
{
    const AVStream *stream = selection->source->file->streams[index];
    const char *carried = carried_as(selection->source, stream);
    char cannot[sizeof report->reason];
    snprintf(cannot, sizeof cannot, "%s cannot hold it", selection->container->name);
    const char *reason = carried                           ? carried
                         : is_forgotten(selection, stream) ? "it is empty"
                         : !fits(selection, index, map)    ? cannot
                                                           : NULL;
    snprintf(report->action, sizeof report->action, "%s", reason ? "dropped" : "copied");
    if (!reason)
        return;
    snprintf(report->reason, sizeof report->reason, "%s", reason);
    wr_log(options, WR_LOG_WARNING, "stream %d (%s, %s) is %s: %s", index, report->type,
           report->codec, carried ? "not copied as such" : "left out", reason);
}

// Data streams often have no codec that libavcodec knows, but a four-letter tag.
static void print_codec(char *text, size_t size, const AVCodecParameters *parameters)
{
    if (parameters->codec_id != AV_CODEC_ID_NONE)
        snprintf(text, size, "%s", avcodec_get_name(parameters->codec_id));
    else if (parameters->codec_tag)
        snprintf(text, size, "%s", av_fourcc2str(parameters->codec_tag));
    else
        snprintf(text, size, "unknown");
}

static void report_stream(const AVStream *stream, struct wr_stream_report *report)
{
    *report = (struct wr_stream_report){.index = stream->index};
    snprintf(report->type, sizeof report->type, "%s", type_name(stream));
    print_codec(report->codec, sizeof report->codec, stream->codecpar);
    snprintf(report->action, sizeof report->action, "filtered");
}

enum wr_status wr_container_open(AVFormatContext **file, const AVOutputFormat *container,
                                 const struct wr_target *target, const struct wr_encoder *encoder,
                                 const struct wr_source *source, const struct wr_options *options,
                                 int *map, struct wr_report *report, struct wr_error *error)
{
    const int count = (int)source->file->nb_streams;
    struct selection selection = {container, target, encoder, source,
                                  calloc((size_t)count, sizeof *selection.chosen)};
    if (!selection.chosen)
        return wr_fail(error, WR_FAILED, "out of memory");
    selection.chosen[source->video->index] = true;
    report->stream_count = FFMIN(count, WR_REPORT_STREAMS);
    for (int i = 0; i < count; i++) {
        struct wr_stream_report beyond;
        struct wr_stream_report *one = i < WR_REPORT_STREAMS ? &report->streams[i] : &beyond;
        report_stream(source->file->streams[i], one);
        if (i != source->video->index)
            choose(&selection, i, map, options, one);
    }
    int result = create(file, container);
    if (result >= 0)
        result = add_streams(*file, &selection, map);
    if (result >= 0)
        result = wr_copy_file(*file, source, options, target, map);
    free(selection.chosen);
    if (source->file->nb_chapters && !holds_chapters(container))
        wr_log(options, WR_LOG_WARNING, "the %u chapters are left out: %s cannot hold them",
               source->file->nb_chapters, container->name);
    const char *lost =
        result >= 0 && wr_is_mov(container) && has_cover(*file) ? free_tag(*file) : NULL;
    if (lost)
        wr_log(options, WR_LOG_WARNING,
               "%s holds either a cover or free tags: the cover is kept, tags such as %s are left "
               "out",
               container->name, lost);
    return result < 0 ? wr_fail(error, WR_FAILED, "cannot prepare %s: %s", target->name,
                                av_err2str(result))
                      : WR_OK;
}
