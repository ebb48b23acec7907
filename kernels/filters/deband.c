// SPDX-License-Identifier: MIT
// deband: computes the random pattern, then one pass for each plane.
#include "kernels/filters/deband.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "kernels/program/filter.h"

enum {
    deband_scratch_use = WR_NEEDS_SCRATCH,
};
WR_DEFINE_KERNELS

struct deband_parameters {
    double threshold[4];
    int range;
    double direction;
    bool blur, coupling;
};

#define THRESHOLD(name, n, help)                                                                   \
    {                                                                                              \
        name, NULL, help, WR_NUMBER, offsetof(struct deband_parameters, threshold[n]), "0.02",     \
            0.00003, 0.5, 0                                                                        \
    }

static const struct wr_parameter parameters[] = {
    THRESHOLD("1thr", 0,
              "difference that counts as a band in luma (or green); 1 is the whole range"),
    THRESHOLD("2thr", 1, "the same for the first chroma plane (or blue)"),
    THRESHOLD("3thr", 2, "the same for the second chroma plane (or red)"),
    THRESHOLD("4thr", 3, "the same for alpha"),
    WR_PARAMETER(struct deband_parameters, range, "r", "16", -INT_MAX, INT_MAX,
                 "distance in samples: positive random up to it, negative exactly it"),
    WR_PARAMETER(struct deband_parameters, direction, "d", "6.28318531", -6.28318531, 6.28318531,
                 "angle in radians: positive random up to it, negative exactly it"),
    WR_PARAMETER(struct deband_parameters, blur, "b", "1", 0, 1,
                 "compare with their mean rather than with each of them"),
    WR_PARAMETER(struct deband_parameters, coupling, "c", "0", 0, 1,
                 "change all planes of a pixel or none; chroma must be as large as luma"),
};

struct pattern {
    bool near; // whether it suits kernel deband
    int table;
    int reach_x, reach_y;
};

// FFmpeg's pattern, in its own precision: equal if the C library is the same.
static float random_number(int x, int y)
{
    const float r = sinf((float)x * 12.9898f + (float)y * 78.233f) * 43758.545f;
    return r - floorf(r);
}

// The limit of distances: enough to leave pictures of up to 32767 samples in any direction.
static int limited(float distance)
{
    return (int)fminf(fmaxf(distance, -INT16_MAX), INT16_MAX);
}

// Where the sample at x, y looks.
static void find_place(const struct deband_parameters *v, int x, int y, int *dx, int *dy)
{
    const float r = random_number(x, y), direction = (float)v->direction;
    const float angle = direction < 0 ? -direction : r * direction;
    const float distance = v->range < 0 ? -(float)v->range : truncf(r * (float)v->range);
    *dx = limited(cosf(angle) * distance);
    *dy = limited(sinf(angle) * distance);
}

static int32_t halves(int low, int high)
{
    return (int32_t)((uint32_t)high << 16 | ((uint32_t)low & 0xFFFF));
}

static struct pattern make_pattern(struct wr_lowering *lowering, const struct deband_parameters *v,
                                   bool near)
{
    const int width = lowering->picture.format.width, height = lowering->picture.format.height;
    struct pattern pattern = {.near = near};
    const size_t bytes = (size_t)width * (size_t)height * sizeof(int32_t);
    int32_t *const places = malloc(bytes);
    if (!places) {
        lowering->program->out_of_memory = true;
        return pattern;
    }
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            int dx, dy;
            find_place(v, x, y, &dx, &dy);
            places[(ptrdiff_t)y * width + x] =
                near ? halves(dy * DEBAND_PITCH + dx, dy * DEBAND_PITCH - dx) : halves(dx, dy);
            pattern.reach_x = abs(dx) > pattern.reach_x ? abs(dx) : pattern.reach_x;
            pattern.reach_y = abs(dy) > pattern.reach_y ? abs(dy) : pattern.reach_y;
        }
    pattern.table = wr_program_table(lowering->program, places, bytes);
    free(places);
    return pattern;
}

static struct wr_plane lower_plane(struct wr_lowering *lowering, const struct pattern *pattern,
                                   const struct deband *arguments, const struct wr_picture *before,
                                   int first, int planes)
{
    struct wr_plane plane = before->plane[first];
    struct wr_pass *pass = wr_plane_pass(
        lowering, pattern->near ? &wr_deband_kernel : &wr_deband_far_kernel, arguments, &plane);
    for (int n = 1; n < planes; n++)
        wr_pass_in(pass, before->plane[first + n]);
    wr_pass_table(pass, pattern->table,
                  (size_t)arguments->width * (size_t)plane.height * sizeof(int32_t));
    pass->reach_x = pattern->reach_x;
    pass->reach_y = pattern->reach_y;
    pass->scratch = pattern->near ? deband_scratch() : 0;
    return plane;
}

static int limit(const struct deband_parameters *v, const struct wr_format *format, int plane)
{
    const float threshold = (float)v->threshold[wr_format_is_alpha(format, plane) ? 3 : plane];
    return (int)((float)((1 << format->depth) - 1) * threshold);
}

static enum wr_works_on works_on_for(const void *values)
{
    const struct deband_parameters *v = values;
    return v->coupling ? WR_ON_444 : WR_ON_NOMINAL;
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct deband_parameters *v = values;
    const struct wr_picture before = lowering->picture;
    const struct wr_format *format = &before.format;
    const int planes = wr_format_planes(format);
    const bool coupled = v->coupling && format->model != WR_GRAY;
    const bool near = abs(v->range) <= DEBAND_NEAR && !coupled;
    const struct pattern pattern = make_pattern(lowering, v, near);
    for (int n = 0; n < planes && !lowering->program->out_of_memory; n++) {
        const int first = coupled ? 0 : n, inputs = coupled ? planes : 1;
        struct deband arguments = {format->width, v->blur, {0}, inputs, n - first};
        for (int k = 0; k < inputs; k++)
            arguments.limits[k] = limit(v, format, first + k);
        lowering->picture.plane[n] =
            lower_plane(lowering, &pattern, &arguments, &before, first, inputs);
    }
    return WR_OK;
}

const struct wr_filter wr_deband_filter = {
    .name = "deband",
    .help = "Smooth out bands in what should be even.",
    .example = "deband=1thr=0.03:range=24:blur=0",
    .works_on_for = works_on_for,
    WR_PARAMETERS(parameters, struct deband_parameters),
    .lower = lower,
};
