// SPDX-License-Identifier: MIT
// Reads .cube files, line by line.
#include "kernels/filters/cube.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/program/number.h"

enum { MOST_3D = 256, MOST_1D = 65536 };

struct reader {
    struct wr_cube *cube;
    const struct wr_lowering *lowering;
    const char *path;
    int line;
    size_t points, wanted;
};

static enum wr_status refuse(const struct reader *r, const char *what)
{
    return wr_refuse(r->lowering, "file=%s, line %d: %s", r->path, r->line, what);
}

// Reads exactly count numbers to the end of the line.
static bool read_numbers(const char *text, double *numbers, int count)
{
    for (int n = 0; n < count; n++) {
        int length;
        if (wr_read_number(text, &numbers[n], &length) || !isfinite(numbers[n]))
            return false;
        text += length;
        if (*text && !strchr(" \t", *text))
            return false;
    }
    return text[strspn(text, " \t")] == '\0';
}

// What follows keyword in line, or NULL if it begins otherwise.
static const char *after(const char *line, const char *keyword)
{
    const size_t length = strlen(keyword);
    return !strncmp(line, keyword, length) && strchr(" \t", line[length]) && line[length]
               ? line + length
               : NULL;
}

static enum wr_status read_size(struct reader *r, const char *text, int dimensions, int most)
{
    double size;
    if (r->cube->size)
        return refuse(r, "the size was given before (a table is either 1D or 3D)");
    if (!read_numbers(text, &size, 1) || size != trunc(size) || size < 2 || size > most)
        return refuse(r, dimensions == 3 ? "LUT_3D_SIZE takes a whole number from 2 to 256"
                                         : "LUT_1D_SIZE takes a whole number from 2 to 65536");
    r->cube->dimensions = dimensions;
    r->cube->size = (int)size;
    r->wanted = dimensions == 3 ? (size_t)size * (size_t)size * (size_t)size : (size_t)size;
    r->cube->values = malloc(r->wanted * 3 * sizeof *r->cube->values);
    return r->cube->values ? WR_OK
                           : wr_fail(r->lowering->error, WR_FAILED,
                                     "out of memory while preparing the filters");
}

static enum wr_status read_range(struct reader *r, const char *text)
{
    double range[2];
    if (!read_numbers(text, range, 2))
        return refuse(r, "two numbers were expected, the range of the input");
    for (int c = 0; c < 3; c++) {
        r->cube->min[c] = range[0];
        r->cube->max[c] = range[1];
    }
    return WR_OK;
}

static enum wr_status read_point(struct reader *r, const char *line)
{
    double point[3];
    if (!read_numbers(line, point, 3))
        return refuse(r, "three numbers were expected");
    if (!r->wanted)
        return refuse(r, "values come before LUT_3D_SIZE or LUT_1D_SIZE");
    if (r->points == r->wanted)
        return refuse(r, "there are more values than the size says");
    for (int c = 0; c < 3; c++) {
        if (r->cube->dimensions == 3 && !(point[c] >= -1 && point[c] <= 3))
            return refuse(r, "points of three dimensions are supported from -1 to 3");
        r->cube->values[3 * r->points + (size_t)c] = (float)point[c];
    }
    r->points++;
    return WR_OK;
}

static enum wr_status read_line(struct reader *r, const char *line)
{
    const char *rest;
    line += strspn(line, " \t");
    if (!*line || *line == '#' || after(line, "TITLE"))
        return WR_OK;
    if ((rest = after(line, "LUT_3D_SIZE")))
        return read_size(r, rest, 3, MOST_3D);
    if ((rest = after(line, "LUT_1D_SIZE")))
        return read_size(r, rest, 1, MOST_1D);
    if ((rest = after(line, "LUT_3D_INPUT_RANGE")) || (rest = after(line, "LUT_1D_INPUT_RANGE")))
        return read_range(r, rest);
    if ((rest = after(line, "DOMAIN_MIN")))
        return read_numbers(rest, r->cube->min, 3) ? WR_OK
                                                   : refuse(r, "DOMAIN_MIN takes three numbers");
    if ((rest = after(line, "DOMAIN_MAX")))
        return read_numbers(rest, r->cube->max, 3) ? WR_OK
                                                   : refuse(r, "DOMAIN_MAX takes three numbers");
    return read_point(r, line);
}

static enum wr_status check_whole(const struct reader *r)
{
    const struct wr_cube *cube = r->cube;
    if (!r->wanted)
        return wr_refuse(r->lowering, "file=%s holds no table: neither LUT_3D_SIZE nor LUT_1D_SIZE",
                         r->path);
    if (r->points < r->wanted)
        return wr_refuse(r->lowering, "file=%s ends in line %d after %zu of %zu values", r->path,
                         r->line, r->points, r->wanted);
    for (int c = 0; c < 3; c++)
        if (!(cube->min[c] < cube->max[c]))
            return wr_refuse(r->lowering, "file=%s: the range of the input is %g to %g", r->path,
                             cube->min[c], cube->max[c]);
    return WR_OK;
}

enum wr_status wr_cube_read(struct wr_cube *cube, const struct wr_lowering *lowering,
                            const char *path, const char *text)
{
    *cube = (struct wr_cube){.max = {1, 1, 1}};
    struct reader reader = {.cube = cube, .lowering = lowering, .path = path};
    enum wr_status status = WR_OK;
    if (!strncmp(text, "\xEF\xBB\xBF", 3)) // a byte order mark, which some editors write
        text += 3;
    while (*text && !status) {
        char line[512];
        const size_t length = strcspn(text, "\r\n");
        reader.line++;
        if (length >= sizeof line)
            return refuse(&reader, "the line is too long");
        memcpy(line, text, length);
        line[length] = '\0';
        status = read_line(&reader, line);
        text += length;
        text += *text == '\r' && text[1] == '\n' ? 2 : *text != '\0';
    }
    return status ? status : check_whole(&reader);
}
