// SPDX-License-Identifier: MIT
// Finds out which streams a container can hold by trying: a header is written to memory and thrown
// away.
#include "lib/output/container.h"

#include <libavutil/avstring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/output/chapters.h"
#include "lib/output/copy.h"

static bool has_cover(const AVFormatContext *file)
{
    for (unsigned i = 0; i < file->nb_streams; i++)
        if (wr_is_cover(file->streams[i]))
            return true;
    return false;
}

// Finds a tag that muxers can only keep as a free tag, such as "com.android.version"; NULL if there
// is none.
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
    const struct wr_container_row *row = wr_container_row(file->oformat);
    const char *const lists[] = {
        row->options,
        target->is_stream ? row->stream_options : row->file_options,
        has_cover(file) ? NULL : row->free_tag_options,
    };
    AVDictionary *options = NULL;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (lists[i])
            av_dict_parse_string(&options, lists[i], "=", ":", AV_DICT_APPEND);
    return options;
}

static int create(AVFormatContext **file, const AVOutputFormat *container)
{
    const int result = avformat_alloc_output_context2(file, container, NULL, NULL);
    // Streams are kept even where a standard for them is not final.
    if (result >= 0)
        (*file)->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
    return result;
}

// The output as far as it is put together: the input's streams that have been found to fit.
struct selection {
    const struct wr_output_plan *plan;
    const struct wr_target *target;
    const AVCodecContext *encoder;
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
    int result = create(&file, selection->plan->container);
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

// Whether the muxer's tables say that it may hold a stream, whatever else is in the file.
static bool may_hold(const struct wr_output_plan *plan, const AVStream *stream)
{
    const AVOutputFormat *container = plan->container;
    const struct wr_container_row *row = plan->container_row;
    const enum AVMediaType type = stream->codecpar->codec_type;
    if (row->takes_anything)
        return true;
    if (container->flags & AVFMT_NOFILE) // trying would write files
        return type == AVMEDIA_TYPE_AUDIO && container->audio_codec != AV_CODEC_ID_NONE;
    if (type == AVMEDIA_TYPE_ATTACHMENT || (wr_is_cover(stream) && !row->covers))
        return row->attachments;
    const int answer =
        avformat_query_codec(container, stream->codecpar->codec_id, FF_COMPLIANCE_EXPERIMENTAL);
    // Muxers of a bare video stream do not say no; they have no idea of any other stream.
    return answer > 0 || (answer < 0 && container->audio_codec != AV_CODEC_ID_NONE);
}

static bool fits(struct selection *selection, int index, int *map)
{
    if (!may_hold(selection->plan, selection->source->file->streams[index]))
        return false;
    selection->chosen[index] = true;
    selection->chosen[index] =
        selection->plan->container->flags & AVFMT_NOFILE || try_header(selection, map) >= 0;
    return selection->chosen[index];
}

static const char *type_name(const AVStream *stream)
{
    const char *name = av_get_media_type_string(stream->codecpar->codec_type);
    return wr_is_cover(stream) ? "cover" : name ? name : "data";
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

// True for a stream without packets that the muxer would leave out. Only MP4 files say beforehand
// which streams those are.
static bool is_empty(const struct selection *selection, const AVStream *stream)
{
    return selection->plan->container_row->drops_empty &&
           av_match_name("mp4", selection->source->file->iformat->name) && !wr_is_cover(stream) &&
           !avformat_index_get_entries_count(stream);
}

// Decides whether one of the other streams is copied.
static void choose(struct selection *selection, int index, int *map, const struct wr_log *log,
                   struct wr_stream_report *report)
{
    const AVStream *stream = selection->source->file->streams[index];
    const char *carried = kept_otherwise(selection->source, stream);
    char cannot[sizeof report->reason];
    snprintf(cannot, sizeof cannot, "%s cannot hold it", selection->plan->container->name);
    const char *reason = carried                        ? carried
                         : is_empty(selection, stream)  ? "it is empty"
                         : !fits(selection, index, map) ? cannot
                                                        : NULL;
    snprintf(report->action, sizeof report->action, "%s", reason ? "dropped" : "copied");
    if (!reason)
        return;
    snprintf(report->reason, sizeof report->reason, "%s", reason);
    // Nobody expects sound in a picture.
    const bool is_expected = selection->plan->container_row->converts;
    wr_say(log, is_expected ? WR_LOG_INFO : WR_LOG_WARNING, "stream %d (%s, %s) is %s: %s", index,
           report->type, report->codec, carried ? "not copied as such" : "left out", reason);
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

// Says what the file as a whole loses.
static void tell_losses(const struct selection *selection, const AVFormatContext *file,
                        const struct wr_log *log)
{
    const struct wr_container_row *row = selection->plan->container_row;
    const unsigned chapters = selection->source->file->nb_chapters;
    if (chapters && row->chapters == WR_CHAPTERS_NONE)
        wr_say(log, WR_LOG_WARNING, "the %u chapters are left out: %s cannot hold them", chapters,
               file->oformat->name);
    const char *lost = row->free_tag_options && has_cover(file) ? free_tag(file) : NULL;
    if (lost)
        wr_say(log, WR_LOG_WARNING,
               "%s holds either a cover or free tags: the cover is kept, tags such as %s are left "
               "out",
               file->oformat->name, lost);
}

static void choose_all(struct selection *selection, int *map, const struct wr_log *log,
                       struct wr_report *report)
{
    const int count = (int)selection->source->file->nb_streams;
    const int video = selection->source->video->index;
    selection->chosen[video] = true;
    report->stream_count = FFMIN(count, WR_REPORT_STREAMS);
    for (int i = 0; i < count; i++) {
        struct wr_stream_report beyond;
        struct wr_stream_report *one = i < WR_REPORT_STREAMS ? &report->streams[i] : &beyond;
        report_stream(selection->source->file->streams[i], one);
        if (i != video)
            choose(selection, i, map, log, one);
    }
}

enum wr_status wr_container_open(AVFormatContext **file, const struct wr_output_plan *plan,
                                 const struct wr_writer_options *options,
                                 const struct wr_target *target, const AVCodecContext *encoder,
                                 const struct wr_source *source, int *map, struct wr_report *report,
                                 struct wr_error *error)
{
    struct selection selection = {plan, target, encoder, source,
                                  calloc(source->file->nb_streams, sizeof *selection.chosen)};
    if (!selection.chosen)
        return wr_fail(error, WR_FAILED, "out of memory");
    choose_all(&selection, map, &options->log, report);
    int result = create(file, plan->container);
    if (result >= 0)
        result = add_streams(*file, &selection, map);
    if (result >= 0)
        result = wr_copy_file_data(*file, source, map);
    if (result >= 0)
        result = wr_chapters_copy(*file, source, options, target);
    free(selection.chosen);
    if (result < 0)
        return wr_fail(error, WR_FAILED, "cannot prepare %s: %s", target->name, av_err2str(result));
    tell_losses(&selection, *file, &options->log);
    return WR_OK;
}
