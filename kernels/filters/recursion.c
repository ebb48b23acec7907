// SPDX-License-Identifier: MIT
// The passes of a recursion along rows and then along columns, and its weights.
#include "kernels/filters/recursion.h"

#include <math.h>
#include <stdlib.h>

#include "kernels/program/planes.h"
#include "kernels/pixel/recursion.h"

enum { recursion_turn_scratch_use = WR_NO_SCRATCH };
WR_DEFINE_KERNELS
#undef KERNELS
#include "kernels/filters/transpose.h"
WR_DECLARE_KERNELS

// The weights by difference, computed in floats as FFmpeg does. alpha: where nothing differs.
static int make_weights(struct wr_program *program, int depth, float sigma_r, float alpha)
{
    const int count = 1 << depth;
    const float falls = 1 / (sigma_r * (float)(count - 1));
    float *const weights = malloc((size_t)count * sizeof *weights);
    if (!weights) {
        program->out_of_memory = true;
        return 0;
    }
    for (int n = 0; n < count; n++) {
        const float exponent = (float)-n * falls;
        weights[n] = alpha * (float)exp(exponent);
    }
    const int table = wr_program_table(program, weights, (size_t)count * sizeof *weights);
    free(weights);
    return table;
}

// Makes rows of the plane's columns. Row y of what comes of it reads all rows.
static void turn(struct wr_lowering *lowering, const struct wr_kernel *kernel,
                 const void *arguments, struct wr_plane *plane, int width, int height)
{
    struct wr_pass *pass = wr_sized_pass(lowering, kernel, arguments, plane, width, height);
    pass->reads_anywhere = true;
    pass->span = 1;
}

static void smooth(struct wr_lowering *lowering, struct wr_plane *plane,
                   const struct recursion *arguments, int table)
{
    const struct transpose transpose = {0};
    const int width = plane->width, height = plane->height;
    const size_t bytes = sizeof(float) << lowering->picture.format.depth; // a weight by difference
    struct wr_plane pairs = *plane, samples = *plane;
    struct wr_pass *pass = wr_sized_pass(lowering, &wr_recursion_of_samples_kernel, arguments,
                                         &pairs, 2 * width, height);
    wr_pass_table(pass, table, bytes);
    turn(lowering, &wr_recursion_turn_kernel, arguments, &pairs, 2 * height, width);
    turn(lowering, &wr_transpose_kernel, &transpose, &samples, height, width);
    *plane = pairs;
    pass = wr_sized_pass(lowering, &wr_recursion_of_pairs_kernel, arguments, plane, height, width);
    wr_pass_in(pass, samples);
    wr_pass_table(pass, table, bytes);
    for (int n = 0; n < 2; n++)
        wr_pass_out(pass, wr_program_buffer(lowering->program, WR_F32, &lowering->picture.format,
                                            height, width));
    turn(lowering, &wr_transpose_kernel, &transpose, plane, width, height);
}

void wr_smooth_recursively(struct wr_lowering *lowering, int planes, double sigma_s, double sigma_r)
{
    const struct wr_format *const format = &lowering->picture.format;
    const float alpha = (float)exp(-sqrtf(2) / (float)sigma_s);
    const struct recursion arguments = {1 - alpha};
    const int table = make_weights(lowering->program, format->depth, (float)sigma_r, alpha);
    for (int n = 0; n < wr_format_planes(format); n++)
        if (wr_plane_is_chosen(format, planes, n))
            smooth(lowering, &lowering->picture.plane[n], &arguments, table);
}
