// SPDX-License-Identifier: MIT
// Chooses the passes for a change of layout: an affine map from samples to samples, and where
// chroma lies elsewhere, its resampling.
#include "kernels/program/converter.h"

#include <math.h>
#include <string.h>

#include "kernels/pixel/convert.h"
#include "kernels/program/affine.h"
#include "kernels/program/place.h"
#include "kernels/program/resampler.h"

WR_DEFINE_KERNELS

enum { UNSPECIFIED = 2, BT709 = 1, SMPTE170M = 6 };

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
    const struct wr_luma_weights wa = wr_luma_weights_of(a->matrix),
                                 wb = wr_luma_weights_of(b->matrix);
    return a->matrix == b->matrix || is_open(a->matrix) || is_open(b->matrix) ||
           (wa.red != 0 && wa.red == wb.red && wa.blue == wb.blue);
}

bool wr_same_layout(const struct wr_format *a, const struct wr_format *b)
{
    const bool same = a->model == b->model && a->depth == b->depth && a->alpha == b->alpha &&
                      wr_format_is_full(a) == wr_format_is_full(b);
    return same && (a->model != WR_YUV || (same_matrix(a, b) && wr_same_chroma(a, b)));
}

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
                               enum wr_storage storage, struct wr_sample_scale in,
                               struct wr_sample_scale out)
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
    return rescale(c, any, WR_SAMPLE, (struct wr_sample_scale){1, 0},
                   (struct wr_sample_scale){0, value});
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
        wr_split_from_rgb(wr_luma_weights_of(c->to.matrix), &c->from.format, &c->to);
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
    wr_rgb_from_yuv(wr_luma_weights_of(c->from.format.matrix), matrix);
    const struct convert_pixel map = wr_affine_map(matrix, &c->from.format, &c->to);
    mix_all(c, in, moved, &map);
}

static void rgb_to_yuv(struct conversion *c)
{
    double matrix[3][3];
    wr_yuv_from_rgb(wr_luma_weights_of(c->to.matrix), matrix);
    const struct convert_pixel map = wr_affine_map(matrix, &c->from.format, &c->to);
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
    const struct wr_sample_scale in = wr_sample_scale_of(from, true),
                                 out = wr_sample_scale_of(&c->to, true);
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
    const struct wr_sample_scale luma = wr_sample_scale_of(from, false);
    const int alike = c->to.model == WR_RGB ? 3 : 1;
    for (int n = 0; n < alike; n++)
        c->out[n] = rescale(c, c->from.plane[from->model == WR_GRAY ? 0 : n], WR_SAMPLE, luma,
                            wr_sample_scale_of(&c->to, false));
    if (c->to.model != WR_YUV)
        return;
    for (int n = 1; n < 3 && from->model == WR_GRAY; n++)
        c->out[n] = fill(c, n, wr_sample_scale_of(&c->to, true).zero);
    if (from->model == WR_YUV)
        convert_chroma(c);
}

// Alpha has full range whatever the other planes have.
static void convert_alpha(struct conversion *c)
{
    if (!c->to.alpha)
        return;
    const struct wr_sample_scale in = {ldexp(1, c->from.format.depth) - 1, 0};
    const struct wr_sample_scale out = {ldexp(1, c->to.depth) - 1, 0};
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
    if (wr_luma_weights_of(matrix).red != 0)
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
