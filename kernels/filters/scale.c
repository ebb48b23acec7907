// SPDX-License-Identifier: MIT
// scale: a new picture size, with FFmpeg's ways of saying which.
#include <math.h>

#include "kernels/program/converter.h"
#include "kernels/program/resampler.h"
#include "kernels/program/size.h"

struct scale_parameters {
    const char *w, *h;
    unsigned flags;
    int interl;
    const char *size;
    int force_original_aspect_ratio, force_divisible_by;
    int in_color_matrix, out_color_matrix, in_range, out_range;
};

// The first ones choose a method, in the order of enum wr_resampler. The others ask swscale for
// precision, which is always given here.
static const char *const flag_names[] = {
    "neighbor",        "area",          "bilinear",     "bicubic",
    "lanczos",         "fast_bilinear", "accurate_rnd", "full_chroma_int",
    "full_chroma_inp", "bitexact",      "print_info",   NULL};

enum { METHODS = WR_FAST_BILINEAR + 1 };

static const char *const range_names[] = {"auto", "limited", "full", "unknown", "mpeg",
                                          "jpeg", "tv",      "pc",   NULL};

// Of range_names: whether it is full range, UNTOLD where it names none.
enum { UNTOLD = -1 };
static const int ranges[] = {UNTOLD, false, true, UNTOLD, false, true, false, true};

// FFmpeg's words, which are fewer than H.273's, and the numbers there; 0 for none.
static const char *const matrix_names[] = {"auto",      "bt601", "bt470", "bt470bg", "smpte170m",
                                           "smpte240m", "bt709", "fcc",   "bt2020",  NULL};
static const int matrices[] = {0, 6, 5, 5, 6, 7, 1, 4, 9};
enum { UNNAMED = 2, BT601 = 6 }; // numbers of H.273

static const char *const aspect_names[] = {"disable", "decrease", "increase", NULL};

static const struct wr_parameter parameters[] = {
    WR_PARAMETER(struct scale_parameters, w, "width", "iw", 0, 0,
                 "width; -n is what keeps the picture's shape, as a multiple of n"),
    WR_PARAMETER(struct scale_parameters, h, "height", "", 0, 0,
                 "height; -n is what keeps the picture's shape, as a multiple of n; by default the "
                 "picture's own, or that of w if w is a size such as 640x360 or hd720"),
    WR_PARAMETER_FLAGS(
        struct scale_parameters, flags, NULL, "bicubic", flag_names,
        "method; fast_bilinear mixes two samples in each direction, also where the "
        "picture shrinks; FFmpeg's flags for more precision are allowed and always on"),
    WR_PARAMETER(struct scale_parameters, interl, NULL, "0", 0, 0, "interlaced scaling"),
    WR_PARAMETER(struct scale_parameters, size, "s", "", 0, 0,
                 "width and height as 640x360 or a name such as hd720, instead of w and h"),
    WR_PARAMETER_CHOICE(struct scale_parameters, force_original_aspect_ratio, NULL, "disable",
                        aspect_names, "make the picture smaller or larger to keep its shape"),
    WR_PARAMETER(struct scale_parameters, force_divisible_by, NULL, "1", 1, 256,
                 "with force_original_aspect_ratio: make width and height multiples of this"),
    WR_PARAMETER_CHOICE(struct scale_parameters, in_color_matrix, NULL, "auto", matrix_names,
                        "the picture's matrix, whatever it says itself"),
    WR_PARAMETER_CHOICE(
        struct scale_parameters, out_color_matrix, NULL, "auto", matrix_names,
        "convert to this matrix, from bt601 where the picture names none; auto keeps the one that "
        "the picture has or is said to have"),
    WR_PARAMETER_CHOICE(struct scale_parameters, in_range, NULL, "auto", range_names,
                        "the picture's range, whatever it says itself"),
    WR_PARAMETER_CHOICE(struct scale_parameters, out_range, NULL, "auto", range_names,
                        "convert to this range; auto is the one that the picture says it has; RGB "
                        "has only full range"),
};

#define MAX_SIZE 65536

// a * b / c to the nearest multiple of `multiple`, as FFmpeg rounds.
static long long in_proportion(long long a, long long b, long long c, long long multiple)
{
    return (a * b + c * multiple / 2) / (c * multiple) * multiple;
}

// Negative sizes and the aspect options, after FFmpeg's rules.
static void settle(const struct wr_format *in, const struct scale_parameters *p, long long *w,
                   long long *h)
{
    const long long multiple_w = *w < -1 ? -*w : 1, multiple_h = *h < -1 ? -*h : 1;
    if (*w < 0 && *h < 0) {
        *w = in->width;
        *h = in->height;
    }
    if (*w < 0)
        *w = in_proportion(*h, in->width, in->height, multiple_w);
    if (*h < 0)
        *h = in_proportion(*w, in->height, in->width, multiple_h);
    if (!p->force_original_aspect_ratio)
        return;
    const long long by = p->force_divisible_by;
    const long long fit_w = in_proportion(*h, in->width, in->height, 1);
    const long long fit_h = in_proportion(*w, in->height, in->width, 1);
    const bool decrease = p->force_original_aspect_ratio == 1;
    *w = (fit_w < *w) == decrease ? fit_w : *w;
    *h = (fit_h < *h) == decrease ? fit_h : *h;
    *w = (decrease ? *w : *w + by - 1) / by * by;
    *h = (decrease ? *h : *h + by - 1) / by * by;
}

static enum wr_status choose_method(const struct wr_lowering *lowering, unsigned flags,
                                    enum wr_resampler *method)
{
    const unsigned chosen = flags & ((1u << METHODS) - 1);
    if (chosen & (chosen - 1))
        return wr_refuse(lowering, "flags names more than one method");
    for (int m = 0; m < METHODS; m++)
        if (chosen == 1u << m)
            *method = (enum wr_resampler)m;
    return WR_OK;
}

// Whatever of w, h and size was given, as width and height before the rules for negative ones.
static enum wr_status wanted_size(const struct wr_lowering *lowering,
                                  const struct scale_parameters *p, long long *w, long long *h)
{
    const struct wr_format *format = &lowering->picture.format;
    const char *text = *p->size ? p->size : *p->h ? "" : p->w;
    int named_w, named_h;
    if (*text && !lowering->syntax->parse_size(text, &named_w, &named_h)) {
        *w = named_w;
        *h = named_h;
        return WR_OK;
    }
    if (*p->size)
        return wr_refuse(lowering, "size=%s is not a size such as 640x360 or hd720", p->size);
    struct wr_size size;
    const char *height = *p->h ? p->h : "ih";
    const enum wr_status status = wr_size_open(&size, lowering, "w", p->w, "h", height, trunc);
    if (status)
        return status;
    if (!(fabs(size.w) <= MAX_SIZE && fabs(size.h) <= MAX_SIZE))
        return wr_refuse(lowering, "w:h='%s:%s' is %gx%g, allowed are 1 to %d", p->w, height,
                         size.w, size.h, MAX_SIZE);
    *w = (long long)size.w ? (long long)size.w : format->width;
    *h = (long long)size.h ? (long long)size.h : format->height;
    return WR_OK;
}

// What the picture is said to be, or is to become. RGB keeps its range, and remembers the matrix
// for when it becomes YUV.
static void set_color(struct wr_format *format, int matrix, int range)
{
    if (matrices[matrix])
        format->matrix = matrices[matrix];
    if (ranges[range] != UNTOLD && format->model != WR_RGB) {
        format->full_range = ranges[range];
        format->range_open = false;
    }
}

static enum wr_status resize(struct wr_lowering *lowering, const struct scale_parameters *p)
{
    struct wr_format *format = &lowering->picture.format;
    enum wr_resampler method = WR_BICUBIC;
    long long w = 0, h = 0;
    enum wr_status status = choose_method(lowering, p->flags, &method);
    if (!status)
        status = wanted_size(lowering, p, &w, &h);
    if (status)
        return status;
    settle(format, p, &w, &h);
    if (w < 1 || h < 1 || w > MAX_SIZE || h > MAX_SIZE)
        return wr_refuse(lowering, "w:h='%s:%s' makes the picture %lldx%lld, allowed are 1 to %d",
                         p->w, p->h, w, h, MAX_SIZE);
    if (format->sar_num)
        wr_size_keep_aspect(format, format->width, format->height, (int)w, (int)h);
    return wr_resample(lowering, method, (int)w, (int)h);
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct scale_parameters *p = values;
    struct wr_format *format = &lowering->picture.format;
    const struct wr_format before = *format;
    set_color(format, p->in_color_matrix, p->in_range);
    // As in FFmpeg, a picture that is to get another matrix and names none has this one.
    if (matrices[p->out_color_matrix] && format->model == WR_YUV && format->matrix == UNNAMED)
        format->matrix = BT601;
    const enum wr_status status = resize(lowering, p);
    struct wr_format wanted = *format;
    wanted.full_range = before.full_range; // as in FFmpeg, which does not do so with the matrix
    wanted.range_open = before.range_open;
    set_color(&wanted, p->out_color_matrix, p->out_range);
    if (format->model == WR_RGB)
        format->matrix = wanted.matrix;
    return status ? status : wr_convert(lowering, &wanted);
}

const struct wr_filter wr_scale_filter = {
    .name = "scale",
    .help = "Change the size of the picture.",
    .example = "scale=-2:720:flags=lanczos",
    WR_PARAMETERS(parameters, struct scale_parameters),
    .reshapes = true,
    .lower = lower,
};
