// SPDX-License-Identifier: MIT
// Colours as samples, by ITU-R BT.601 as FFmpeg draws them, exact at every depth and range.
#include "kernels/program/color.h"

// Luma and the colour differences, -0.5 to 0.5, of fractions of red, green and blue.
static void yuv_of(const double rgb[3], double yuv[3])
{
    const double red = 0.299, green = 0.587, blue = 0.114;
    yuv[0] = red * rgb[0] + green * rgb[1] + blue * rgb[2];
    yuv[1] = (rgb[2] - yuv[0]) * 0.5 / (1 - blue);
    yuv[2] = (rgb[0] - yuv[0]) * 0.5 / (1 - red);
}

static int quantized(const struct wr_format *format, double fraction, bool is_luma)
{
    const double max = (1 << format->depth) - 1, unit = 1 << (format->depth - 8);
    if (format->full_range)
        return (int)(fraction * max + (is_luma ? 0 : 128 * unit) + 0.5);
    return (int)((fraction * (is_luma ? 219 : 224) + (is_luma ? 16 : 128)) * unit + 0.5);
}

enum wr_status wr_color_samples(const struct wr_lowering *lowering, const char *parameter,
                                const char *color, int samples[WR_MAX_PLANES])
{
    const struct wr_format *format = &lowering->picture.format;
    const int max = (1 << format->depth) - 1;
    unsigned char rgba[4];
    if (lowering->syntax->parse_color(color, rgba))
        return wr_refuse(lowering,
                         "%s=%s is not a colour, it takes a name or 0xRRGGBB, with @ALPHA",
                         parameter, color);
    const double rgb[3] = {rgba[0] / 255.0, rgba[1] / 255.0, rgba[2] / 255.0};
    double yuv[3];
    yuv_of(rgb, yuv);
    for (int n = 0; n < wr_format_planes(format); n++) {
        static const int green_blue_red[] = {1, 2, 0};
        if (wr_format_is_alpha(format, n))
            samples[n] = (int)(rgba[3] / 255.0 * max + 0.5);
        else if (format->model == WR_RGB)
            samples[n] = (int)(rgb[green_blue_red[n]] * max + 0.5);
        else
            samples[n] = wr_clamp(quantized(format, yuv[n], n == 0), 0, max);
    }
    return WR_OK;
}
