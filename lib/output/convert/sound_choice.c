// SPDX-License-Identifier: MIT
// Reads what was asked for all sounds together, and for single ones.
#include "lib/output/convert/sound_choice.h"

#include <libavutil/avstring.h>
#include <stdlib.h>
#include <string.h>

#include "lib/output/video/encoders.h"

const char *wr_stream_list_find(const char *const *list, int n, const char *common)
{
    for (; list && *list; list++)
        if (atoi(*list) == n)
            common = strchr(*list, '/') + 1;
    return common;
}

enum wr_status wr_stream_list_check(const char *const *list, const char *example,
                                    struct wr_error *error)
{
    for (; list && *list; list++) {
        const size_t digits = strspn(*list, "0123456789");
        if (!digits || (*list)[digits] != '/' || atoi(*list) >= WR_MOST_SOUNDS)
            return wr_fail(error, WR_USAGE,
                           "\"%s\" is not the number of a stream, a slash and what becomes of it, "
                           "as in %s",
                           *list, example);
    }
    return WR_OK;
}

// Takes "copy", "copy?", "none", "CODEC" or "CODEC:OPTIONS" apart; NULL where nothing is asked for.
// Without a codec the options are for the container's usual one. What is filtered is always encoded
// anew.
static enum wr_status choose(struct wr_sound_choice *choice, const char *asked,
                             const AVOutputFormat *container,
                             const struct wr_writer_options *options, struct wr_error *error)
{
    char name[64];
    const bool is_in_chain = options->sound && options->sound->output_count;
    choice->is_asked = asked;
    asked = !asked && choice->filters ? "" : asked;
    choice->is_copied = asked && (!strcmp(asked, "copy") || !strcmp(asked, "copy?"));
    choice->kind = !asked || !strcmp(asked, "copy?") ? WR_SOUND_COPY_OR_CONVERT
                   : !strcmp(asked, "copy")          ? WR_SOUND_COPY
                   : !strcmp(asked, "none")          ? WR_SOUND_NONE
                                                     : WR_SOUND_CONVERT;
    if (choice->is_copied && choice->filters)
        return wr_fail(error, WR_USAGE, "sound that is copied cannot be filtered by \"%s\"",
                       choice->filters);
    const bool is_free = choice->kind == WR_SOUND_COPY_OR_CONVERT && !choice->is_copied;
    if (choice->kind != WR_SOUND_CONVERT && !(is_free && is_in_chain))
        return WR_OK;
    asked = asked ? asked : "";
    const size_t length = strcspn(asked, ":");
    choice->options = asked[length] && asked[length + 1] ? asked + length + 1 : NULL;
    av_strlcpy(name, asked, FFMIN(length + 1, sizeof name));
    const enum AVCodecID usual =
        av_guess_codec(container, NULL, options->output, NULL, AVMEDIA_TYPE_AUDIO);
    if (!length && usual == AV_CODEC_ID_NONE) {
        choice->kind = WR_SOUND_COPY_OR_CONVERT;
        return WR_OK;
    }
    if (!length)
        av_strlcpy(name, avcodec_get_name(usual), sizeof name);
    return wr_find_encoder(&choice->codec, AVMEDIA_TYPE_AUDIO, name, error);
}

enum wr_status wr_sound_choices_make(struct wr_sound_choice choices[WR_MOST_SOUNDS],
                                     const AVOutputFormat *container,
                                     const struct wr_writer_options *options,
                                     struct wr_error *error)
{
    enum wr_status status = wr_stream_list_check(options->stream_audio, "1/aac:b=128k", error);
    if (!status)
        status = wr_stream_list_check(options->stream_audio_filters, "1/volume=0.5", error);
    for (int n = 0; n < WR_MOST_SOUNDS && !status; n++) {
        const char *filters =
            wr_stream_list_find(options->stream_audio_filters, n, options->audio_filter);
        choices[n] = (struct wr_sound_choice){.filters = filters && *filters ? filters : NULL};
        status = choose(&choices[n], wr_stream_list_find(options->stream_audio, n, options->audio),
                        container, options, error);
    }
    return status;
}
