// SPDX-License-Identifier: MIT
// Tries each choice and each graph on sounds of several formats, as job_check.c does with pictures.
#include "lib/run/sound_check.h"

#include <libavutil/channel_layout.h>
#include <string.h>

#include "lib/output/convert/sound_encoder.h"
#include "lib/output/convert/sound_filter.h"
#include "lib/output/convert/sound_graph.h"

static const struct sound {
    enum AVSampleFormat format;
    int rate, channels;
} sounds[] = {
    {AV_SAMPLE_FMT_FLTP, 48000, 2},
    {AV_SAMPLE_FMT_S16, 8000, 1},
    {AV_SAMPLE_FMT_FLTP, 44100, 6},
    {AV_SAMPLE_FMT_S32, 96000, 2},
};

enum { SOUNDS = sizeof sounds / sizeof *sounds };

// What is tried: filters, NULL for none, and then an encoder, NULL for none.
struct trial {
    struct wr_sound_way way;
    struct wr_conversion conversion;
};

static void note_file(void *opaque, const char *path)
{
    (void)path;
    *(bool *)opaque = true;
}

// Filters may open files that can be read only once.
static bool names_file(const char *filters)
{
    bool names = false;
    wr_chain_each_file(filters, note_file, &names);
    return names;
}

static enum wr_status try_with(const struct trial *trial, const AVCodecContext *decoder,
                               struct wr_error *error)
{
    AVCodecContext *behind = NULL, *encoder = NULL;
    enum wr_status status =
        trial->way.filters ? wr_sound_filter_try(&behind, decoder, &trial->way, error) : WR_OK;
    if (!status && trial->conversion.codec)
        status =
            wr_sound_encoder_open(&encoder, &trial->conversion, behind ? behind : decoder, error);
    avcodec_free_context(&encoder);
    avcodec_free_context(&behind);
    return status;
}

static enum wr_status try_sound(const struct trial *trial, const struct sound *sound,
                                struct wr_error *error)
{
    AVFrame *const frame = av_frame_alloc();
    AVFrame *like[WR_MOST_SOUNDS];
    struct wr_sound_cut cuts[WR_MOST_SOUNDS];
    AVCodecContext *decoder = avcodec_alloc_context3(NULL);
    enum wr_status status = WR_FAILED;
    for (int n = 0; n < WR_MOST_SOUNDS; n++) {
        like[n] = frame;
        cuts[n] = (struct wr_sound_cut){.end = INT64_MAX};
    }
    if (decoder) {
        decoder->sample_fmt = sound->format;
        decoder->sample_rate = sound->rate;
        av_channel_layout_default(&decoder->ch_layout, sound->channels);
    }
    if (frame && decoder &&
        wr_sound_set_like(frame, sound->format, sound->rate, &decoder->ch_layout) >= 0) {
        struct trial filled = *trial;
        filled.way.like = like;
        filled.way.cuts = cuts;
        status = try_with(&filled, decoder, error);
    }
    avcodec_free_context(&decoder);
    av_frame_free(&(AVFrame *){frame});
    return status;
}

static enum wr_status try_sounds(const struct trial *trial, struct wr_error *error)
{
    if (trial->way.filters && names_file(trial->way.filters))
        return WR_OK;
    struct wr_error first, wrong;
    for (int n = 0; n < SOUNDS; n++)
        if (try_sound(trial, &sounds[n], n ? &wrong : &first) != WR_USAGE ||
            (n && strcmp(wrong.text, first.text)))
            return WR_OK;
    *error = first;
    return WR_USAGE;
}

static bool is_same(const struct wr_sound_choice *a, const struct wr_sound_choice *b)
{
    return a->codec == b->codec && a->options == b->options && a->filters == b->filters;
}

enum wr_status wr_sound_check(const struct wr_sound_choice *choices,
                              const struct wr_sound_part *part, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int n = 0; n < WR_MOST_SOUNDS && !status; n++) {
        const struct wr_sound_choice *const choice = &choices[n];
        const struct trial trial = {{.count = 1, .filters = choice->filters},
                                    {.codec = choice->codec, .options = choice->options}};
        if (choice->kind != WR_SOUND_NONE && (!n || !is_same(choice, &choices[n - 1])))
            status = try_sounds(&trial, error);
    }
    for (int n = 0; n < part->output_count && !status; n++) {
        const struct wr_sound_output *const made = &part->outputs[n];
        const struct trial trial = {
            {.count = made->count, .filters = made->graph, .is_graph = true}, {.codec = NULL}};
        status = try_sounds(&trial, error);
    }
    return status;
}
