// SPDX-License-Identifier: MIT
// Asks FFmpeg's libraries which options they have, and reads what is written in their syntax.
#include "lib/media/options.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <libavutil/opt.h>
#include <libavutil/parseutils.h>
#include <stdio.h>
#include <string.h>

bool wr_parse_time(const char *text, int64_t *microseconds)
{
    return av_parse_time(microseconds, text, 1) >= 0;
}

// FFmpeg keeps the options of all codecs and formats as children of two classes.
static const AVOption *find(const AVClass *class, const char *name, int flags)
{
    return av_opt_find((void *)&class, name, NULL, flags,
                       AV_OPT_SEARCH_CHILDREN | AV_OPT_SEARCH_FAKE_OBJ);
}

int wr_libav_find_option(const char *name)
{
    const AVClass *const codecs = avcodec_get_class(), *const formats = avformat_get_class();
    const int encoding = AV_OPT_FLAG_ENCODING_PARAM, decoding = AV_OPT_FLAG_DECODING_PARAM;
    int found = 0;
    if (find(codecs, name, encoding | AV_OPT_FLAG_VIDEO_PARAM))
        found |= WR_LIBAV_ENCODER;
    else if (find(codecs, name, encoding | AV_OPT_FLAG_AUDIO_PARAM))
        found |= WR_LIBAV_AUDIO_ENCODER;
    if (find(codecs, name, decoding | AV_OPT_FLAG_VIDEO_PARAM))
        found |= WR_LIBAV_DECODER;
    if (find(formats, name, encoding))
        found |= WR_LIBAV_MUXER;
    if (find(formats, name, decoding))
        found |= WR_LIBAV_DEMUXER;
    return found;
}

// ---- what is near a wrong one

// Some of the rows of one class.
struct rows {
    const AVOption *list;
    int flags;        // they have one of these
    const char *unit; // they are words for the values of this; NULL: they are options
};

static const char *row_name(const void *names, int n)
{
    const struct rows *const rows = names;
    const AVOption *const row = &rows->list[n];
    const bool is_word = row->type == AV_OPT_TYPE_CONST;
    const bool fits = rows->unit ? is_word && row->unit && !strcmp(row->unit, rows->unit)
                                 : !is_word && row->flags & rows->flags;
    return fits ? row->name : NULL;
}

static const char *nearest_row(const char *wrong, const struct rows *rows)
{
    int count = 0;
    while (rows->list && rows->list[count].name)
        count++;
    return wr_nearest(wrong, row_name, rows, count);
}

static const char *nearest_in_class(const char *wrong, const AVClass *class, int flags,
                                    const char *best)
{
    const struct rows rows = {.list = class->option, .flags = flags};
    return wr_nearest_of_two(wrong, best, nearest_row(wrong, &rows));
}

static const char *nearest_option(void *object, const char *wrong)
{
    const int flags = AV_OPT_FLAG_ENCODING_PARAM;
    const char *best = nearest_in_class(wrong, *(const AVClass **)object, flags, NULL);
    for (void *child = NULL; (child = av_opt_child_next(object, child));)
        best = nearest_in_class(wrong, *(const AVClass **)child, flags, best);
    return best;
}

const char *wr_libav_nearest_option(const char *wrong, bool is_input)
{
    const AVClass *const classes[] = {avcodec_get_class(), avformat_get_class()};
    const int flags = is_input ? AV_OPT_FLAG_DECODING_PARAM : AV_OPT_FLAG_ENCODING_PARAM;
    const char *best = NULL;
    for (int n = 0; n < 2; n++) {
        void *iterator = NULL;
        best = nearest_in_class(wrong, classes[n], flags, best);
        for (const AVClass *child; (child = av_opt_child_class_iterate(classes[n], &iterator));)
            best = nearest_in_class(wrong, child, flags, best);
    }
    return best;
}

// The nearest to the first word of `value` that the option does not know, as "faststart" to
// "+frag_keyframe+faststrt".
static const char *nearest_word(void *object, const char *key, const char *value)
{
    void *owner;
    const AVOption *const option =
        av_opt_find2(object, key, NULL, 0, AV_OPT_SEARCH_CHILDREN, &owner);
    if (!option || !option->unit)
        return NULL;
    const struct rows rows = {.list = (*(const AVClass **)owner)->option, .unit = option->unit};
    for (const char *rest = value; *rest;) {
        char word[64];
        rest += strspn(rest, "+-|");
        const size_t length = strcspn(rest, "+-|");
        av_strlcpy(word, rest, FFMIN(sizeof word, length + 1));
        const char *const nearest = nearest_row(word, &rows);
        if (!nearest || strcmp(nearest, word))
            return nearest;
        rest += length;
    }
    return NULL;
}

enum wr_status wr_option_refuse(void *object, const char *whose, const char *key, const char *value,
                                bool is_missing, struct wr_error *error)
{
    char hint[80] = "";
    const char *const name = (*(const AVClass **)object)->item_name(object);
    const bool is_of_others = is_missing && wr_libav_find_option(key); // not misspelt
    const char *const nearest = is_of_others ? NULL
                                : is_missing ? nearest_option(object, key)
                                             : nearest_word(object, key, value);
    if (nearest)
        snprintf(hint, sizeof hint, "; did you mean %s?", nearest);
    return is_missing
               ? wr_fail(error, WR_USAGE, "%s %s has no option \"%s\"%s", whose, name, key, hint)
               : wr_fail(error, WR_USAGE, "%s %s does not take \"%s\" for its option %s%s", whose,
                         name, value, key, hint);
}
