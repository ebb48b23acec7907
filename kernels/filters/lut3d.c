// SPDX-License-Identifier: MIT
// lut3d: a table of colours from a file.
#include "kernels/filters/lut3d.h"

#include <math.h>
#include <stdlib.h>

#include "kernels/filters/lut_file.h"
#include "kernels/program/map.h"

WR_DEFINE_KERNELS

enum { MOST_BYTES = 1 << 30 }; // of a file: 256^3 points of up to 63 characters

struct lut3d_parameters {
    const char *file;
    int clut, interp;
};

static const char *const cluts[] = {"first", "all", NULL};
static const char *const interpolations[] = {"nearest", "trilinear", "tetrahedral",
                                             "pyramid", "prism",     NULL};

static const struct wr_parameter parameters[] = {
    WR_PARAMETER_TEXT(
        struct lut3d_parameters, file, NULL, "",
        "table to use: a .cube file with one or three dimensions, .3dl, .csp, .dat or .m3d"),
    WR_PARAMETER_CHOICE(struct lut3d_parameters, clut, NULL, "all", cluts,
                        "has no effect; in FFmpeg it is for tables that are pictures"),
    WR_PARAMETER_CHOICE(struct lut3d_parameters, interp, NULL, "tetrahedral", interpolations,
                        "how colours between the points of a 3D table are computed"),
};

static uint64_t packed(float value)
{
    const double most = (1 << LUT3D_BITS) - 1;
    return (uint64_t)fmin(fmax(((double)value + 1) * LUT3D_ONE + 0.5, 0), most);
}

static const int color_of[] = {1, 2, 0}; // of the planes green, blue, red

static void shape(struct wr_lowering *lowering, const struct wr_lut *lut)
{
    for (int n = 0; n < 3; n++) {
        struct wr_plane *plane = &lowering->picture.plane[n];
        *plane = wr_map(lowering, *plane, lut->shaper + color_of[n] * WR_MAX_VALUES);
    }
}

static enum wr_status lower_lattice(struct wr_lowering *lowering, const struct wr_lut *lut,
                                    int interp)
{
    static const struct wr_kernel *const kernels[] = {
        &wr_lut3d_nearest_kernel, &wr_lut3d_trilinear_kernel, &wr_lut3d_tetrahedral_kernel,
        &wr_lut3d_pyramid_kernel, &wr_lut3d_prism_kernel};
    const size_t count = (size_t)lut->size * (size_t)lut->size * (size_t)lut->size;
    uint64_t *points = malloc(count * sizeof *points);
    if (!points)
        return wr_fail(lowering->error, WR_FAILED, "out of memory while preparing the filters");
    for (size_t n = 0; n < count; n++) {
        points[n] = 0;
        for (int c = 0; c < 3; c++)
            points[n] |= packed(lut->values[3 * n + (size_t)c]) << (LUT3D_BITS * c);
    }
    const int table = wr_program_table(lowering->program, points, count * sizeof *points);
    free(points);

    if (lut->shaper)
        shape(lowering, lut);
    struct lut3d arguments = {.size = lut->size};
    for (int c = 0; c < 3; c++) {
        const double steps = (lut->size - 1) / (lut->max[c] - lut->min[c]);
        arguments.scale[c] = (float)(steps / 65535);
        arguments.offset[c] = (float)(-lut->min[c] * steps);
    }
    wr_pass_table(wr_color_pass(lowering, kernels[interp], &arguments), table,
                  count * sizeof *points);
    return WR_OK;
}

// A channel of a 1D table at `value`, 0 to 1, between its two nearest entries.
static double at_1d(const struct wr_lut *lut, int c, double value)
{
    const double along =
        fmin(fmax((value - lut->min[c]) / (lut->max[c] - lut->min[c]), 0), 1) * (lut->size - 1);
    const int below = along < lut->size - 1 ? (int)along : lut->size - 2;
    const double from = lut->values[3 * below + c], to = lut->values[3 * (below + 1) + c];
    return from + (to - from) * (along - below);
}

static enum wr_status lower_channels(struct wr_lowering *lowering, const struct wr_lut *lut)
{
    uint16_t *table = malloc(WR_MAX_VALUES * sizeof *table);
    if (!table)
        return wr_fail(lowering->error, WR_FAILED, "out of memory while preparing the filters");
    for (int n = 0; n < 3; n++) {
        for (int v = 0; v < WR_MAX_VALUES; v++)
            table[v] =
                (uint16_t)(fmin(fmax(at_1d(lut, color_of[n], v / 65535.0), 0), 1) * 65535 + 0.5);
        struct wr_plane *plane = &lowering->picture.plane[n];
        *plane = wr_map(lowering, *plane, table);
    }
    free(table);
    return WR_OK;
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct lut3d_parameters *p = values;
    if (!*p->file)
        return wr_refuse(lowering, "file= is missing: the name of a table, such as grade.cube");
    char *text;
    enum wr_status status =
        lowering->syntax->read_text(lowering, "file", p->file, MOST_BYTES, &text);
    if (status)
        return status;
    struct wr_lut lut;
    status = wr_lut_read(&lut, lowering, p->file, text);
    free(text);
    if (!status)
        status = lut.dimensions == 3 ? lower_lattice(lowering, &lut, p->interp)
                                     : lower_channels(lowering, &lut);
    wr_lut_close(&lut);
    return status;
}

const struct wr_filter wr_lut3d_filter = {
    .name = "lut3d",
    .help = "Look colours up in a table (.cube and others), computed in RGB at 16 bits.",
    .example = "lut3d=grade.cube",
    WR_PARAMETERS(parameters, struct lut3d_parameters),
    .works_on = WR_ON_RGB,
    .lower = lower,
};
