// SPDX-License-Identifier: MIT
// Widens samples as FFmpeg's own converter does: bits are repeated, floats are rounded to 16 bits.
#include "lib/media/widen.h"

#include <libavutil/common.h>
#include <libavutil/intfloat.h>
#include <libavutil/intreadwrite.h>
#include <libavutil/pixdesc.h>
#include <math.h>

#include "lib/media/pixel_format.h"

enum kind {
    NONE,
    REPEAT, // the highest bits stand below the lowest again
    STEPS,  // 36 for each of 8 levels, 85 for each of 4
    BLACK_IS_0,
    WHITE_IS_0,
    FLOAT,
    XYZ,
    UYYVYY,
};

static enum kind kind_of_bits(const AVPixFmtDescriptor *desc)
{
    bool narrow = false, step = false;
    for (int c = 0; c < desc->nb_components; c++) {
        narrow |= desc->comp[c].depth < 8;
        step |= desc->comp[c].depth < 4;
        if (desc->comp[c].depth > 8)
            return NONE;
    }
    return !narrow || !(desc->flags & AV_PIX_FMT_FLAG_RGB) ? NONE : step ? STEPS : REPEAT;
}

static enum kind kind_of(enum AVPixelFormat pix_fmt)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(pix_fmt);
    const uint64_t foreign = AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BAYER;
    switch (pix_fmt) {
    case AV_PIX_FMT_MONOBLACK:
        return BLACK_IS_0;
    case AV_PIX_FMT_MONOWHITE:
        return WHITE_IS_0;
    case AV_PIX_FMT_XYZ12LE:
    case AV_PIX_FMT_XYZ12BE:
        return XYZ;
    case AV_PIX_FMT_UYYVYY411:
        return UYYVYY;
    default:
        return !desc || desc->flags & foreign        ? NONE
               : desc->flags & AV_PIX_FMT_FLAG_FLOAT ? FLOAT
                                                     : kind_of_bits(desc);
    }
}

bool wr_widened_format(enum AVPixelFormat pix_fmt, struct wr_format *format)
{
    const enum kind kind = kind_of(pix_fmt);
    if (kind == NONE)
        return false;
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(pix_fmt);
    *format = (struct wr_format){
        .model = kind == UYYVYY             ? WR_YUV
                 : desc->nb_components >= 3 ? WR_RGB
                                            : WR_GRAY,
        .depth = kind == FLOAT ? 16
                 : kind == XYZ ? 12
                               : 8,
        .alpha = desc->flags & AV_PIX_FMT_FLAG_ALPHA,
        .log2_chroma_w = kind == UYYVYY ? 2 : 0,
        .matrix = AVCOL_SPC_UNSPECIFIED,
        .sar_den = 1,
    };
    return true;
}

const char *wr_widening_loss(enum AVPixelFormat pix_fmt)
{
    switch (kind_of(pix_fmt)) {
    case FLOAT:
        return "samples are floats: they become 16 bits, and what lies outside 0 to 1 is clipped";
    case XYZ:
        return "the picture is XYZ: it becomes RGB with FFmpeg's numbers, what lies outside is "
               "clipped";
    default:
        return NULL;
    }
}

// ---- samples

static float half_to_float(uint32_t half)
{
    const int exponent = (int)(half >> 10 & 31), mantissa = (int)(half & 1023);
    const float size = exponent == 0    ? ldexpf((float)mantissa, -24)
                       : exponent == 31 ? (mantissa ? NAN : INFINITY)
                                        : ldexpf((float)(mantissa + 1024), exponent - 25);
    return half >> 15 ? -size : size;
}

static uint16_t whole(uint32_t bits, int depth)
{
    const float value = depth == 32 ? av_int2float(bits) : half_to_float(bits);
    return value > 0 ? (uint16_t)lrintf(65535 * fminf(value, 1)) : 0; // NaN is black
}

static uint8_t repeat(uint32_t bits, int depth)
{
    uint32_t value = bits << (8 - depth);
    for (int filled = depth; filled < 8; filled += depth)
        value |= value >> filled;
    return (uint8_t)value;
}

static uint16_t widen(enum kind kind, uint32_t bits, int depth)
{
    switch (kind) {
    case BLACK_IS_0:
        return bits ? 255 : 0;
    case WHITE_IS_0:
        return bits ? 0 : 255;
    case FLOAT:
        return whole(bits, depth);
    case STEPS:
        return (uint16_t)(bits * (depth == 3 ? 36 : depth == 2 ? 85 : 255));
    default:
        return repeat(bits, depth);
    }
}

// Three bits of red, three of green, two of blue; libavutil's description has them the other way
// round.
static void read_rgb8(uint32_t *bits, const uint8_t *from, int component, int count)
{
    static const int shift[] = {5, 2, 0}, mask[] = {7, 7, 3};
    for (int n = 0; n < count; n++)
        bits[n] = (uint32_t)(from[n] >> shift[component] & mask[component]);
}

static void widen_row(AVFrame *planar, const AVFrame *frame, enum kind kind, int plane, int y)
{
    enum { PORTION = 256 };
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(frame->format);
    const bool is_rgb8 = frame->format == AV_PIX_FMT_RGB8;
    const int component = wr_pix_fmt_component(desc, plane);
    const int depth = is_rgb8 ? 3 - component / 2 : desc->comp[component].depth;
    const uint8_t *packed = frame->data[0] + (ptrdiff_t)y * frame->linesize[0];
    uint8_t *row = planar->data[plane] + (ptrdiff_t)y * planar->linesize[plane];
    for (int x = 0; x < frame->width; x += PORTION) {
        uint32_t bits[PORTION];
        const int count = FFMIN(PORTION, frame->width - x);
        if (is_rgb8)
            read_rgb8(bits, packed + x, component, count);
        else
            av_read_image_line2(bits, (const uint8_t **)frame->data, frame->linesize, desc, x, y,
                                component, count, 0, sizeof *bits);
        for (int n = 0; n < count; n++) {
            const uint16_t value = widen(kind, bits[n], depth);
            if (kind == FLOAT)
                AV_WN16(row + 2 * (x + n), value);
            else
                row[x + n] = (uint8_t)value;
        }
    }
}

// ---- whole pictures

// Digital cinema: XYZ with gamma 2.6 to RGB of BT.709's primaries with gamma 2.2.
struct xyz {
    uint16_t linear[4096], gamma[4096];
};

static void fill_tables(struct xyz *tables)
{
    for (int n = 0; n < 4096; n++) {
        tables->linear[n] = (uint16_t)lrint(pow(n / 4095.0, 2.6) * 4095);
        tables->gamma[n] = (uint16_t)lrint(pow(n / 4095.0, 1 / 2.2) * 4095);
    }
}

static void widen_xyz(AVFrame *planar, const AVFrame *frame)
{
    static const int matrix[3][3] = {// of 4096: green, blue, red from X, Y, Z
                                     {-3969, 7682, 170},
                                     {228, -835, 4329},
                                     {13270, -6295, -2041}};
    const bool big = frame->format == AV_PIX_FMT_XYZ12BE;
    struct xyz tables;
    fill_tables(&tables);
    for (int y = 0; y < frame->height; y++) {
        const uint8_t *from = frame->data[0] + (ptrdiff_t)y * frame->linesize[0];
        for (int x = 0; x < frame->width; x++, from += 6) {
            int linear[3];
            for (int c = 0; c < 3; c++)
                linear[c] =
                    tables.linear[(big ? AV_RB16(from + 2 * c) : AV_RL16(from + 2 * c)) >> 4];
            for (int p = 0; p < 3; p++) {
                const int sum =
                    matrix[p][0] * linear[0] + matrix[p][1] * linear[1] + matrix[p][2] * linear[2];
                uint8_t *row = planar->data[p] + (ptrdiff_t)y * planar->linesize[p];
                AV_WN16(row + 2 * x, tables.gamma[av_clip(sum >> 12, 0, 4095)]);
            }
        }
    }
}

// Six bytes for four pixels: U Y Y V Y Y.
static void widen_uyyvyy(AVFrame *planar, const AVFrame *frame)
{
    static const int luma[] = {1, 2, 4, 5};
    for (int y = 0; y < frame->height; y++) {
        const uint8_t *from = frame->data[0] + (ptrdiff_t)y * frame->linesize[0];
        uint8_t *to[3];
        for (int p = 0; p < 3; p++)
            to[p] = planar->data[p] + (ptrdiff_t)y * planar->linesize[p];
        for (int x = 0; x < frame->width; x++)
            to[0][x] = from[x / 4 * 6 + luma[x % 4]];
        for (int x = 0; x < (frame->width + 3) / 4; x++) {
            to[1][x] = from[6 * x];
            to[2][x] = from[6 * x + 3];
        }
    }
}

void wr_widen(AVFrame *planar, const AVFrame *frame)
{
    struct wr_format format;
    const enum kind kind = kind_of(frame->format);
    if (kind == XYZ)
        widen_xyz(planar, frame);
    else if (kind == UYYVYY)
        widen_uyyvyy(planar, frame);
    else if (wr_widened_format(frame->format, &format))
        for (int plane = 0; plane < wr_format_planes(&format); plane++)
            for (int y = 0; y < frame->height; y++)
                widen_row(planar, frame, kind, plane, y);
}
