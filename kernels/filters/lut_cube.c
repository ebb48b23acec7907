// SPDX-License-Identifier: MIT
// Reads .cube files: Adobe's Cube LUT Specification 1.0, with what Resolve adds: the range of the
// input under other names, and curves before a lattice in the same file.
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kernels/filters/lut_file.h"

// A table of the file: as it is read, both kinds may be there.
struct part {
    int size; // 0: not there
    size_t points, wanted;
    double min[3], max[3];
};

struct cube {
    struct wr_lut_reader *r;
    struct part curves, lattice;
    double (*given)[3]; // points of the curves
    bool has_ended;     // words follow the whole table: what comes behind is none of it
};

static enum wr_status read_size(struct cube *cube, const char *text, struct part *part, int most,
                                const char *expected)
{
    double size;
    if (part->size)
        return wr_lut_refuse(cube->r, "the size was given before");
    const enum wr_status status = wr_lut_numbers(cube->r, text, &size, 1, expected);
    if (status)
        return status;
    if (size != trunc(size) || size < 2 || size > most)
        return wr_lut_refuse(cube->r, expected);
    part->size = (int)size;
    part->wanted = (size_t)size;
    return WR_OK;
}

static enum wr_status read_1d_size(struct cube *cube, const char *text)
{
    const enum wr_status status = read_size(cube, text, &cube->curves, WR_LUT_MOST_1D,
                                            "LUT_1D_SIZE takes a whole number from 2 to 65536");
    if (status)
        return status;
    cube->given = calloc(cube->curves.wanted, sizeof *cube->given);
    return cube->given ? WR_OK
                       : wr_fail(cube->r->lowering->error, WR_FAILED,
                                 "out of memory while preparing the filters");
}

static enum wr_status read_3d_size(struct cube *cube, const char *text)
{
    struct part *lattice = &cube->lattice;
    const enum wr_status status = read_size(cube, text, lattice, WR_LUT_MOST_3D,
                                            "LUT_3D_SIZE takes a whole number from 2 to 256");
    lattice->wanted *= lattice->wanted * lattice->wanted;
    return status ? status : wr_lut_allocate(cube->r, 3, lattice->size);
}

static enum wr_status read_range(struct cube *cube, const char *text, struct part *part)
{
    double range[2];
    const enum wr_status status = wr_lut_numbers(
        cube->r, text, range, 2, "two numbers were expected, the range of the input");
    for (int c = 0; c < 3 && !status; c++) {
        part->min[c] = range[0];
        part->max[c] = range[1];
    }
    cube->r->range_line = cube->r->line;
    return status;
}

static enum wr_status read_1d_range(struct cube *cube, const char *text)
{
    return read_range(cube, text, &cube->curves);
}

static enum wr_status read_3d_range(struct cube *cube, const char *text)
{
    return read_range(cube, text, &cube->lattice);
}

// Adobe's words hold for whichever table there is.
static enum wr_status read_domain(struct cube *cube, const char *text, double curves[3],
                                  double lattice[3], const char *expected)
{
    const enum wr_status status = wr_lut_numbers(cube->r, text, curves, 3, expected);
    memcpy(lattice, curves, sizeof(double[3]));
    cube->r->range_line = cube->r->line;
    return status;
}

static enum wr_status read_min(struct cube *cube, const char *text)
{
    return read_domain(cube, text, cube->curves.min, cube->lattice.min,
                       "DOMAIN_MIN takes three numbers");
}

static enum wr_status read_max(struct cube *cube, const char *text)
{
    return read_domain(cube, text, cube->curves.max, cube->lattice.max,
                       "DOMAIN_MAX takes three numbers");
}

static enum wr_status pass_over(struct cube *cube, const char *text)
{
    (void)cube, (void)text;
    return WR_OK;
}

static const struct {
    const char *word;
    enum wr_status (*read)(struct cube *cube, const char *text);
} keywords[] = {
    {"TITLE", pass_over},
    {"LUT_1D_SIZE", read_1d_size},
    {"LUT_3D_SIZE", read_3d_size},
    {"LUT_1D_INPUT_RANGE", read_1d_range},
    {"LUT_3D_INPUT_RANGE", read_3d_range},
    {"DOMAIN_MIN", read_min},
    {"DOMAIN_MAX", read_max},
    // For which range the table was made. As in FFmpeg the values count as they stand.
    {"LUT_IN_VIDEO_RANGE", pass_over},
    {"LUT_OUT_VIDEO_RANGE", pass_over},
    {"LUT_IN_FULL_RANGE", pass_over},
    {"LUT_OUT_FULL_RANGE", pass_over},
};

// Where both tables are there, the points of the curves come first.
static enum wr_status read_point(struct cube *cube)
{
    double point[3];
    struct part *curves = &cube->curves, *lattice = &cube->lattice;
    const enum wr_status status =
        wr_lut_numbers(cube->r, cube->r->text, point, 3, "three numbers were expected");
    if (status)
        return status;
    if (!curves->size && !lattice->size)
        return wr_lut_refuse(cube->r, "values come before LUT_3D_SIZE or LUT_1D_SIZE");
    if (curves->points < curves->wanted) {
        memcpy(cube->given[curves->points++], point, sizeof point);
        return WR_OK;
    }
    return lattice->points < lattice->wanted
               ? wr_lut_put(cube->r, lattice->points++, point)
               : wr_lut_refuse(cube->r, "there are more values than the size says");
}

static bool is_whole(const struct cube *cube)
{
    const size_t wanted = cube->curves.wanted + cube->lattice.wanted;
    return wanted && cube->curves.points + cube->lattice.points == wanted;
}

static bool is_number(const char *text)
{
    char *end;
    strtod(text, &end);
    return end != text;
}

static enum wr_status read_line(struct cube *cube)
{
    const char *text = cube->r->text;
    if (cube->has_ended)
        return WR_OK;
    for (size_t n = 0; n < sizeof keywords / sizeof *keywords; n++) {
        const size_t length = strlen(keywords[n].word);
        if (!strncasecmp(text, keywords[n].word, length) && strchr(" \t\"", text[length]))
            return keywords[n].read(cube, text + length);
    }
    cube->has_ended = is_whole(cube) && !is_number(text);
    return cube->has_ended ? WR_OK : read_point(cube);
}

static enum wr_status check_whole(const struct cube *cube)
{
    const struct part *curves = &cube->curves, *lattice = &cube->lattice;
    const size_t wanted = curves->wanted + lattice->wanted;
    const size_t points = curves->points + lattice->points;
    if (!wanted)
        return wr_refuse(cube->r->lowering,
                         "file=%s holds no table: neither LUT_3D_SIZE nor LUT_1D_SIZE",
                         cube->r->path);
    return points == wanted
               ? WR_OK
               : wr_refuse(cube->r->lowering, "file=%s ends in line %d after %zu of %zu values",
                           cube->r->path, cube->r->line, points, wanted);
}

static enum wr_status use_range(struct wr_lut *lut, const struct part *part)
{
    memcpy(lut->min, part->min, sizeof lut->min);
    memcpy(lut->max, part->max, sizeof lut->max);
    return WR_OK;
}

static enum wr_status use_curves(const struct cube *cube)
{
    enum wr_status status = wr_lut_allocate(cube->r, 1, cube->curves.size);
    for (size_t n = 0; n < cube->curves.wanted && !status; n++)
        status = wr_lut_put(cube->r, n, cube->given[n]);
    return status ? status : use_range(cube->r->lut, &cube->curves);
}

// Curves before a lattice: what comes out of them is on the scale of the lattice's input, and once
// they are there, the lattice begins at 0 and ends at 1.
static enum wr_status use_both(const struct cube *cube)
{
    const struct part *curves = &cube->curves, *lattice = &cube->lattice;
    double *x = calloc(2 * curves->wanted, sizeof *x), *y = x + curves->wanted;
    enum wr_status status = x ? WR_OK
                              : wr_fail(cube->r->lowering->error, WR_FAILED,
                                        "out of memory while preparing the filters");
    for (int c = 0; c < 3 && !status; c++) {
        const double step = (curves->max[c] - curves->min[c]) / (curves->size - 1);
        if (!(step > 0) || !(lattice->max[c] > lattice->min[c])) {
            status = wr_lut_refuse(cube->r, "the range of the input must rise");
            break;
        }
        for (int n = 0; n < curves->size; n++) {
            x[n] = curves->min[c] + step * n;
            y[n] = cube->given[n][c];
        }
        status = wr_lut_shape(cube->r, c, x, y, curves->size, lattice->min[c], lattice->max[c]);
    }
    free(x);
    return status;
}

enum wr_status wr_lut_read_cube(struct wr_lut_reader *r)
{
    struct cube cube = {.r = r, .curves.max = {1, 1, 1}, .lattice.max = {1, 1, 1}};
    enum wr_status status;
    while (!(status = wr_lut_next(r)) && *r->text && !(status = read_line(&cube)))
        ;
    if (!status)
        status = check_whole(&cube);
    if (!status)
        status = !cube.lattice.size  ? use_curves(&cube)
                 : !cube.curves.size ? use_range(r->lut, &cube.lattice)
                                     : use_both(&cube);
    free(cube.given);
    return status;
}
