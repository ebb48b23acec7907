// SPDX-License-Identifier: MIT
// Maps from samples to samples, worked out in double precision.
//
// Rec. ITU-T H.273 defines what samples mean (section 8.3): luma weights for each matrix, and for
// both ranges where black, white and no colour lie.
#include "kernels/program/affine.h"

#include <math.h>
#include <string.h>

struct wr_luma_weights wr_luma_weights_of(int matrix)
{
    static const struct wr_luma_weights table[] = {
        [1] = {0.2126, 0.0722}, [4] = {0.30, 0.11},   [5] = {0.299, 0.114},
        [6] = {0.299, 0.114},   [7] = {0.212, 0.087}, [9] = {0.2627, 0.0593}};
    const int count = sizeof table / sizeof table[0];
    return matrix >= 0 && matrix < count ? table[matrix] : (struct wr_luma_weights){0, 0};
}

struct wr_sample_scale wr_sample_scale_of(const struct wr_format *format, bool chroma)
{
    const double step = ldexp(1, format->depth - 8), max = ldexp(1, format->depth) - 1;
    const bool full = wr_format_is_full(format);
    if (chroma)
        return (struct wr_sample_scale){full ? max : 224 * step, 128 * step};
    return full ? (struct wr_sample_scale){max, 0}
                : (struct wr_sample_scale){219 * step, 16 * step};
}

static struct wr_sample_scale plane_scale(const struct wr_format *format, int plane)
{
    return wr_sample_scale_of(format, wr_format_is_chroma(format, plane));
}

void wr_rgb_from_yuv(struct wr_luma_weights w, double matrix[3][3])
{
    const double green = 1 - w.red - w.blue;
    const double to_blue = 2 * (1 - w.blue), to_red = 2 * (1 - w.red);
    const double rows[3][3] = {
        {1, -w.blue * to_blue / green, -w.red * to_red / green}, {1, to_blue, 0}, {1, 0, to_red}};
    memcpy(matrix, rows, sizeof rows);
}

void wr_yuv_from_rgb(struct wr_luma_weights w, double matrix[3][3])
{
    const double green = 1 - w.red - w.blue;
    const double to_blue = 2 * (1 - w.blue), to_red = 2 * (1 - w.red);
    const double rows[3][3] = {{green, w.blue, w.red},
                               {-green / to_blue, 0.5, -w.red / to_blue},
                               {-green / to_red, -w.blue / to_red, 0.5}};
    memcpy(matrix, rows, sizeof rows);
}

struct convert_pixel wr_affine_map(double matrix[3][3], const struct wr_format *from,
                                   const struct wr_format *to)
{
    struct convert_pixel map = {.max = (1 << to->depth) - 1};
    for (int i = 0; i < 3; i++) {
        const struct wr_sample_scale out = plane_scale(to, i);
        double offset = out.zero + 0.5;
        for (int j = 0; j < 3; j++) {
            const struct wr_sample_scale in = plane_scale(from, j);
            const double gain = matrix[i][j] * out.unit / in.unit;
            map.gain[i][j] = (float)gain;
            offset -= gain * in.zero;
        }
        map.offset[i] = (float)offset;
    }
    return map;
}

struct convert_split wr_split_from_rgb(struct wr_luma_weights w, const struct wr_format *from,
                                       const struct wr_format *to)
{
    const struct wr_sample_scale in = wr_sample_scale_of(from, false),
                                 luma = wr_sample_scale_of(to, false);
    const struct wr_sample_scale chroma = wr_sample_scale_of(to, true);
    const double gain = luma.unit / in.unit, widest = chroma.unit / in.unit / 2;
    return (struct convert_split){
        {(float)(1 - w.red - w.blue), (float)w.blue, (float)w.red},
        {(float)gain, (float)(widest / (1 - w.blue)), (float)(widest / (1 - w.red))},
        {(float)(luma.zero + 0.5 - gain * in.zero), (float)chroma.zero, (float)chroma.zero},
        (1 << to->depth) - 1};
}
