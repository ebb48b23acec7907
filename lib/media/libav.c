// SPDX-License-Identifier: MIT
// What belongs to whole libraries, FFmpeg's and this one: log and versions.
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <libavutil/log.h>
#include <libavutil/macros.h>
#include <libavutil/version.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/log.h"
#include "lib/media/libav.h"
#include "lib/media/reason.h"

// Pictures that were patched up and packets that lack a part are announced as less than errors.
static bool tells_of_damage(int level, const char *format)
{
    return level <= AV_LOG_ERROR || av_strstart(format, "concealing ", NULL) ||
           av_strstart(format, "Packet corrupt ", NULL);
}

// Where the errors of a reader's demuxer and decoder are counted, which the decoder's threads
// share; NULL for everything else that logs.
static atomic_int *counter_of(void *source)
{
    const AVClass *const *class = source;
    if (class && *class == avcodec_get_class()) {
        const AVCodecContext *context = source;
        const struct wr_decoding *decoding = context->opaque;
        return context->codec && av_codec_is_decoder(context->codec) && decoding
                   ? decoding->complaints
                   : NULL;
    }
    if (class && *class == avformat_get_class()) {
        const AVFormatContext *file = source;
        return file->iformat ? file->opaque : NULL;
    }
    return NULL;
}

// What a filter that only looks at frames has said of a line that has not ended yet: some say it in
// pieces. A graph runs on one thread.
static _Thread_local struct {
    const AVFilterContext *context; // only to be compared: it may be freed
    const AVFilter *filter;
    size_t length;
    char text[4096];
} unfinished;

static void say_finding(const struct wr_log *log)
{
    if (unfinished.length)
        wr_say(log, WR_LOG_WARNING, "%s: %.*s", unfinished.filter->name, (int)unfinished.length,
               unfinished.text);
    unfinished.length = 0;
}

// Adds a piece of a line. A line that is too long is said in several.
static void add_finding(const struct wr_log *log, const char *piece, size_t length)
{
    while (length) {
        if (unfinished.length == sizeof unfinished.text)
            say_finding(log);
        const size_t fits = FFMIN(length, sizeof unfinished.text - unfinished.length);
        memcpy(unfinished.text + unfinished.length, piece, fits);
        unfinished.length += fits;
        piece += fits;
        length -= fits;
    }
}

// Of the graph that this thread is freeing: its filters do not know it any more.
static _Thread_local const struct wr_log *freed_log;

void wr_filter_graph_free(AVFilterGraph **graph)
{
    const struct wr_log *const log = *graph ? (*graph)->opaque : NULL;
    freed_log = log;
    avfilter_graph_free(graph);
    freed_log = NULL;
    if (log)
        say_finding(log); // the last line may lack its end
}

// What a filter that only looks at frames finds (cropdetect, showinfo) is the caller's to read.
static void tell_finding(const AVFilterContext *filter, const struct wr_log *log, int level,
                         const char *format, va_list arguments)
{
    char *text;
    if (level > AV_LOG_INFO || !(filter->filter->flags & AVFILTER_FLAG_METADATA_ONLY) ||
        vasprintf(&text, format, arguments) < 0)
        return;
    if (unfinished.context != filter)
        say_finding(log);
    unfinished.context = filter;
    unfinished.filter = filter->filter;
    const char *piece = text;
    for (const char *end; (end = strchr(piece, '\n')); piece = end + 1) {
        add_finding(log, piece, (size_t)(end - piece));
        say_finding(log);
    }
    add_finding(log, piece, strlen(piece));
    free(text);
}

// The source as a filter of libavfilter, NULL for everything else that logs.
static const AVFilterContext *filter_of(const void *source)
{
    const AVClass *const *class = source;
    return class && *class == avfilter_get_class() ? source : NULL;
}

static void listen(void *source, int level, const char *format, va_list arguments)
{
    wr_reason_hear(level, format, arguments);
    const AVFilterContext *filter = filter_of(source);
    const struct wr_log *log = filter && filter->graph ? filter->graph->opaque : freed_log;
    if (filter && !log && level > AV_LOG_ERROR)
        return; // the graph is only tried: another one will say it
    if (filter && log) {
        va_list copy;
        va_copy(copy, arguments);
        tell_finding(filter, log, level, format, copy);
        va_end(copy);
    }
    atomic_int *const counter = counter_of(source);
    if (counter && tells_of_damage(level, format))
        atomic_fetch_add(counter, 1);
    av_log_default_callback(source, level, format, arguments);
}

void wr_log_libav(bool verbose)
{
    av_log_set_level(verbose ? AV_LOG_INFO : AV_LOG_QUIET);
    av_log_set_callback(listen);
}

const char *wr_version(void)
{
    return AV_STRINGIFY(
        AV_VERSION(WARPREEL_VERSION_MAJOR, WARPREEL_VERSION_MINOR, WARPREEL_VERSION_PATCH));
}

const char *wr_libav_version(void)
{
    return av_version_info();
}

static const struct {
    const char *name;
    unsigned (*running)(void);
    unsigned built;
} libraries[] = {
    {"libavfilter", avfilter_version, LIBAVFILTER_VERSION_INT},
    {"libavformat", avformat_version, LIBAVFORMAT_VERSION_INT},
    {"libavcodec", avcodec_version, LIBAVCODEC_VERSION_INT},
    {"libavutil", avutil_version, LIBAVUTIL_VERSION_INT},
};

int wr_libav_count(void)
{
    return sizeof(libraries) / sizeof(libraries[0]);
}

static void print_version(char *text, size_t size, unsigned version)
{
    snprintf(text, size, "%u.%u.%u", AV_VERSION_MAJOR(version), AV_VERSION_MINOR(version),
             AV_VERSION_MICRO(version));
}

struct wr_libav_info wr_libav_describe(int library)
{
    struct wr_libav_info info = {.name = libraries[library].name};
    print_version(info.running, sizeof(info.running), libraries[library].running());
    print_version(info.built, sizeof(info.built), libraries[library].built);
    return info;
}
