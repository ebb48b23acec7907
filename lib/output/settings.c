// SPDX-License-Identifier: MIT
// Turns quality, preset and encoder options into settings of the encoder, and names what it
// refuses.
#include <libavutil/avstring.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
#include <stdlib.h>
#include <string.h>

#include "lib/output/encoder.h"
#include "lib/warpreel.h"

// An encoder's constant-quality scale, and what we take when nobody asks: hardly to be told from
// the source, or -1 to leave the choice to the encoder. "qscale" stands for the classic quantiser scale, which is a flag and not an option.
struct scale {
    const char *encoder, *key;
    double min, max, standard;
    const char *bit_rate; // what must be set besides for the scale to count
};

static const struct scale scales[] = {
    {"libx264", "crf", 0, 51, 18, NULL},      {"libx264rgb", "crf", 0, 51, 18, NULL},
    {"libx265", "crf", 0, 51, 20, NULL},      {"libvpx-vp9", "crf", 0, 63, 24, "0"},
    {"libvpx", "crf", 4, 63, 8, "40M"},       {"libaom-av1", "crf", 0, 63, 20, "0"},
    {"libsvtav1", "crf", 1, 63, 24, "0"},     {"librav1e", "qp", 0, 255, 60, NULL},
    {"libtheora", "qscale", 0, 10, 8, NULL},  {"libxvid", "qscale", 1, 31, 2, NULL},
    {"libwebp", "quality", 0, 100, 95, NULL}, {"libwebp_anim", "quality", 0, 100, 95, NULL},
    {"snow", "qscale", 1, 31, 2, NULL},       {"prores_ks", "qscale", 1, 64, -1, NULL},
};

static const AVOption *find_option(const AVCodecContext *context, const char *key)
{
    return av_opt_find((void *)context, key, NULL, 0, AV_OPT_SEARCH_CHILDREN);
}

// The scale of any other encoder, as far as its options tell.
static bool guess_scale(struct scale *scale, const AVCodecContext *context)
{
    static const char *const keys[] = {"crf", "cq", "qp"};
    *scale = (struct scale){.encoder = context->codec->name, .standard = -1};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const AVOption *option = find_option(context, keys[i]);
        if (!option)
            continue;
        scale->key = keys[i];
        scale->min = option->min > 0 ? option->min : 0;
        scale->max = option->max < 1000 ? option->max : 51; // the open-ended ones are H.264's
        return true;
    }
    // The sign of FFmpeg's own family of MPEG encoders.
    if (!find_option(context, "mpv_flags"))
        return false;
    *scale = (struct scale){context->codec->name, "qscale", 1, 31, 2, NULL};
    return true;
}

static bool find_scale(struct scale *scale, const AVCodecContext *context)
{
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
        if (!strcmp(scales[i].encoder, context->codec->name)) {
            *scale = scales[i];
            return true;
        }
    return guess_scale(scale, context);
}

static enum wr_status add(struct wr_encoder *encoder, const char *option, const char *key,
                          char *value, struct wr_error *error)
{
    struct wr_setting *settings =
        realloc(encoder->settings, (size_t)(encoder->setting_count + 1) * sizeof *settings);
    if (settings)
        encoder->settings = settings;
    char *name = av_strdup(key);
    if (!settings || !name || !value) {
        av_free(name);
        av_free(value);
        return wr_fail(error, WR_FAILED, "out of memory");
    }
    settings[encoder->setting_count++] = (struct wr_setting){option, name, value};
    return WR_OK;
}

static enum wr_status add_scale(struct wr_encoder *encoder, const char *option,
                                const struct scale *scale, double quality, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    if (scale->bit_rate)
        status = add(encoder, NULL, "b", av_strdup(scale->bit_rate), error);
    if (status || strcmp(scale->key, "qscale"))
        return status ? status
                      : add(encoder, option, scale->key, av_asprintf("%g", quality), error);
    status = add(encoder, NULL, "flags", av_strdup("+qscale"), error);
    return status ? status
                  : add(encoder, option, "global_quality",
                        av_asprintf("%d", (int)(quality * FF_QP2LAMBDA + 0.5)), error);
}

// True if the user steers the rate with options of the encoder's own.
static bool steers_rate(const char *const *pairs)
{
    static const char keys[] =
        "b,crf,cq,qp,q,rc,cqp,qscale,global_quality,quality,lossless,rc_mode";
    for (; pairs && *pairs; pairs++) {
        char key[32];
        av_strlcpy(key, *pairs, sizeof key);
        key[strcspn(key, "=")] = 0;
        if (av_match_name(key, keys))
            return true;
    }
    return false;
}

static enum wr_status collect_quality(struct wr_encoder *encoder, const struct wr_options *options,
                                      const AVCodecContext *context, int depth,
                                      struct wr_error *error)
{
    struct scale scale;
    const char *name = context->codec->name;
    const bool known = find_scale(&scale, context);
    if (!options->quality) {
        const bool wanted = known && scale.standard >= 0 && !steers_rate(options->encoder_options);
        return wanted ? add_scale(encoder, NULL, &scale, scale.standard, error) : WR_OK;
    }
    if (!known)
        return wr_fail(error, WR_USAGE, "encoder %s has no constant-quality scale for --quality",
                       name);
    if (!strcmp(name, "libx264") || !strcmp(name, "libx264rgb"))
        scale.max += 6 * (depth - 8); // its quantiser has six more steps for each bit
    char *end;
    const double quality = strtod(options->quality, &end);
    if (end == options->quality || *end || !(quality >= scale.min && quality <= scale.max))
        return wr_fail(error, WR_USAGE, "quality \"%s\" is not possible: encoder %s takes %g to %g",
                       options->quality, name, scale.min, scale.max);
    return add_scale(encoder, "--quality", &scale, quality, error);
}

static enum wr_status collect_preset(struct wr_encoder *encoder, const char *preset,
                                     const AVCodecContext *context, struct wr_error *error)
{
    if (!preset)
        return WR_OK;
    if (!find_option(context, "preset"))
        return wr_fail(error, WR_USAGE, "encoder %s has no presets", context->codec->name);
    return add(encoder, "--preset", "preset", av_strdup(preset), error);
}

static enum wr_status collect_pairs(struct wr_encoder *encoder, const char *const *pairs,
                                    struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (; pairs && *pairs && !status; pairs++) {
        const char *equals = strchr(*pairs, '=');
        if (!equals || equals == *pairs)
            return wr_fail(error, WR_USAGE, "encoder option \"%s\" is not of the form key=value",
                           *pairs);
        char key[128];
        av_strlcpy(key, *pairs, FFMIN(sizeof key, (size_t)(equals - *pairs) + 1));
        const char *quiet = strcmp(key, "x265-params") ? "" : "log-level=none:";
        status =
            add(encoder, "--encoder-option", key, av_asprintf("%s%s", quiet, equals + 1), error);
    }
    return status;
}

enum wr_status wr_settings_collect(struct wr_encoder *encoder, const struct wr_options *options,
                                   const AVCodec *codec, int depth, bool alpha,
                                   struct wr_error *error)
{
    AVCodecContext *context = avcodec_alloc_context3(codec); // only to ask for its options
    if (!context)
        return wr_fail(error, WR_FAILED, "out of memory");
    enum wr_status status = collect_quality(encoder, options, context, depth, error);
    if (!status && find_option(context, "row-mt"))
        status = add(encoder, NULL, "row-mt", av_strdup("1"), error);
    if (!status && alpha && find_option(context, "auto-alt-ref")) // libvpx cannot do both
        status = add(encoder, NULL, "auto-alt-ref", av_strdup("0"), error);
    if (!status && find_option(context, "x265-params")) // it would write to stderr by itself
        status = add(encoder, NULL, "x265-params", av_strdup("log-level=none"), error);
    if (!status)
        status = collect_preset(encoder, options->preset, context, error);
    if (!status)
        status = collect_pairs(encoder, options->encoder_options, error);
    avcodec_free_context(&context);
    return status;
}

enum wr_status wr_settings_apply(const struct wr_encoder *encoder, AVCodecContext *context,
                                 int except, struct wr_error *error)
{
    for (int i = 0; i < encoder->setting_count; i++) {
        const struct wr_setting *setting = &encoder->settings[i];
        const int result =
            i == except ? 0
                        : av_opt_set(context, setting->key, setting->value, AV_OPT_SEARCH_CHILDREN);
        if (result == AVERROR_OPTION_NOT_FOUND && setting->option)
            return wr_fail(error, WR_USAGE, "encoder %s has no option \"%s\"", context->codec->name,
                           setting->key);
        if (result < 0 && setting->option)
            return wr_fail(error, WR_USAGE, "encoder %s does not take \"%s\" for its option %s",
                           context->codec->name, setting->value, setting->key);
    }
    return WR_OK;
}

void wr_encoder_settings_free(struct wr_encoder *encoder)
{
    for (int i = 0; i < encoder->setting_count; i++) {
        av_free(encoder->settings[i].key);
        av_free(encoder->settings[i].value);
    }
    free(encoder->settings);
    encoder->settings = NULL;
    encoder->setting_count = 0;
}
