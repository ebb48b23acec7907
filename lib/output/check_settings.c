// SPDX-License-Identifier: MIT
// What encoders would refuse with lines of their own on stderr is refused here, in one sentence.
#include <libavutil/avstring.h>
#include <libavutil/pixdesc.h>
#include <stdlib.h>
#include <string.h>

#include "lib/output/encoder.h"
#include "lib/warpreel.h"

enum { MOST_WORDS = 12 };

// The words an option takes, in the encoder's order.
struct vocabulary {
    const char *encoders, *key;
    const char *separators; // of several words, "" if it takes only one
    const char *words[MOST_WORDS];
};

static const struct vocabulary vocabularies[] = {
    {"libx264,libx264rgb,libx265",
     "preset",
     "",
     {"ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower",
      "veryslow", "placebo"}},
    {"libx264,libx264rgb",
     "tune",
     ",./-+",
     {"film", "animation", "grain", "stillimage", "psnr", "ssim", "fastdecode", "zerolatency",
      "touhou"}},
    {"libx264,libx264rgb",
     "profile",
     "",
     {"baseline", "main", "high", "high10", "high422", "high444"}},
};

static const struct vocabulary *find_vocabulary(const char *encoder, const char *key)
{
    for (size_t i = 0; i < sizeof vocabularies / sizeof *vocabularies; i++)
        if (av_match_name(encoder, vocabularies[i].encoders) && !strcmp(key, vocabularies[i].key))
            return &vocabularies[i];
    return NULL;
}

static const char *word_at(const void *vocabulary, int n)
{
    return ((const struct vocabulary *)vocabulary)->words[n];
}

static bool is_known(const struct vocabulary *vocabulary, const char *word, size_t length)
{
    for (int n = 0; n < MOST_WORDS && vocabulary->words[n]; n++)
        if (strlen(vocabulary->words[n]) == length &&
            !av_strncasecmp(vocabulary->words[n], word, length))
            return true;
    return false;
}

static enum wr_status refuse_word(const struct vocabulary *vocabulary, const char *encoder,
                                  const char *word, struct wr_error *error)
{
    char list[256] = "";
    for (int n = 0; n < MOST_WORDS && vocabulary->words[n]; n++) {
        const bool last = n + 1 == MOST_WORDS || !vocabulary->words[n + 1];
        av_strlcatf(list, sizeof list, "%s%s",
                    n == 0 ? ""
                    : last ? " and "
                           : ", ",
                    vocabulary->words[n]);
    }
    const char *nearest = wr_nearest(word, word_at, vocabulary, MOST_WORDS);
    return wr_fail(error, WR_USAGE, "encoder %s has no %s \"%s\"%s%s: there are %s", encoder,
                   vocabulary->key, word, nearest ? ", perhaps " : "", nearest ? nearest : "",
                   list);
}

static enum wr_status check_words(const struct vocabulary *vocabulary, const char *encoder,
                                  const char *value, struct wr_error *error)
{
    const char *rest = value;
    do {
        rest += strspn(rest, vocabulary->separators);
        const size_t length = strcspn(rest, vocabulary->separators);
        if (!is_known(vocabulary, rest, length) && (length || rest == value)) {
            char word[64];
            av_strlcpy(word, rest, FFMIN(sizeof word, length + 1));
            return refuse_word(vocabulary, encoder, word, error);
        }
        rest += length;
    } while (*rest);
    return WR_OK;
}

// ---- profiles of H.264

// What a profile holds at most (ITU-T H.264, annex A).
static const struct {
    const char *name;
    int depth;
    int log2_chroma_w, log2_chroma_h; // the finest chroma
    bool gray, lossless;
} profiles[] = {
    {"baseline", 8, 1, 1, false, false}, {"main", 8, 1, 1, false, false},
    {"high", 8, 1, 1, true, false},      {"high10", 10, 1, 1, true, false},
    {"high422", 10, 1, 0, true, false},  {"high444", 14, 0, 0, true, true},
};

// libx264 goes over to lossless coding at the end of its scale, which begins lower at more bits.
static bool asks_for_lossless(const struct wr_encoder *encoder, int depth)
{
    for (int i = 0; i < encoder->setting_count; i++) {
        const struct wr_setting *setting = &encoder->settings[i];
        const int offset = strcmp(setting->key, "crf") ? 0 : 6 * (depth - 8);
        if (av_match_name(setting->key, "crf,qp") && setting->option &&
            strtod(setting->value, NULL) + offset < 1)
            return true;
    }
    return false;
}

static enum wr_status check_profile(const struct wr_encoder *encoder, const char *name,
                                    struct wr_error *error)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(encoder->pix_fmt);
    const bool rgb = desc->flags & AV_PIX_FMT_FLAG_RGB;
    const bool gray = desc->nb_components < 3;
    const int depth = desc->comp[0].depth;
    for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++) {
        if (av_strcasecmp(name, profiles[i].name))
            continue;
        const bool fine = !gray && (rgb ? profiles[i].log2_chroma_w > 0
                                        : desc->log2_chroma_w < profiles[i].log2_chroma_w ||
                                              desc->log2_chroma_h < profiles[i].log2_chroma_h);
        if (depth > profiles[i].depth || fine || (gray && !profiles[i].gray))
            return wr_fail(error, WR_USAGE, "H.264's profile %s cannot hold %s", name, desc->name);
        if (!profiles[i].lossless && asks_for_lossless(encoder, depth))
            return wr_fail(error, WR_USAGE, "H.264's profile %s cannot be lossless", name);
    }
    return WR_OK;
}

enum wr_status wr_settings_check(const struct wr_encoder *encoder, const AVCodec *codec,
                                 struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int i = 0; i < encoder->setting_count && !status; i++) {
        const struct wr_setting *setting = &encoder->settings[i];
        const struct vocabulary *vocabulary = find_vocabulary(codec->name, setting->key);
        if (vocabulary)
            status = check_words(vocabulary, codec->name, setting->value, error);
        if (vocabulary && !status && !strcmp(setting->key, "profile"))
            status = check_profile(encoder, setting->value, error);
    }
    return status;
}
