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
    int range_line; // the last one that gave the range of the input, 0: none did
    size_t points, wanted;
};

static enum wr_status refuse(const struct reader *r, const char *what)
{
    return wr_refuse(r->lowering, "file=%s, line %d: %s", r->path, r->line, what);
}

// Reads exactly count numbers to the end of the line; `expected` says so if there is anything else.
static enum wr_status read_numbers(const struct reader *r, const char *text, double *numbers,
                                   int count, const char *expected)
{
    for (int n = 0; n < count; n++) {
        int length;
        if (wr_read_number(text, &numbers[n], &length) || isnan(numbers[n]))
            return refuse(r, expected);
        if (!isfinite((float)numbers[n]))
            return refuse(r, "numbers are supported from -3.4e38 to 3.4e38");
        text += length;
        if (*text && !strchr(" \t", *text))
            return refuse(r, expected);
    }
    return text[strspn(text, " \t")] ? refuse(r, expected) : WR_OK;
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
    const char *expected = dimensions == 3 ? "LUT_3D_SIZE takes a whole number from 2 to 256"
                                           : "LUT_1D_SIZE takes a whole number from 2 to 65536";
    double size;
    if (r->cube->size)
        return refuse(r, "the size was given before (a table is either 1D or 3D)");
    const enum wr_status status = read_numbers(r, text, &size, 1, expected);
    if (status)
        return status;
    if (size != trunc(size) || size < 2 || size > most)
        return refuse(r, expected);
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
    const enum wr_status status =
        read_numbers(r, text, range, 2, "two numbers were expected, the range of the input");
    for (int c = 0; c < 3 && !status; c++) {
        r->cube->min[c] = range[0];
        r->cube->max[c] = range[1];
    }
    r->range_line = r->line;
    return status;
}

static enum wr_status read_domain(struct reader *r, const char *text, double bounds[3],
                                  const char *expected)
{
    r->range_line = r->line;
    return read_numbers(r, text, bounds, 3, expected);
}

static enum wr_status read_point(struct reader *r, const char *line)
{
    double point[3];
    const enum wr_status status = read_numbers(r, line, point, 3, "three numbers were expected");
    if (status)
        return status;
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
        return read_domain(r, rest, r->cube->min, "DOMAIN_MIN takes three numbers");
    if ((rest = after(line, "DOMAIN_MAX")))
        return read_domain(r, rest, r->cube->max, "DOMAIN_MAX takes three numbers");
    return read_point(r, line);
}

// Whether floats can say which steps of the table a value of the input lies between.
static bool is_usable(double min, double max, int size)
{
    const double steps = (size - 1) / (max - min);
    return (float)min < (float)max && isfinite((float)(max - min)) && isfinite((float)steps) &&
           isfinite((float)(min * steps));
}

static enum wr_status check_range(const struct reader *r)
{
    const double *min = r->cube->min, *max = r->cube->max;
    for (int c = 0; c < 3; c++)
        if (!is_usable(min[c], max[c], r->cube->size))
            return wr_refuse(r->lowering, "file=%s, line %d: the range of the input is %g to %g%s",
                             r->path, r->range_line, min[c], max[c],
                             min[c] < max[c] ? ", which is too narrow or too wide" : "");
    return WR_OK;
}

static enum wr_status check_whole(const struct reader *r)
{
    if (!r->wanted)
        return wr_refuse(r->lowering, "file=%s holds no table: neither LUT_3D_SIZE nor LUT_1D_SIZE",
                         r->path);
    if (r->points < r->wanted)
        return wr_refuse(r->lowering, "file=%s ends in line %d after %zu of %zu values", r->path,
                         r->line, r->points, r->wanted);
    return check_range(r);
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
