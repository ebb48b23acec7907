// SPDX-License-Identifier: MIT
// What encoders would refuse with lines of their own on stderr is refused here, in one sentence.
#include "lib/output/video/check_settings.h"

#include <libavutil/avstring.h>
#include <libavutil/pixdesc.h>
#include <stdlib.h>
#include <string.h>

static const char *word_at(const void *list, int n)
{
    return ((const struct wr_word_list *)list)->words[n];
}

static enum wr_status refuse_word(const struct wr_word_list *list, const char *encoder,
                                  const char *word, struct wr_error *error)
{
    char words[256] = "";
    for (int n = 0; n < WR_WORDS && list->words[n]; n++) {
        const bool last = n + 1 == WR_WORDS || !list->words[n + 1];
        const char *separator = n == 0 ? "" : last ? " and " : ", ";
        av_strlcatf(words, sizeof words, "%s%s", separator, list->words[n]);
    }
    const char *nearest = wr_nearest(word, word_at, list, WR_WORDS);
    return wr_fail(error, WR_USAGE, "encoder %s has no %s \"%s\"%s%s: there are %s", encoder,
                   list->key, word, nearest ? ", perhaps " : "", nearest ? nearest : "", words);
}

// libx264 goes over to lossless coding at the end of its scale, which begins lower at more bits.
static bool asks_for_lossless(const struct wr_encoder_settings *settings,
                              const struct wr_scale *scale, int depth)
{
    for (int i = 0; i < settings->count; i++) {
        const struct wr_encoder_setting *setting = &settings->list[i];
        const bool is_scale = !strcmp(setting->key, scale->key);
        const int offset = is_scale ? scale->steps_per_bit * (depth - 8) : 0;
        if ((is_scale || !strcmp(setting->key, "qp")) && setting->option &&
            strtod(setting->value, NULL) + offset < 1)
            return true;
    }
    return false;
}

static enum wr_status check_profile(const struct wr_profile *profile, const char *name,
                                    const struct wr_encoder_settings *settings,
                                    const struct wr_output_plan *plan, struct wr_error *error)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(plan->pix_fmt);
    const bool rgb = desc->flags & AV_PIX_FMT_FLAG_RGB;
    const bool gray = desc->nb_components < 3;
    const int depth = desc->comp[0].depth;
    const bool too_fine = !gray && (rgb ? profile->log2_chroma_w > 0
                                        : desc->log2_chroma_w < profile->log2_chroma_w ||
                                              desc->log2_chroma_h < profile->log2_chroma_h);
    if (depth > profile->depth || too_fine || (gray && !profile->gray))
        return wr_fail(error, WR_USAGE, "H.264's profile %s cannot hold %s", name, desc->name);
    if (!profile->lossless && asks_for_lossless(settings, &plan->encoder_row->scale, depth))
        return wr_fail(error, WR_USAGE, "H.264's profile %s cannot be lossless", name);
    return WR_OK;
}

// Which word of the list it is, -1 for none.
static int find_word(const struct wr_word_list *list, const char *word)
{
    for (int n = 0; n < WR_WORDS && list->words[n]; n++)
        if (!av_strcasecmp(list->words[n], word))
            return n;
    return -1;
}

static enum wr_status check_value(const struct wr_word_list *list, const char *value,
                                  const struct wr_encoder_settings *settings,
                                  const struct wr_output_plan *plan, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    const char *rest = value;
    do {
        char word[64];
        rest += strspn(rest, list->separators);
        const size_t length = strcspn(rest, list->separators);
        av_strlcpy(word, rest, FFMIN(sizeof word, length + 1));
        const int n = find_word(list, word);
        if (n < 0 && (length || rest == value))
            status = refuse_word(list, plan->codec->name, word, error);
        else if (n >= 0 && list->profiles[n].depth)
            status = check_profile(&list->profiles[n], word, settings, plan, error);
        rest += length;
    } while (*rest && !status);
    return status;
}

enum wr_status wr_encoder_settings_check(const struct wr_encoder_settings *settings,
                                         const struct wr_output_plan *plan, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int i = 0; i < settings->count; i++)
        for (int n = 0; n < WR_WORD_LISTS && !status; n++) {
            const struct wr_word_list *list = plan->encoder_row->lists[n];
            if (list && !strcmp(settings->list[i].key, list->key))
                status = check_value(list, settings->list[i].value, settings, plan, error);
        }
    return status;
}
