// SPDX-License-Identifier: MIT
// Reads .3dl, .csp, .dat and .m3d, the formats that FFmpeg's lut3d takes besides .cube, as it does.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/filters/lut_file.h"

// What follows word at the beginning of the line; NULL if it begins otherwise.
static const char *after(const struct wr_lut_reader *r, const char *word)
{
    const size_t length = strlen(word);
    return strncmp(r->text, word, length) ? NULL : r->text + length;
}

static enum wr_status read_whole(const struct wr_lut_reader *r, const char *text, int least,
                                 int most, int *number, const char *expected)
{
    double value;
    const enum wr_status status = wr_lut_numbers(r, text, &value, 1, expected);
    if (status)
        return status;
    if (value != trunc(value) || value < least || value > most)
        return wr_lut_refuse(r, expected);
    *number = (int)value;
    return WR_OK;
}

// In which order points stand, and how a colour's number becomes a value.
struct points {
    bool blue_fastest;
    int number_of[3]; // of red, green and blue among the three of a line
    double scale[3];
};

static enum wr_status read_points(struct wr_lut_reader *r, const struct points *points)
{
    const size_t size = (size_t)r->lut->size, count = wr_lut_points(r->lut);
    for (size_t n = 0; n < count; n++) {
        double given[3], point[3];
        enum wr_status status = wr_lut_next(r);
        if (!status && !*r->text)
            return wr_refuse(r->lowering, "file=%s ends in line %d after %zu of %zu values",
                             r->path, r->line, n, count);
        if (!status)
            status = wr_lut_numbers(r, r->text, given, 3, "three numbers were expected");
        for (int c = 0; c < 3 && !status; c++)
            point[c] = given[points->number_of[c]] * points->scale[c];
        const size_t red_fastest =
            n / (size * size) + n / size % size * size + n % size * size * size;
        if (!status)
            status = wr_lut_put(r, points->blue_fastest ? red_fastest : n, point);
        if (status)
            return status;
    }
    return WR_OK;
}

static enum wr_status end_here(struct wr_lut_reader *r)
{
    const enum wr_status status = wr_lut_next(r);
    return !status && *r->text ? wr_lut_refuse(r, "there are more values than the size says")
                               : status;
}

// The first line tells where points lie, which is not read: they lie evenly.
enum wr_status wr_lut_read_3dl(struct wr_lut_reader *r)
{
    enum { SIZE = 17 };
    const struct points points = {true, {0, 1, 2}, {1 / 4096.0, 1 / 4096.0, 1 / 4096.0}};
    enum wr_status status = wr_lut_next(r);
    if (!status)
        status = wr_lut_allocate(r, 3, SIZE);
    if (!status)
        status = read_points(r, &points);
    return status ? status : end_here(r);
}

enum wr_status wr_lut_read_dat(struct wr_lut_reader *r)
{
    const struct points points = {true, {0, 1, 2}, {1, 1, 1}};
    int size = 33;
    struct wr_lut_reader start = *r;
    enum wr_status status = wr_lut_next(r);
    const char *given = status ? NULL : after(r, "3DLUTSIZE ");
    if (given)
        status = read_whole(r, given, 2, WR_LUT_MOST_3D, &size,
                            "3DLUTSIZE takes a whole number from 2 to 256");
    else
        *r = start; // it was the first point
    if (!status)
        status = wr_lut_allocate(r, 3, size);
    if (!status)
        status = read_points(r, &points);
    return status ? status : end_here(r);
}

// ---- Pandora's .m3d

// "red green blue" in any order: which of a line's numbers is whose.
static void read_order(const char *text, struct points *points)
{
    static const char letters[] = "rgb";
    for (int n = 0; n < 3; n++) {
        text += strspn(text, " \t");
        const char *found = *text ? strchr(letters, *text) : NULL;
        if (found)
            points->number_of[found - letters] = n;
        text += strcspn(text, " \t");
    }
}

enum wr_status wr_lut_read_m3d(struct wr_lut_reader *r)
{
    enum { MOST = WR_LUT_MOST_3D * WR_LUT_MOST_3D * WR_LUT_MOST_3D };
    static const char expected[] = "in and out take a whole number from 2 to 16777216";
    int in = 0, out = 0, size = 1;
    struct points points = {true, {0, 1, 2}, {0}};
    enum wr_status status;
    const char *rest = NULL;
    while (!(status = wr_lut_next(r)) && *r->text && !(rest = after(r, "values"))) {
        const char *given;
        if ((given = after(r, "in")))
            status = read_whole(r, given, 2, MOST, &in, expected);
        else if ((given = after(r, "out")))
            status = read_whole(r, given, 2, MOST, &out, expected);
        if (status)
            return status;
    }
    if (status)
        return status;
    if (!in || !out || !rest)
        return wr_refuse(r->lowering, "file=%s: the lines in, out and values are needed", r->path);
    read_order(rest, &points);
    while (size * size * size < in)
        size++;
    for (int c = 0; c < 3; c++)
        points.scale[c] = 1.0 / (out - 1);
    status = wr_lut_allocate(r, 3, size);
    if (!status)
        status = read_points(r, &points);
    return status ? status : end_here(r);
}

// ---- Cinespace's .csp

enum { MOST_SHAPER = 65536 };

// Many numbers, over one line or several.
static enum wr_status read_many(struct wr_lut_reader *r, double *numbers, int count)
{
    int done = 0;
    while (done < count) {
        const enum wr_status status = wr_lut_next(r);
        if (status)
            return status;
        if (!*r->text)
            return wr_lut_refuse(r, "the file ends within the curves");
        char *save, *word = strtok_r(r->text, " \t", &save);
        for (; word && done < count; word = strtok_r(NULL, " \t", &save)) {
            const enum wr_status read =
                wr_lut_numbers(r, word, &numbers[done++], 1, "a number was expected");
            if (read)
                return read;
        }
        if (word)
            return wr_lut_refuse(r, "there are more numbers than the curve has points");
    }
    return WR_OK;
}

// A colour's curve, from its number of points on. Two points are a range, which needs no curve.
static enum wr_status read_curve(struct wr_lut_reader *r, int color, double *x, double scale[3],
                                 bool *curved)
{
    int count;
    enum wr_status status = read_whole(r, r->text, 2, MOST_SHAPER, &count,
                                       "the number of a curve's points was expected, 2 to 65536");
    double *y = x + MOST_SHAPER;
    if (!status)
        status = read_many(r, x, count);
    if (!status)
        status = read_many(r, y, count);
    if (status)
        return status;
    double low = y[0], high = y[0];
    for (int n = 0; n < count; n++) {
        if (n && x[n] <= x[n - 1])
            return wr_lut_refuse(r, "the points of a curve must rise");
        low = fmin(low, y[n]);
        high = fmax(high, y[n]);
    }
    scale[color] = high - low;
    r->lut->min[color] = x[0];
    r->lut->max[color] = x[count - 1];
    r->range_line = r->line;
    *curved |= count > 2;
    return wr_lut_shape(r, color, x, y, count, 0, 1);
}

// As in FFmpeg, only three curves together are a shaper; otherwise they give the range.
static void use_curves(struct wr_lut *lut, bool curved)
{
    if (!curved) {
        free(lut->shaper);
        lut->shaper = NULL;
        return;
    }
    for (int c = 0; c < 3; c++) {
        lut->min[c] = 0;
        lut->max[c] = 1;
    }
}

static enum wr_status skip_metadata(struct wr_lut_reader *r)
{
    enum wr_status status = wr_lut_next(r);
    if (status || !after(r, "BEGIN METADATA"))
        return status;
    while (!status && *r->text && !after(r, "END METADATA"))
        status = wr_lut_next(r);
    return status ? status : wr_lut_next(r);
}

static enum wr_status read_head(struct wr_lut_reader *r)
{
    enum wr_status status = wr_lut_next(r);
    if (!status && !after(r, "CSPLUTV100"))
        return wr_lut_refuse(r, "the file does not begin with CSPLUTV100");
    if (!status)
        status = wr_lut_next(r);
    if (!status && !after(r, "3D"))
        return wr_lut_refuse(r, "only tables of three dimensions are supported, 3D");
    return status ? status : skip_metadata(r);
}

static enum wr_status read_lattice(struct wr_lut_reader *r, const double scale[3])
{
    static const char expected[] = "the size was expected, three times a number from 2 to 256";
    const struct points points = {false, {0, 1, 2}, {scale[0], scale[1], scale[2]}};
    double size[3];
    enum wr_status status = wr_lut_numbers(r, r->text, size, 3, expected);
    if (status)
        return status;
    if (size[0] != size[1] || size[0] != size[2] || size[0] != trunc(size[0]) || size[0] < 2 ||
        size[0] > WR_LUT_MOST_3D)
        return wr_lut_refuse(r, expected);
    status = wr_lut_allocate(r, 3, (int)size[0]);
    if (!status)
        status = read_points(r, &points);
    return status ? status : end_here(r);
}

enum wr_status wr_lut_read_csp(struct wr_lut_reader *r)
{
    double scale[3] = {0};
    bool curved = false;
    double *numbers = calloc(2 * (size_t)MOST_SHAPER, sizeof *numbers);
    if (!numbers)
        return wr_fail(r->lowering->error, WR_FAILED, "out of memory while preparing the filters");
    enum wr_status status = read_head(r);
    for (int c = 0; c < 3 && !status; c++) {
        status = read_curve(r, c, numbers, scale, &curved);
        if (!status)
            status = wr_lut_next(r);
    }
    free(numbers);
    if (status)
        return status;
    use_curves(r->lut, curved);
    return read_lattice(r, scale);
}
