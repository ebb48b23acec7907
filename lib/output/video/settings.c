// SPDX-License-Identifier: MIT
// Turns quality, preset and encoder options into settings of the encoder, and names what it
// refuses.
#include "lib/output/video/settings.h"

#include <libavutil/avstring.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/options.h"

static const AVOption *find_option(const AVCodecContext *context, const char *key)
{
    return av_opt_find((void *)context, key, NULL, 0, AV_OPT_SEARCH_CHILDREN);
}

// Guesses the scale of an encoder from its options.
static bool guess_scale(struct wr_scale *scale, const AVCodecContext *context)
{
    static const char *const keys[] = {"crf", "cq", "qp"};
    *scale = (struct wr_scale){.standard = -1};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const AVOption *option = find_option(context, keys[i]);
        if (!option)
            continue;
        scale->key = keys[i];
        scale->min = option->min > 0 ? option->min : 0;
        scale->max = option->max < 1000 ? option->max : 51; // without an end: like that of H.264
        return true;
    }
    // All of FFmpeg's own MPEG encoders have this option.
    if (!find_option(context, "mpv_flags"))
        return false;
    *scale = (struct wr_scale){.key = "qscale", .min = 1, .max = 31, .standard = 2};
    return true;
}

// Appends one setting. Takes over value, which may be NULL where memory is short.
static enum wr_status add(struct wr_encoder_settings *settings, const char *option, const char *key,
                          char *value, struct wr_error *error)
{
    struct wr_encoder_setting *list =
        realloc(settings->list, (size_t)(settings->count + 1) * sizeof *list);
    if (list)
        settings->list = list;
    char *name = av_strdup(key);
    if (!list || !name || !value) {
        av_free(name);
        av_free(value);
        return wr_fail(error, WR_FAILED, "out of memory");
    }
    list[settings->count++] = (struct wr_encoder_setting){option, name, value};
    return WR_OK;
}

// FFmpeg's classic quantiser scale, which is a flag rather than an option.
static enum wr_status add_qscale(struct wr_encoder_settings *settings, const char *option,
                                 const char *text, struct wr_error *error)
{
    char *end;
    const double quality = strtod(text, &end);
    if (end == text || *end || !(quality >= 0 && quality <= 1000))
        return wr_fail(error, WR_USAGE, "qscale \"%s\" is not a number such as 3", text);
    const enum wr_status status = add(settings, NULL, "flags", av_strdup("+qscale"), error);
    return status ? status
                  : add(settings, option, "global_quality",
                        av_asprintf("%d", (int)(quality * FF_QP2LAMBDA + 0.5)), error);
}

// Appends "key=value". What is asked of the library itself comes after what we ask of it.
static enum wr_status add_pair(struct wr_encoder_settings *settings, const char *option,
                               const char *pair, const struct wr_encoder_row *row,
                               struct wr_error *error)
{
    char key[128];
    const char *equals = strchr(pair, '=');
    if (!equals || equals == pair)
        return wr_fail(error, WR_USAGE, "encoder option \"%s\" is not of the form key=value", pair);
    av_strlcpy(key, pair, FFMIN(sizeof key, (size_t)(equals - pair) + 1));
    if (!strcmp(key, "qscale") || !strcmp(key, "q"))
        return add_qscale(settings, option, equals + 1, error);
    char *value = row->params && !strcmp(key, row->params) && settings->library[0]
                      ? av_asprintf("%s:%s", settings->library, equals + 1)
                      : av_strdup(equals + 1);
    return add(settings, option, key, value, error);
}

static enum wr_status add_quality(struct wr_encoder_settings *settings, const char *option,
                                  const struct wr_scale *scale, double quality,
                                  struct wr_error *error)
{
    enum wr_status status = WR_OK;
    if (!settings->quality[0])
        snprintf(settings->quality, sizeof settings->quality, "%s %g", scale->key, quality);
    if (scale->bit_rate)
        status = add(settings, NULL, "b", av_strdup(scale->bit_rate), error);
    char text[32];
    snprintf(text, sizeof text, "%g", quality);
    return status ? status
           : !strcmp(scale->key, "qscale")
               ? add_qscale(settings, option, text, error)
               : add(settings, option, scale->key, av_strdup(text), error);
}

// True if the user steers the rate with options of the encoder's own; the first is noted.
static bool steers_rate(struct wr_encoder_settings *settings, const char *const *pairs,
                        const AVCodecContext *context)
{
    static const char keys[] =
        "b,crf,cq,qp,q,rc,cqp,qscale,global_quality,quality,lossless,rc_mode";
    for (; pairs && *pairs; pairs++) {
        char key[32];
        av_strlcpy(key, *pairs, sizeof key);
        key[strcspn(key, "=?")] = 0;
        const bool may_be_missing = (*pairs)[strlen(key)] == '?';
        if (!av_match_name(key, keys) || (may_be_missing && !find_option(context, key)))
            continue;
        const char *equals = strchr(*pairs, '=');
        snprintf(settings->quality, sizeof settings->quality, "%s %s", key,
                 equals ? equals + 1 : "");
        return true;
    }
    return false;
}

static enum wr_status collect_quality(struct wr_encoder_settings *settings,
                                      const struct wr_output_plan *plan,
                                      const struct wr_writer_options *options,
                                      const AVCodecContext *context, struct wr_error *error)
{
    struct wr_scale scale = plan->encoder_row->scale;
    const char *name = plan->codec->name;
    const bool known = scale.key || guess_scale(&scale, context);
    const bool steered = steers_rate(settings, options->encoder_options, context);
    if (!options->quality) {
        const bool wanted = known && scale.standard >= 0 && !steered;
        return wanted ? add_quality(settings, NULL, &scale, scale.standard, error) : WR_OK;
    }
    if (!known)
        return wr_fail(error, WR_USAGE, "encoder %s has no constant-quality scale for --quality",
                       name);
    scale.max += scale.steps_per_bit * (av_pix_fmt_desc_get(plan->pix_fmt)->comp[0].depth - 8);
    char *end;
    const double quality = strtod(options->quality, &end);
    if (end == options->quality || *end || !(quality >= scale.min && quality <= scale.max))
        return wr_fail(error, WR_USAGE, "quality \"%s\" is not possible: encoder %s takes %g to %g",
                       options->quality, name, scale.min, scale.max);
    return add_quality(settings, "--quality", &scale, quality, error);
}

static enum wr_status collect_defaults(struct wr_encoder_settings *settings,
                                       const struct wr_output_plan *plan, struct wr_error *error)
{
    const struct wr_encoder_row *row = plan->encoder_row;
    const bool alpha = av_pix_fmt_desc_get(plan->pix_fmt)->flags & AV_PIX_FMT_FLAG_ALPHA;
    enum wr_status status = WR_OK;
    if (row->setting)
        status = add_pair(settings, NULL, row->setting, row, error);
    if (!status && row->alpha_setting && alpha)
        status = add_pair(settings, NULL, row->alpha_setting, row, error);
    if (!status && settings->library[0])
        status = add(settings, NULL, row->params, av_strdup(settings->library), error);
    return status;
}

// Appends what the user asks for. "key?=value" is left out, and that is said, where the encoder has
// no such option.
static enum wr_status add_asked(struct wr_encoder_settings *settings, const char *pair,
                                const struct wr_output_plan *plan, const AVCodecContext *context,
                                const struct wr_log *log, struct wr_error *error)
{
    const char *mark = strstr(pair, "?=");
    if (!mark || mark > strchr(pair, '='))
        return add_pair(settings, "--encoder-option", pair, plan->encoder_row, error);
    char *key = av_asprintf("%.*s", (int)(mark - pair), pair);
    char *plain = key ? av_asprintf("%s%s", key, mark + 1) : NULL;
    enum wr_status status = WR_OK;
    if (!plain)
        status = wr_fail(error, WR_FAILED, "out of memory");
    else if (find_option(context, key))
        status = add_pair(settings, "--encoder-option", plain, plan->encoder_row, error);
    else
        wr_say(log, WR_LOG_WARNING, "encoder %s has no option %s: it changes nothing",
               plan->codec->name, key);
    av_free(key);
    av_free(plain);
    return status;
}

static enum wr_status collect_preset(struct wr_encoder_settings *settings, const char *preset,
                                     const AVCodecContext *context, struct wr_error *error)
{
    if (!preset)
        return WR_OK;
    if (!find_option(context, "preset"))
        return wr_fail(error, WR_USAGE, "encoder %s has no presets", context->codec->name);
    return add(settings, "--preset", "preset", av_strdup(preset), error);
}

enum wr_status wr_encoder_settings_collect(struct wr_encoder_settings *settings,
                                           const struct wr_output_plan *plan,
                                           const struct wr_writer_options *options,
                                           const char *hdr10, struct wr_error *error)
{
    const char *quiet = plan->encoder_row->quiet;
    snprintf(settings->library, sizeof settings->library, "%s%s%s", quiet ? quiet : "",
             quiet && *hdr10 ? ":" : "", hdr10);
    AVCodecContext *context = avcodec_alloc_context3(plan->codec); // only to ask for its options
    if (!context)
        return wr_fail(error, WR_FAILED, "out of memory");
    enum wr_status status = collect_quality(settings, plan, options, context, error);
    if (!status)
        status = collect_defaults(settings, plan, error);
    if (!status)
        status = collect_preset(settings, options->preset, context, error);
    const char *const *pair = options->encoder_options;
    for (; pair && *pair && !status; pair++)
        status = add_asked(settings, *pair, plan, context, &options->log, error);
    avcodec_free_context(&context);
    return status;
}

enum wr_status wr_encoder_settings_add_pass(struct wr_encoder_settings *settings,
                                            const struct wr_output_plan *plan,
                                            const struct wr_pass_log *pass, struct wr_error *error)
{
    const char *key = plan->encoder_row->statistics;
    if (!pass->pass)
        return WR_OK;
    const enum wr_status status =
        add(settings, NULL, "flags", av_asprintf("+pass%d", pass->pass), error);
    return status || !key ? status : add(settings, "--pass-log", key, av_strdup(pass->name), error);
}

enum wr_status wr_encoder_settings_apply(const struct wr_encoder_settings *settings,
                                         AVCodecContext *context, int except,
                                         struct wr_error *error)
{
    for (int i = 0; i < settings->count; i++) {
        const struct wr_encoder_setting *setting = &settings->list[i];
        const int result =
            i == except ? 0
                        : av_opt_set(context, setting->key, setting->value, AV_OPT_SEARCH_CHILDREN);
        if (result < 0 && setting->option)
            return wr_option_refuse(context, "encoder", setting->key, setting->value,
                                    result == AVERROR_OPTION_NOT_FOUND, error);
    }
    return WR_OK;
}

void wr_encoder_settings_free(struct wr_encoder_settings *settings)
{
    for (int i = 0; i < settings->count; i++) {
        av_free(settings->list[i].key);
        av_free(settings->list[i].value);
    }
    free(settings->list);
    *settings = (struct wr_encoder_settings){0};
}
