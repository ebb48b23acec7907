// SPDX-License-Identifier: MIT
// Puts the chosen streams and what belongs to the file as a whole together for the muxer.
#include "lib/output/container.h"

#include <libavutil/avstring.h>
#include <libavutil/opt.h>
#include <string.h>

#include "lib/output/attach.h"
#include "lib/output/chapters.h"
#include "lib/output/codec_tag.h"
#include "lib/output/copy.h"

static bool has_cover(const AVFormatContext *file)
{
    for (unsigned i = 0; i < file->nb_streams; i++)
        if (wr_is_cover(file->streams[i]))
            return true;
    return false;
}

// Finds a tag that the muxer can only keep as a free tag, such as "com.android.version", or one
// that it need not; NULL if there is none.
static const char *find_tag(const AVFormatContext *file, bool is_free)
{
    const char *const known = wr_container_row(file->oformat)->tags;
    const AVDictionaryEntry *tag = NULL;
    while ((tag = av_dict_get(file->metadata, "", tag, AV_DICT_IGNORE_SUFFIX)))
        if (is_free == !(known && av_match_name(tag->key, known)))
            return tag->key;
    return NULL;
}

// Sets an option. A flag is added to those that are set; any other value replaces the one before.
static void set_option(AVDictionary **options, const AVOutputFormat *container, const char *key,
                       const char *value)
{
    const AVOption *option =
        container->priv_class
            ? av_opt_find((void *)&container->priv_class, key, NULL, 0, AV_OPT_SEARCH_FAKE_OBJ)
            : NULL;
    const bool adds = option && option->type == AV_OPT_TYPE_FLAGS && *value != '-';
    if (adds && *value != '+')
        av_dict_set(options, key, "+", AV_DICT_APPEND);
    av_dict_set(options, key, value, adds ? AV_DICT_APPEND : 0);
}

static void set_pair(AVDictionary **options, const AVOutputFormat *container, const char *pair)
{
    char key[64];
    const char *equals = strchr(pair, '=');
    av_strlcpy(key, pair, FFMIN(sizeof key, strcspn(pair, "?=") + 1));
    set_option(options, container, key, equals ? equals + 1 : "");
}

// Whether one of the user's pairs sets the flag of a pair "key=flag".
static bool asks_for(const char *const *asked, const char *flag)
{
    const size_t key = strcspn(flag, "=");
    for (; asked && *asked; asked++)
        if (strcspn(*asked, "?=") == key && !strncmp(*asked, flag, key) &&
            strstr(*asked + key, flag + key + 1))
            return true;
    return false;
}

AVDictionary *wr_container_options(const AVFormatContext *file, const struct wr_target *target,
                                   const char *const *asked, const char *start_options)
{
    const struct wr_container_row *row = wr_container_row(file->oformat);
    const char *const lists[] = {
        row->options_unless && asks_for(asked, row->options_unless) ? NULL : row->options,
        target->is_stream ? row->stream_options : row->file_options,
        has_cover(file) || !find_tag(file, true) ? NULL : row->free_tag_options,
    };
    AVDictionary *options = NULL;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (lists[i])
            av_dict_parse_string(&options, lists[i], "=", ":", AV_DICT_APPEND);
    for (; asked && *asked; asked++)
        set_pair(&options, file->oformat, *asked);
    if (start_options)
        set_pair(&options, file->oformat, start_options);
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

// Adds the video as it is, with the tag and the pixel aspect ratio that are asked for. Muxers take
// one ratio only. Where the input's container and its packets differ, the container's counts.
static int add_copied_video(AVFormatContext *file, const struct wr_selection *selection)
{
    const struct wr_output_plan *plan = selection->plan;
    const int result = wr_add_copy(file, selection->source, selection->source->video);
    if (result < 0)
        return result;
    AVStream *stream = file->streams[file->nb_streams - 1];
    if (plan->tag)
        stream->codecpar->codec_tag = plan->tag;
    if (plan->stream.format.sar_num)
        stream->sample_aspect_ratio =
            (AVRational){plan->stream.format.sar_num, plan->stream.format.sar_den};
    if (!stream->sample_aspect_ratio.num)
        stream->sample_aspect_ratio = stream->codecpar->sample_aspect_ratio;
    stream->codecpar->sample_aspect_ratio = stream->sample_aspect_ratio;
    return 0;
}

static int add_stream(AVFormatContext *file, const struct wr_selection *selection, int index)
{
    const struct wr_source *source = selection->source;
    const AVStream *stream = source->streams[index].av;
    const struct wr_converter *converter = selection->routes[index].converter;
    return stream == source->video && !selection->plan->codec ? add_copied_video(file, selection)
           : stream == source->video
               ? wr_add_encoded(file, selection->encoder, source, selection->plan)
           : converter ? wr_add_converted(file, converter->encoder, stream)
                       : wr_add_copy(file, source, stream);
}

int wr_container_create(AVFormatContext **file, const AVOutputFormat *container,
                        const struct wr_selection *selection)
{
    int result = create(file, container);
    for (int n = 0; n < selection->source->stream_count && result >= 0; n++) {
        const int i = selection->source->order[n];
        struct wr_stream_route *route = &selection->routes[i];
        route->output = -1;
        if (!route->chosen)
            continue;
        result = add_stream(*file, selection, i);
        if (result >= 0 && route->language)
            result = av_dict_set(&(*file)->streams[(*file)->nb_streams - 1]->metadata, "language",
                                 route->language, 0);
        route->output = (int)(*file)->nb_streams - 1;
        route->in_header = result >= 0 && (*file)->streams[route->output]->codecpar->codec_type ==
                                              AVMEDIA_TYPE_ATTACHMENT;
    }
    if (result >= 0)
        result = wr_set_dispositions(*file, selection->options);
    return result < 0 ? result : wr_attach(*file, selection->options->attach);
}

// Says what the file as a whole loses.
static void tell_losses(const struct wr_selection *selection, const AVFormatContext *file)
{
    const struct wr_log *log = &selection->options->log;
    const struct wr_container_row *row = selection->plan->container_row;
    const unsigned chapters = selection->source->chapters->file->nb_chapters;
    if (chapters && row->chapters == WR_CHAPTERS_NONE && !selection->options->no_chapters)
        wr_say(log, WR_LOG_LOSS, "the %u chapters are left out: %s cannot hold them", chapters,
               file->oformat->name);
    const char *free = row->free_tag_options ? find_tag(file, true) : NULL;
    const char *known = free ? find_tag(file, false) : NULL;
    if (known && !has_cover(file))
        wr_say(log, WR_LOG_WARNING,
               "%s holds either free tags or those that all players show: for the sake of %s all "
               "are free, so that players may not show the %s",
               file->oformat->name, free, known);
    if (free && has_cover(file))
        wr_say(log, WR_LOG_LOSS,
               "%s holds either a cover or free tags: the cover is kept, tags such as %s are left "
               "out",
               file->oformat->name, free);
}

enum wr_status wr_container_open(AVFormatContext **file, const struct wr_selection *selection,
                                 struct wr_error *error)
{
    const struct wr_target *target = selection->target;
    int result = wr_container_create(file, selection->plan->container, selection);
    if (result >= 0)
        result = wr_copy_file_data(*file, selection->source, selection->options, selection->routes);
    if (result >= 0 && !selection->options->no_chapters)
        result = wr_chapters_copy(*file, selection->source, selection->options, target);
    if (result < 0)
        return wr_fail(error, WR_FAILED, "cannot prepare %s: %s", target->name, av_err2str(result));
    tell_losses(selection, *file);
    return wr_codec_tags_set(*file, selection->options->stream_tags, error);
}
