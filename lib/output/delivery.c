// SPDX-License-Identifier: MIT
// Chooses conversions that the kind of the output asks for, so that nobody has to name a pixel
// format for a PNG file, or for Motion JPEG.
#include "lib/output/delivery.h"

#include <libavutil/avstring.h>
#include <libavutil/pixdesc.h>
#include <stdio.h>
#include <string.h>

#include "kernels/program/converter.h"
#include "lib/media/compat.h"
#include "lib/media/pixel_format.h"
#include "lib/output/video/pixel_choice.h"

// One palette for the whole animation is better and smaller, but FFmpeg's filters hold all frames
// for it, with 4 bytes for each pixel.
#define ONE_PALETTE "split[a][b];[a]palettegen[p];[b][p]paletteuse"
#define PALETTE_EACH "split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=new=1"
static const double most_held = 1 << 30;

// Pixel formats, of which one is chosen. No encoder takes as many.
struct choice {
    enum AVPixelFormat formats[512];
    int count;
};

static void add_format(struct choice *choice, enum AVPixelFormat pix_fmt)
{
    if (pix_fmt != AV_PIX_FMT_NONE &&
        choice->count < (int)(sizeof choice->formats / sizeof *choice->formats))
        choice->formats[choice->count++] = pix_fmt;
}

static void add_list(struct choice *choice, const char *list)
{
    char name[32];
    for (const char *word = list; *word; word += strspn(word, "|")) {
        const size_t length = strcspn(word, "|");
        snprintf(name, sizeof name, "%.*s", (int)length, word);
        add_format(choice, av_get_pix_fmt(name));
        word += length;
    }
}

// Formats of the encoder's own that frames can be converted to. One that takes floats alone gets
// them from 16 bits.
static void add_taken(struct choice *choice, const AVCodec *codec)
{
    const enum AVPixelFormat *list = wr_encoder_pix_fmts(codec);
    for (int n = 0; list && list[n] != AV_PIX_FMT_NONE; n++)
        add_format(choice,
                   wr_pix_fmt_is_made(list[n]) ? list[n] : wr_pix_fmt_without_floats(list[n]));
}

// The formats of the list, or those that the encoder takes where that is NULL.
static struct choice offer(const char *list, const AVCodec *codec)
{
    struct choice choice = {.count = 0};
    if (list)
        add_list(&choice, list);
    else
        add_taken(&choice, codec);
    return choice;
}

// The format that loses least.
static enum AVPixelFormat choose(const struct choice *choice, const struct wr_format *format)
{
    char name[32];
    wr_format_name(format, name, sizeof name);
    const enum AVPixelFormat from = av_get_pix_fmt(name);
    enum AVPixelFormat best = choice->formats[0];
    for (int n = 1; n < choice->count; n++)
        best = av_find_best_pix_fmt_of_2(best, choice->formats[n], from, format->alpha, NULL);
    return best;
}

// The picture's range as a format that says nothing of it is understood in a file of one picture.
static bool is_full_as(const struct wr_format *to, enum AVPixelFormat pix_fmt)
{
    return to->model != WR_YUV || wr_pix_fmt_is_full_range(av_pix_fmt_desc_get(pix_fmt));
}

static int matrix_of(const struct wr_format *format)
{
    return format->matrix != AVCOL_SPC_UNSPECIFIED
               ? format->matrix
               : wr_likely_matrix(format->width, format->height);
}

// BT.601 has two numbers.
static bool is_bt601(int matrix)
{
    return matrix == AVCOL_SPC_BT470BG || matrix == AVCOL_SPC_SMPTE170M;
}

static void tell_alpha(struct wr_delivery *delivery, const struct wr_format *from,
                       const struct wr_format *to, const AVCodec *codec)
{
    if (!from->alpha || to->alpha)
        return;
    av_strlcatf(delivery->note, sizeof delivery->note, "%s%s cannot hold alpha, which is left out",
                *delivery->note ? "; " : "", codec->name);
}

static void tell_depth(struct wr_delivery *delivery, const struct wr_format *from, int depth,
                       const AVCodec *codec)
{
    if (from->depth > depth)
        av_strlcatf(delivery->note, sizeof delivery->note,
                    "%s%s holds %d bits of the %d in samples", *delivery->note ? "; " : "",
                    codec->name, depth, from->depth);
}

// A picture file has no place for a range or a matrix: they have to be those that viewers assume.
static void make_still(struct wr_delivery *delivery, const AVCodec *codec,
                       const struct wr_stream *stream)
{
    const struct wr_format *from = &stream->format;
    const struct wr_encoder_row *row = wr_encoder_row(codec);
    const bool is_special = from->model == WR_RGB && row->still_rgb;
    const struct choice choice = offer(is_special ? row->still_rgb : row->still, codec);
    if (!choice.count)
        return;
    struct wr_format to;
    const enum AVPixelFormat pix_fmt = choose(&choice, from);
    wr_pix_fmt_describe(pix_fmt, &to);
    const bool is_full = is_full_as(&to, pix_fmt), in_bt601 = row->still && to.model == WR_YUV;
    const bool same_range = wr_format_is_full(from) == is_full || !row->still;
    const bool same_matrix = !in_bt601 || is_bt601(matrix_of(from));
    if (wr_same_samples(&to, from) && same_range && same_matrix)
        return;
    snprintf(delivery->chain, sizeof delivery->chain, "format=%s%s%s", av_get_pix_fmt_name(pix_fmt),
             !row->still && to.model == WR_YUV ? ""
             : is_full                         ? ":color_ranges=pc"
                                               : ":color_ranges=tv",
             in_bt601 ? ":color_spaces=bt470bg" : "");
    tell_alpha(delivery, from, &to, codec);
    tell_depth(delivery, from, to.depth, codec);
}

static void make_palette(struct wr_delivery *delivery, const AVCodec *codec,
                         const struct wr_stream *stream, int64_t frames)
{
    const struct wr_format *from = &stream->format;
    const bool is_exact =
        from->model == WR_GRAY && from->depth == 8 && !from->alpha && wr_format_is_full(from);
    if (is_exact || stream->is_paletted)
        return;
    const double held = 4.0 * from->width * from->height * (double)frames;
    const bool is_long = held > most_held;
    snprintf(delivery->chain, sizeof delivery->chain, "%s", is_long ? PALETTE_EACH : ONE_PALETTE);
    if (is_long)
        snprintf(delivery->note, sizeof delivery->note,
                 "one palette for all frames would take %.1f GiB of memory, so each frame gets its "
                 "own; fewer or smaller frames (fps=10,scale=480:-2) make a better GIF",
                 held / (1 << 30));
    tell_depth(delivery, from, 8, codec);
}

// 4:2:0 with the alpha and the depth of the source where the encoder has that.
static const char *find_420(const AVCodec *codec, const struct wr_format *from)
{
    static const char *const names[2][2] = {{"yuv420p", "yuv420p10"}, {"yuva420p", "yuva420p10"}};
    const bool deep = from->depth > 8;
    const char *const wishes[] = {names[from->alpha][deep], names[from->alpha][0], names[0][deep],
                                  names[0][0]};
    for (size_t n = 0; n < sizeof wishes / sizeof *wishes; n++)
        if (wr_encoder_takes(codec, av_get_pix_fmt(wishes[n])))
            return wishes[n];
    return NULL;
}

static bool holds(const AVCodec *codec, const struct wr_format *format)
{
    const enum AVPixelFormat *list = wr_encoder_pix_fmts(codec);
    for (; list && *list != AV_PIX_FMT_NONE; list++)
        if (wr_pix_fmt_holds(*list, format))
            return true;
    return !list;
}

// Pictures are RGB because files of pictures are; video made of them is what players play.
static void make_video(struct wr_delivery *delivery, const AVCodec *codec,
                       const struct wr_stream *stream)
{
    const struct wr_format *from = &stream->format;
    const bool plays_420 = wr_encoder_row(codec)->plays_420 && from->model == WR_RGB;
    if (!plays_420 && holds(codec, from))
        return;
    const struct choice choice = offer(plays_420 ? find_420(codec, from) : NULL, codec);
    if (!choice.count)
        return;
    struct wr_format to;
    const enum AVPixelFormat pix_fmt = choose(&choice, from);
    wr_pix_fmt_describe(pix_fmt, &to);
    const char *name = av_get_pix_fmt_name(pix_fmt);
    snprintf(delivery->chain, sizeof delivery->chain, "format=%s", name);
    snprintf(delivery->note, sizeof delivery->note,
             plays_420
                 ? "the pictures are RGB; %s gets 4:2:0 (%s), which players take; --pix-fmt "
                   "chooses another format"
                 : "the pictures are converted for %s to %s; --pix-fmt chooses another format",
             codec->name, name);
    tell_alpha(delivery, from, &to, codec);
}

// The format of full range with the same samples, "" where there is none.
static void make_full(struct wr_delivery *delivery, const AVCodec *codec,
                      const struct wr_format *from)
{
    const enum AVPixelFormat *list = wr_encoder_pix_fmts(codec);
    for (; list && *list != AV_PIX_FMT_NONE; list++) {
        struct wr_format to;
        if (!wr_pix_fmt_describe(*list, &to) || !wr_same_samples(&to, from))
            continue;
        const char *name = av_get_pix_fmt_name(*list);
        snprintf(delivery->chain, sizeof delivery->chain, "format=%s:color_ranges=pc", name);
        snprintf(delivery->note, sizeof delivery->note,
                 "%s takes only full range, so samples are converted to it", codec->name);
        return;
    }
}

// Whether a format has less of anything than the one before. Samples may be rounded.
static bool is_poorer(const struct wr_format *to, const struct wr_format *from)
{
    const bool coarser =
        to->log2_chroma_w > from->log2_chroma_w || to->log2_chroma_h > from->log2_chroma_h;
    const bool chroma =
        from->model != WR_GRAY && (to->model == WR_GRAY || (to->model == WR_YUV && coarser));
    return to->depth < from->depth || to->alpha < from->alpha || chroma;
}

// The name of the format that loses least of one which the encoder does not take; NULL where it
// takes that, or none.
static const char *find_nearest(const AVCodec *codec, const struct wr_format *from,
                                struct wr_format *to)
{
    struct choice choice = {.count = 0};
    if (!holds(codec, from))
        add_taken(&choice, codec);
    if (!choice.count)
        return NULL;
    const enum AVPixelFormat pix_fmt = choose(&choice, from);
    return wr_pix_fmt_describe(pix_fmt, to) ? av_get_pix_fmt_name(pix_fmt) : NULL;
}

// What the encoder does not take is converted where that costs nothing but size; elsewhere it is
// refused.
static void make_wider(struct wr_delivery *delivery, const AVCodec *codec,
                       const struct wr_format *from)
{
    struct wr_format to;
    const char *name = find_nearest(codec, from, &to);
    if (!name || is_poorer(&to, from))
        return;
    char given[32];
    wr_format_name(from, given, sizeof given);
    snprintf(delivery->chain, sizeof delivery->chain, "format=%s", name);
    snprintf(delivery->note, sizeof delivery->note,
             "%s does not take %s: the pictures are converted to %s; --pix-fmt chooses another "
             "format",
             codec->name, given, name);
}

void wr_delivery_choose(struct wr_delivery *delivery, const struct wr_container_row *container,
                        const AVCodec *codec, const struct wr_stream *stream, int64_t frames)
{
    *delivery = (struct wr_delivery){.chain = ""};
    if (wr_encoder_row(codec)->palette)
        make_palette(delivery, codec, stream, frames);
    else if (container->converts)
        make_still(delivery, codec, stream);
    else if (wr_encoder_row(codec)->full_range_only && stream->format.model == WR_YUV &&
             !wr_format_is_full(&stream->format))
        make_full(delivery, codec, &stream->format);
    if (!*delivery->chain && stream->is_of_pictures && !container->converts &&
        !container->takes_anything)
        make_video(delivery, codec, stream);
    if (!*delivery->chain && !stream->is_paletted && !container->converts)
        make_wider(delivery, codec, &stream->format);
}

bool wr_delivery_suits(const AVCodec *codec, const struct wr_format *given,
                       const struct wr_format *before)
{
    const bool has_palette = wr_encoder_row(codec)->palette;
    return has_palette || !wr_encoder_pix_fmts(codec) ||
           (holds(codec, given) && !holds(codec, before));
}

void wr_delivery_take_nearest(struct wr_delivery *delivery, const AVCodec *codec,
                              const struct wr_format *format)
{
    struct wr_format to;
    const char *name = find_nearest(codec, format, &to);
    if (!name)
        return;
    char given[32];
    wr_format_name(format, given, sizeof given);
    delivery->is_loss = true;
    snprintf(delivery->chain, sizeof delivery->chain, "format=%s", name);
    snprintf(delivery->note, sizeof delivery->note, "%s does not take %s: it gets %s", codec->name,
             given, name);
    tell_alpha(delivery, format, &to, codec);
    tell_depth(delivery, format, to.depth, codec);
}

void wr_delivery_drop_alpha(struct wr_delivery *delivery, const AVCodec *codec,
                            const struct wr_format *format)
{
    struct wr_format opaque = *format;
    opaque.alpha = false;
    if (holds(codec, format) || !holds(codec, &opaque))
        return;
    char name[32];
    wr_format_name(&opaque, name, sizeof name);
    snprintf(delivery->chain, sizeof delivery->chain, "format=%s", name);
    snprintf(delivery->note, sizeof delivery->note,
             "the filters add alpha, which %s cannot hold: it is left out", codec->name);
}
