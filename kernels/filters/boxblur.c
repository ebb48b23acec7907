// SPDX-License-Identifier: MIT
// boxblur: for each plane a chain of passes, along rows and then along columns.
#include "kernels/filters/boxblur.h"

#include <math.h>

#include "kernels/program/planes.h"

enum {
    boxblur_long_column_scratch_use = WR_NO_SCRATCH,
};
WR_DEFINE_KERNELS

struct boxblur_parameters {
    const char *luma_radius;
    int luma_power;
    const char *chroma_radius;
    int chroma_power;
    const char *alpha_radius;
    int alpha_power;
};

#define RADIUS(field, alias, standard, help)                                                       \
    WR_PARAMETER(struct boxblur_parameters, field, alias, standard, 0, 0, help)
#define POWER(field, alias, standard, min, help)                                                   \
    WR_PARAMETER(struct boxblur_parameters, field, alias, standard, min, MAX_POWER, help)

// Each repetition is two passes over each plane. With this many, opening takes a tenth of a second;
// the time to plan their memory grows with the square of their number.
enum { MAX_POWER = 1000 };

static const struct wr_parameter parameters[] = {
    RADIUS(luma_radius, "lr", "2",
           "samples of luma (or green) on either side, an expression over w, h, cw, ch, hsub and "
           "vsub; beyond the border the edge repeats (FFmpeg mirrors)"),
    POWER(luma_power, "lp", "2", 0, "how many times luma (or green) is blurred"),
    RADIUS(chroma_radius, "cr", "",
           "the same for chroma (or blue and red); luma's where not given"),
    POWER(chroma_power, "cp", "-1", -1, "the same for chroma (or blue and red), -1: luma's"),
    RADIUS(alpha_radius, "ar", "", "the same for alpha; luma's where not given"),
    POWER(alpha_power, "ap", "-1", -1, "the same for alpha, -1: luma's"),
};

// In shorter rows and columns the sum is computed again for each sample.
enum { LONG = 4 };

static void blur_rows(struct wr_lowering *lowering, struct wr_plane *plane, int radius,
                      const struct boxblur *arguments)
{
    struct wr_pass *pass = wr_plane_pass(
        lowering, radius > LONG ? &wr_boxblur_long_row_kernel : &wr_boxblur_row_kernel, arguments,
        plane);
    pass->reach_x = radius;
}

static void blur_columns(struct wr_lowering *lowering, struct wr_plane *plane, int radius,
                         const struct boxblur *arguments)
{
    struct wr_pass *pass = wr_plane_pass(
        lowering, radius > LONG ? &wr_boxblur_long_column_kernel : &wr_boxblur_column_kernel,
        arguments, plane);
    pass->reach_y = radius;
}

static void blur(struct wr_lowering *lowering, struct wr_plane *plane, int radius, int power)
{
    const uint32_t length = 2 * (uint32_t)radius + 1;
    const uint32_t factor = (65536 + length / 2) / length;
    const uint64_t beyond = (uint64_t)65536 << lowering->picture.format.depth;
    const struct boxblur arguments = {factor, (uint32_t)((beyond - (1 << 15) - 1) / factor)};
    for (int n = 0; n < power; n++)
        blur_rows(lowering, plane, radius, &arguments);
    for (int n = 0; n < power; n++)
        blur_columns(lowering, plane, radius, &arguments);
}

static enum wr_status evaluate_radius(const struct wr_lowering *lowering, const char *parameter,
                                      const char *text, int w, int h, int *radius)
{
    const struct wr_format *f = &lowering->picture.format;
    const struct wr_variable variables[] = {{.name = "w", .value = f->width},
                                            {.name = "h", .value = f->height},
                                            {.name = "cw", .value = f->width >> f->log2_chroma_w},
                                            {.name = "ch", .value = f->height >> f->log2_chroma_h},
                                            {.name = "hsub", .value = 1 << f->log2_chroma_w},
                                            {.name = "vsub", .value = 1 << f->log2_chroma_h},
                                            {.name = NULL}};
    double value;
    const enum wr_status status = wr_evaluate(lowering, parameter, text, variables, &value);
    if (status)
        return status;
    const int most = (w < h ? w : h) / 2;
    if (!(value > -1 && value < most + 1))
        return wr_refuse(lowering,
                         "%s='%s' is %g, allowed are 0 to %d, half the plane's shorter side",
                         parameter, text, value, most);
    *radius = (int)value;
    return WR_OK;
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct boxblur_parameters *p = values;
    struct wr_picture *picture = &lowering->picture;
    const struct wr_format *format = &picture->format;
    for (int n = 0; n < wr_format_planes(format); n++) {
        const bool is_alpha = wr_format_is_alpha(format, n), is_chroma = !is_alpha && n > 0;
        const char *radius_text = is_alpha    ? p->alpha_radius
                                  : is_chroma ? p->chroma_radius
                                              : p->luma_radius;
        int power = is_alpha ? p->alpha_power : is_chroma ? p->chroma_power : p->luma_power;
        int radius = 0;
        const char *const name = is_alpha && *radius_text    ? "alpha_radius"
                                 : is_chroma && *radius_text ? "chroma_radius"
                                                             : "luma_radius";
        // As FFmpeg counts a chroma plane's samples here: rounded down.
        const bool is_small = wr_format_is_chroma(format, n);
        const enum wr_status status =
            evaluate_radius(lowering, name, *radius_text ? radius_text : p->luma_radius,
                            format->width >> (is_small ? format->log2_chroma_w : 0),
                            format->height >> (is_small ? format->log2_chroma_h : 0), &radius);
        if (status)
            return status;
        power = power < 0 ? p->luma_power : power;
        if (radius > 0)
            blur(lowering, &picture->plane[n], radius, power);
    }
    return WR_OK;
}

const struct wr_filter wr_boxblur_filter = {
    .name = "boxblur",
    .help = "Blur the picture by means over squares; beyond the border its edge repeats.",
    .example = "boxblur=lr='min(w,h)/20':lp=1",
    WR_PARAMETERS(parameters, struct boxblur_parameters),
    .lower = lower,
};
