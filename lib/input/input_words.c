// SPDX-License-Identifier: MIT
// Which demuxer and decoder an input gets is not known before it is opened, so the check asks all
// of them.
#include "lib/input/input_words.h"

#include <libavcodec/avcodec.h>
#include <libavutil/opt.h>
#include <libavutil/parseutils.h>

#include "lib/base/log.h"
#include "lib/input/capture.h"

static const char *demuxer_name(const void *names, int n)
{
    (void)names;
    void *iterator = NULL;
    const AVInputFormat *demuxer;
    while ((demuxer = av_demuxer_iterate(&iterator)))
        if (!n--)
            return demuxer->name;
    return NULL;
}

enum wr_status wr_input_find_format(const AVInputFormat **format, const char *name,
                                    struct wr_error *error)
{
    *format = name ? av_find_input_format(name) : NULL;
    if (name && !*format)
        *format = wr_device_find(name);
    if (!name || *format)
        return WR_OK;
    int count = 0;
    while (demuxer_name(NULL, count))
        count++;
    const char *nearest = wr_nearest(name, demuxer_name, NULL, count);
    return wr_fail(error, WR_USAGE, "unknown input format \"%s\"%s%s%s", name,
                   nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
}

enum wr_status wr_input_read_options(AVDictionary **options, const struct wr_input_words *words,
                                     struct wr_error *error)
{
    for (const char *const *pair = words->options; pair && *pair; pair++)
        if (av_dict_parse_string(options, *pair, "=", "", 0) < 0)
            return wr_fail(error, WR_USAGE, "input option \"%s\" is not of the form key=value",
                           *pair);
    if (words->framerate && av_dict_set(options, "framerate", words->framerate, 0) < 0)
        return wr_fail(error, WR_FAILED, "out of memory");
    return WR_OK;
}

enum wr_status wr_input_read_rate(AVRational *rate, const char *text, struct wr_error *error)
{
    *rate = (AVRational){0, 1};
    return text && (av_parse_video_rate(rate, text) < 0 || rate->num <= 0)
               ? wr_fail(error, WR_USAGE,
                         "frame rate \"%s\" is not a rate such as 25, 30000/1001 or ntsc", text)
               : WR_OK;
}

// ---- whether any input could take them

// Demuxers, protocols and codecs are the children of the two classes.
static bool is_known(const AVInputFormat *format, const char *key)
{
    const AVClass *const classes[] = {avformat_get_class(), avcodec_get_class(),
                                      format ? format->priv_class : NULL};
    bool found = false;
    for (int n = 0; n < 3; n++)
        found |= classes[n] && av_opt_find((void *)&classes[n], key, NULL, 0,
                                           AV_OPT_SEARCH_CHILDREN | AV_OPT_SEARCH_FAKE_OBJ);
    return found;
}

// Whether an option that all demuxers have, or else one that all decoders have, takes the value.
static bool is_possible(const char *key, const char *value)
{
    AVFormatContext *file = avformat_alloc_context();
    AVCodecContext *decoder = avcodec_alloc_context3(NULL);
    void *const taker = file && av_opt_find(file, key, NULL, 0, 0)         ? (void *)file
                        : decoder && av_opt_find(decoder, key, NULL, 0, 0) ? (void *)decoder
                                                                           : NULL;
    const bool is = !taker || av_opt_set(taker, key, value, 0) >= 0;
    avformat_free_context(file);
    avcodec_free_context(&decoder);
    return is;
}

static enum wr_status check_option(const AVInputFormat *format, const AVDictionaryEntry *option,
                                   struct wr_error *error)
{
    if (!is_known(format, option->key))
        return wr_fail(error, WR_USAGE, "no format and no decoder has an option \"%s\" for input",
                       option->key);
    return is_possible(option->key, option->value)
               ? WR_OK
               : wr_fail(error, WR_USAGE, "input option %s does not take \"%s\"", option->key,
                         option->value);
}

enum wr_status wr_input_words_check(const struct wr_input_words *words, struct wr_error *error)
{
    const AVInputFormat *format;
    AVRational rate;
    AVDictionary *options = NULL;
    const AVDictionaryEntry *option = NULL;
    enum wr_status status = wr_input_find_format(&format, words->format, error);
    if (!status)
        status = wr_input_read_rate(&rate, words->framerate, error);
    if (!status)
        status = wr_input_read_options(&options, words, error);
    while (!status && (option = av_dict_get(options, "", option, AV_DICT_IGNORE_SUFFIX)))
        status = check_option(format, option, error);
    av_dict_free(&options);
    return status;
}
