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
#include "lib/media/patched.h"
#include "lib/media/reason.h"

static const char patching[] = "concealing "; // how the line on a patched picture begins

// Pictures that were patched up, packets that lack a part, and what the demuxer of NUT passes over
// to find its way again, are announced as less than errors. In a pipe, where the index at the end
// of an MXF cannot be read, its last packet tells its own size.
static bool tells_of_damage(int level, const char *format)
{
    if (av_strstart(format, "unable to compute the size of the last packet", NULL))
        return false;
    return level <= AV_LOG_ERROR || av_strstart(format, patching, NULL) ||
           av_strstart(format, "Packet corrupt ", NULL) ||
           av_strstart(format, "syncing from ", NULL);
}

// What a reader's decoder has, whose threads share it; NULL for everything else that logs.
static const struct wr_decoder_opaque *decoder_of(const void *source)
{
    const AVClass *const *class = source;
    if (!class || *class != avcodec_get_class())
        return NULL;
    const AVCodecContext *context = source;
    return context->codec && av_codec_is_decoder(context->codec) ? context->opaque : NULL;
}

// Where the errors of a reader's demuxer and decoder are counted; NULL for everything else.
static atomic_int *counter_of(const void *source)
{
    const AVClass *const *class = source;
    const struct wr_decoder_opaque *decoder = decoder_of(source);
    if (decoder)
        return decoder->complaints;
    if (class && *class == avformat_get_class()) {
        const AVFormatContext *file = source;
        return file->iformat ? file->opaque : NULL;
    }
    return NULL;
}

// Where filters on this thread tell what they find, and what one of them has said of a line that
// has not ended yet: some say it in pieces.
static _Thread_local struct {
    const struct wr_log *log; // NULL: nowhere
    const void *source;       // only to be compared: it may be freed
    const char *name;
    bool is_block; // the line is a further one of a text
    size_t length;
    char text[4096];
} findings;

static void say_finding(void)
{
    if (findings.length && findings.is_block)
        wr_say(findings.log, WR_LOG_BLOCK, "%.*s", (int)findings.length, findings.text);
    else if (findings.length)
        wr_say(findings.log, WR_LOG_WARNING, "%s: %.*s", findings.name, (int)findings.length,
               findings.text);
    findings.length = 0;
}

void wr_findings_go_to(const struct wr_log *log)
{
    if (findings.log)
        say_finding(); // the last line may lack its end
    findings.log = log;
}

// Adds a piece of a line. A line that is too long is said in several.
static void add_finding(const char *piece, size_t length)
{
    while (length) {
        if (findings.length == sizeof findings.text)
            say_finding();
        const size_t fits = FFMIN(length, sizeof findings.text - findings.length);
        memcpy(findings.text + findings.length, piece, fits);
        findings.length += fits;
        piece += fits;
        length -= fits;
    }
}

// The filter's name where the source is a filter of libavfilter: its context, or what is its own.
// NULL for everything else that logs.
static const char *filter_name(const void *source)
{
    const AVClass *const class = source ? *(const AVClass *const *)source : NULL;
    if (!class || class->category != AV_CLASS_CATEGORY_FILTER)
        return NULL;
    return class == avfilter_get_class() ? ((const AVFilterContext *)source)->filter->name
                                         : class->class_name;
}

// What filters find (cropdetect, volumedetect) is the caller's to read. Errors are told otherwise.
static bool tell_finding(const void *source, const char *name, int level, const char *format,
                         va_list arguments)
{
    char *text;
    if (level > AV_LOG_INFO || level <= AV_LOG_ERROR || vasprintf(&text, format, arguments) < 0)
        return false;
    if (findings.source != source)
        say_finding();
    findings.source = source;
    findings.name = name;
    for (char *tab = text; (tab = strchr(tab, '\t'));)
        *tab = ' '; // a sentence moves no cursor
    findings.is_block &= findings.length > 0;
    if (*text == '\n' && text[1] && !findings.length)
        wr_say(findings.log, WR_LOG_WARNING, "%s:", name);
    const char *piece = text;
    for (const char *end; (end = strchr(piece, '\n')); piece = end + 1) {
        add_finding(piece, (size_t)(end - piece));
        say_finding();
        findings.is_block = true;
    }
    add_finding(piece, strlen(piece));
    free(text);
    return true;
}

static void listen(void *source, int level, const char *format, va_list arguments)
{
    wr_reason_hear(level, format, arguments);
    const char *const filter = filter_name(source);
    if (filter && !findings.log && level > AV_LOG_ERROR)
        return; // the graph is only tried: another one will say it
    if (filter && findings.log) {
        va_list copy;
        va_copy(copy, arguments);
        const bool is_told = tell_finding(source, filter, level, format, copy);
        va_end(copy);
        if (is_told)
            return;
    }
    atomic_int *const counter = counter_of(source);
    if (counter && tells_of_damage(level, format))
        atomic_fetch_add(counter, 1);
    const struct wr_decoder_opaque *decoder = decoder_of(source);
    if (decoder && av_strstart(format, patching, NULL))
        wr_patched_mark(decoder->patched);
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
