// SPDX-License-Identifier: MIT
// Changes of layout, worked out in double precision as one affine map from samples to samples.
//
// Rec. ITU-T H.273 defines what samples mean (section 8.3): luma weights for each matrix, and for
// both ranges where black, white and no colour lie.
#include "kernels/program/converter.h"

#include <math.h>
#include <string.h>

#include "kernels/pixel/convert.h"
#include "kernels/program/place.h"
#include "kernels/program/resampler.h"

WR_DEFINE_KERNELS

enum { UNSPECIFIED = 2, BT709 = 1, SMPTE170M = 6 };

struct weights {
    double red, blue;
};

// Luma weights by number of the matrix; zeros where there are none.
static struct weights weights_of(int matrix)
{
    static const struct weights table[] = {
        [1] = {0.2126, 0.0722}, [4] = {0.30, 0.11},   [5] = {0.299, 0.114},
        [6] = {0.299, 0.114},   [7] = {0.212, 0.087}, [9] = {0.2627, 0.0593}};
    const int count = sizeof table / sizeof table[0];
    return matrix >= 0 && matrix < count ? table[matrix] : (struct weights){0, 0};
}

// Matrices that say nothing about YUV: identity, unspecified, reserved.
static bool is_open(int matrix)
{
    return matrix == 0 || matrix == UNSPECIFIED || matrix == 3;
}

int wr_likely_matrix(int width, int height)
{
    return width >= 1280 || height > 576 ? BT709 : SMPTE170M;
}

struct wr_format wr_rgb_inside(const struct wr_format *format)
{
    struct wr_format rgb = *format;
    rgb.model = WR_RGB;
    rgb.depth = 16;
    rgb.log2_chroma_w = rgb.log2_chroma_h = 0;
    rgb.full_range = true;
    rgb.range_open = false;
    return rgb;
}

struct wr_format wr_yuv_inside(const struct wr_format *format)
{
    struct wr_format yuv = wr_rgb_inside(format);
    yuv.model = WR_YUV;
    yuv.full_range = false;
    return yuv;
}

bool wr_usual_range(const struct wr_format *from, enum wr_model to)
{
    return to == from->model ? wr_format_is_full(from) : to != WR_YUV;
}

static bool same_matrix(const struct wr_format *a, const struct wr_format *b)
{
    const struct weights wa = weights_of(a->matrix), wb = weights_of(b->matrix);
    return a->matrix == b->matrix || is_open(a->matrix) || is_open(b->matrix) ||
           (wa.red != 0 && wa.red == wb.red && wa.blue == wb.blue);
}

bool wr_same_layout(const struct wr_format *a, const struct wr_format *b)
{
    const bool same = a->model == b->model && a->depth == b->depth && a->alpha == b->alpha &&
                      wr_format_is_full(a) == wr_format_is_full(b);
    return same && (a->model != WR_YUV || (same_matrix(a, b) && wr_same_chroma(a, b)));
}

// ---- the affine maps

// sample = unit * value + zero, with value 0 to 1, or -1/2 to 1/2 for chroma.
struct scale {
    double unit, zero;
};

static struct scale scale_of(const struct wr_format *format, bool chroma)
{
    const double step = ldexp(1, format->depth - 8), max = ldexp(1, format->depth) - 1;
    const bool full = wr_format_is_full(format);
    if (chroma)
        return (struct scale){full ? max : 224 * step, 128 * step};
    return full ? (struct scale){max, 0} : (struct scale){219 * step, 16 * step};
}

static struct scale scale_of_plane(const struct wr_format *format, int plane)
{
    return scale_of(format, wr_format_is_chroma(format, plane));
}

// Rows give G, B, R, columns take Y, Cb, Cr: the order of planes.
static void rgb_from_yuv(struct weights w, double matrix[3][3])
{
    const double green = 1 - w.red - w.blue;
    const double to_blue = 2 * (1 - w.blue), to_red = 2 * (1 - w.red);
    const double rows[3][3] = {
        {1, -w.blue * to_blue / green, -w.red * to_red / green}, {1, to_blue, 0}, {1, 0, to_red}};
    memcpy(matrix, rows, sizeof rows);
}

// Rows give Y, Cb, Cr, columns take G, B, R.
static void yuv_from_rgb(struct weights w, double matrix[3][3])
{
    const double green = 1 - w.red - w.blue;
    const double to_blue = 2 * (1 - w.blue), to_red = 2 * (1 - w.red);
    const double rows[3][3] = {{green, w.blue, w.red},
                               {-green / to_blue, 0.5, -w.red / to_blue},
                               {-green / to_red, -w.blue / to_red, 0.5}};
    memcpy(matrix, rows, sizeof rows);
}

static struct convert_pixel affine(double matrix[3][3], const struct wr_format *from,
                                   const struct wr_format *to)
{
    struct convert_pixel map = {.max = (1 << to->depth) - 1};
    for (int i = 0; i < 3; i++) {
        const struct scale out = scale_of_plane(to, i);
        double offset = out.zero + 0.5;
        for (int j = 0; j < 3; j++) {
            const struct scale in = scale_of_plane(from, j);
            const double gain = matrix[i][j] * out.unit / in.unit;
            map.gain[i][j] = (float)gain;
            offset -= gain * in.zero;
        }
        map.offset[i] = (float)offset;
    }
    return map;
}

// From RGB, whose components all have one scale.
static struct convert_split split_from_rgb(struct weights w, const struct wr_format *from,
                                           const struct wr_format *to)
{
    const struct scale in = scale_of(from, false), luma = scale_of(to, false);
    const struct scale chroma = scale_of(to, true);
    const double gain = luma.unit / in.unit, widest = chroma.unit / in.unit / 2;
    return (struct convert_split){
        {(float)(1 - w.red - w.blue), (float)w.blue, (float)w.red},
        {(float)gain, (float)(widest / (1 - w.blue)), (float)(widest / (1 - w.red))},
        {(float)(luma.zero + 0.5 - gain * in.zero), (float)chroma.zero, (float)chroma.zero},
        (1 << to->depth) - 1};
}

// ---- the passes

// A conversion under way: the picture as it was, the layout to be, and the planes of the result.
struct conversion {
    struct wr_lowering *lowering;
    struct wr_picture from;
    struct wr_format to;
    struct wr_plane out[WR_MAX_PLANES];
};

static struct wr_plane new_plane(const struct conversion *c, const struct wr_kernel *kernel,
                                 int width, int height)
{
    return wr_program_buffer(c->lowering->program, kernel->out[0], &c->to, width, height);
}

static struct wr_pass *new_pass(const struct conversion *c, const struct wr_kernel *kernel,
                                const void *arguments)
{
    return wr_program_pass(c->lowering->program, kernel, c->lowering->filter, &c->from.format,
                           arguments);
}

// Samples, or floats on their scale, of one plane on another scale.
static struct wr_plane rescale(const struct conversion *c, struct wr_plane plane,
                               enum wr_storage storage, struct scale in, struct scale out)
{
    static const struct wr_kernel *const kernels[2][2] = {
        {&wr_rescale_to_8_kernel, &wr_rescale_to_16_kernel},
        {&wr_rescale_float_to_8_kernel, &wr_rescale_float_to_16_kernel}};
    if (storage != WR_F32 && in.unit == out.unit && in.zero == out.zero &&
        c->from.format.depth == c->to.depth)
        return plane;
    const struct wr_kernel *kernel = kernels[storage == WR_F32][c->to.depth > 8];
    const double gain = out.unit / in.unit;
    const struct convert arguments = {
        {(float)gain, 0, 0}, (float)(out.zero + 0.5 - gain * in.zero), (1 << c->to.depth) - 1};
    const struct wr_plane result = new_plane(c, kernel, plane.width, plane.height);
    struct wr_pass *pass = new_pass(c, kernel, &arguments);
    wr_pass_in(pass, plane);
    wr_pass_out(pass, result);
    return result;
}

// A plane of the result that holds one value throughout.
static struct wr_plane fill(const struct conversion *c, int plane, double value)
{
    struct wr_plane any = c->from.plane[0];
    any.width = wr_format_width(&c->to, plane);
    any.height = wr_format_height(&c->to, plane);
    return rescale(c, any, WR_SAMPLE, (struct scale){1, 0}, (struct scale){0, value});
}

// Luma of RGB.
static void mix(struct conversion *c, const struct convert_pixel *map)
{
    const struct wr_kernel *kernel = c->to.depth > 8 ? &wr_mix_to_16_kernel : &wr_mix_to_8_kernel;
    const float *const gain = map->gain[0];
    const struct convert luma = {{gain[0], gain[1], gain[2]}, map->offset[0], map->max};
    const struct wr_plane *in = c->from.plane;
    c->out[0] = new_plane(c, kernel, in->width, in->height);
    struct wr_pass *pass = new_pass(c, kernel, &luma);
    for (int n = 0; n < 3; n++)
        wr_pass_in(pass, in[n]);
    wr_pass_out(pass, c->out[0]);
}

// Luma of RGB and, as floats on the result's scale, chroma of each pixel.
static void split(struct conversion *c)
{
    const struct wr_kernel *kernel =
        c->to.depth > 8 ? &wr_split_to_16_kernel : &wr_split_to_8_kernel;
    const struct convert_split map =
        split_from_rgb(weights_of(c->to.matrix), &c->from.format, &c->to);
    const struct wr_plane *in = c->from.plane;
    struct wr_pass *pass = new_pass(c, kernel, &map);
    for (int n = 0; n < 3; n++) {
        c->out[n] =
            wr_program_buffer(c->lowering->program, kernel->out[n], &c->to, in->width, in->height);
        wr_pass_in(pass, in[n]);
        wr_pass_out(pass, c->out[n]);
    }
}

// All three planes at once.
static void mix_all(struct conversion *c, const struct wr_plane in[3], bool moved,
                    const struct convert_pixel *map)
{
    static const struct wr_kernel *const kernels[2][2] = {
        {&wr_convert_to_8_kernel, &wr_convert_to_16_kernel},
        {&wr_convert_moved_to_8_kernel, &wr_convert_moved_to_16_kernel}};
    const struct wr_kernel *kernel = kernels[moved][c->to.depth > 8];
    for (int n = 0; n < 3; n++)
        c->out[n] = new_plane(c, kernel, in->width, in->height);
    struct wr_pass *pass = new_pass(c, kernel, map);
    for (int n = 0; n < 3; n++) {
        wr_pass_in(pass, in[n]);
        wr_pass_out(pass, c->out[n]);
    }
}

static void move_chroma(const struct conversion *c, struct wr_plane planes[2], enum wr_storage in,
                        enum wr_storage out)
{
    wr_resample_chroma(c->lowering, WR_BICUBIC, planes, &c->from.format, &c->to, in, out);
}

static void yuv_to_rgb(struct conversion *c)
{
    const bool moved = !wr_same_chroma(&c->from.format, &c->to);
    struct wr_plane in[3] = {c->from.plane[0], c->from.plane[1], c->from.plane[2]};
    if (moved)
        move_chroma(c, in + 1, WR_SAMPLE, WR_F32);
    double matrix[3][3];
    rgb_from_yuv(weights_of(c->from.format.matrix), matrix);
    const struct convert_pixel map = affine(matrix, &c->from.format, &c->to);
    mix_all(c, in, moved, &map);
}

static void rgb_to_yuv(struct conversion *c)
{
    double matrix[3][3];
    yuv_from_rgb(weights_of(c->to.matrix), matrix);
    const struct convert_pixel map = affine(matrix, &c->from.format, &c->to);
    if (c->to.model != WR_YUV) {
        mix(c, &map);
    } else if (wr_same_chroma(&c->from.format, &c->to)) {
        mix_all(c, c->from.plane, false, &map);
    } else {
        split(c);
        move_chroma(c, c->out + 1, WR_F32, WR_SAMPLE);
    }
}

// Chroma of YUV from that of YUV.
static void convert_chroma(struct conversion *c)
{
    const struct wr_format *from = &c->from.format;
    const struct scale in = scale_of(from, true), out = scale_of(&c->to, true);
    const bool moves = !wr_same_chroma(from, &c->to);
    const bool scales = from->depth != c->to.depth || in.unit != out.unit;
    memcpy(c->out + 1, c->from.plane + 1, 2 * sizeof *c->out);
    if (moves)
        move_chroma(c, c->out + 1, WR_SAMPLE, scales ? WR_F32 : WR_SAMPLE);
    for (int n = 1; n < 3 && (scales || !moves); n++)
        c->out[n] = rescale(c, c->out[n], moves ? WR_F32 : WR_SAMPLE, in, out);
}

// Between RGB and RGB, gray and RGB, YUV and gray, YUV and YUV of one matrix.
static void convert_planes(struct conversion *c)
{
    const struct wr_format *from = &c->from.format;
    const struct scale luma = scale_of(from, false);
    const int alike = c->to.model == WR_RGB ? 3 : 1;
    for (int n = 0; n < alike; n++)
        c->out[n] = rescale(c, c->from.plane[from->model == WR_GRAY ? 0 : n], WR_SAMPLE, luma,
                            scale_of(&c->to, false));
    if (c->to.model != WR_YUV)
        return;
    for (int n = 1; n < 3 && from->model == WR_GRAY; n++)
        c->out[n] = fill(c, n, scale_of(&c->to, true).zero);
    if (from->model == WR_YUV)
        convert_chroma(c);
}

// Alpha has full range whatever the other planes have.
static void convert_alpha(struct conversion *c)
{
    if (!c->to.alpha)
        return;
    const struct scale in = {ldexp(1, c->from.format.depth) - 1, 0};
    const struct scale out = {ldexp(1, c->to.depth) - 1, 0};
    const int plane = wr_format_planes(&c->to) - 1;
    c->out[plane] =
        c->from.format.alpha
            ? rescale(c, c->from.plane[wr_format_planes(&c->from.format) - 1], WR_SAMPLE, in, out)
            : fill(c, plane, out.unit);
}

static enum wr_status check_matrix(const struct wr_lowering *lowering, int matrix)
{
    static const char *const names[] = {[8] = "ycgco",
                                        [10] = "bt2020c",
                                        [11] = "smpte2085",
                                        [12] = "chroma-derived-nc",
                                        [13] = "chroma-derived-c",
                                        [14] = "ictcp"};
    if (weights_of(matrix).red != 0)
        return WR_OK;
    const char *name =
        matrix < (int)(sizeof names / sizeof names[0]) && names[matrix] ? names[matrix] : "unknown";
    return wr_refuse(lowering,
                     "cannot convert between RGB and the picture's matrix, number %d (%s): "
                     "supported are bt709, fcc, bt470bg, smpte170m, smpte240m and bt2020nc",
                     matrix, name);
}

// A picture without a matrix takes that of the other picture. If neither has one and it is needed,
// the likely one is taken.
static void settle_matrices(struct conversion *c, bool needed)
{
    struct wr_format *from = &c->from.format, *to = &c->to;
    if (needed && is_open(from->matrix))
        from->matrix = c->lowering->matrix;
    if (is_open(to->matrix))
        to->matrix = is_open(from->matrix) ? UNSPECIFIED : from->matrix;
}

enum wr_status wr_convert(struct wr_lowering *lowering, const struct wr_format *to)
{
    struct wr_picture *picture = &lowering->picture;
    struct conversion c = {.lowering = lowering, .from = *picture, .to = *to};
    c.to.width = picture->format.width;
    c.to.height = picture->format.height;
    c.to.sar_num = picture->format.sar_num;
    c.to.sar_den = picture->format.sar_den;
    c.to.rows = picture->format.rows;
    c.to.rows_by = picture->format.rows_by;
    if (c.to.model != WR_YUV)
        c.to.log2_chroma_w = c.to.log2_chroma_h = 0;
    wr_chroma_settle(&c.to);
    if (wr_same_layout(&picture->format, &c.to))
        return WR_OK;
    const enum wr_model in = c.from.format.model, out = c.to.model;
    settle_matrices(&c, (in == WR_RGB) != (out == WR_RGB) && in != WR_GRAY);
    enum wr_status status = WR_OK;
    if (in == WR_YUV && out == WR_YUV && !same_matrix(&c.from.format, &c.to)) {
        const struct wr_format rgb = wr_rgb_inside(&c.from.format);
        status = wr_convert(lowering, &rgb);
        return status ? status : wr_convert(lowering, to);
    }
    if (in == WR_YUV && out == WR_RGB)
        status = check_matrix(lowering, c.from.format.matrix);
    if (in == WR_RGB && out != WR_RGB)
        status = check_matrix(lowering, c.to.matrix);
    if (status)
        return status;
    if (in == WR_YUV && out == WR_RGB)
        yuv_to_rgb(&c);
    else if (in == WR_RGB && out != WR_RGB)
        rgb_to_yuv(&c);
    else
        convert_planes(&c);
    convert_alpha(&c);
    picture->format = c.to;
    memcpy(picture->plane, c.out, sizeof c.out);
    return WR_OK;
}
