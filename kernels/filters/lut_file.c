// SPDX-License-Identifier: MIT
// What the readers of look-up tables share: lines, numbers, the table itself.
#include "kernels/filters/lut_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kernels/program/map.h"
#include "kernels/program/number.h"

enum wr_status wr_lut_refuse(const struct wr_lut_reader *r, const char *what)
{
    return wr_refuse(r->lowering, "file=%s, line %d: %s", r->path, r->line, what);
}

static enum wr_status fail_memory(const struct wr_lut_reader *r)
{
    return wr_fail(r->lowering->error, WR_FAILED, "out of memory while preparing the filters");
}

// Copies what stands from `text` on, without blanks around it and what follows a '#'.
static void copy_line(char *line, const char *text, size_t length)
{
    const char *comment = memchr(text, '#', length);
    length = comment ? (size_t)(comment - text) : length;
    while (length && strchr(" \t", *text))
        text++, length--;
    while (length && strchr(" \t", text[length - 1]))
        length--;
    memcpy(line, text, length);
    line[length] = '\0';
}

enum wr_status wr_lut_next(struct wr_lut_reader *r)
{
    enum { CTRL_Z = 0x1A }; // ended a text under CP/M and DOS
    r->text[0] = '\0';
    while (!r->text[0] && *r->rest && *r->rest != CTRL_Z) {
        const size_t length = strcspn(r->rest, "\r\n\x1A");
        r->line++;
        if (length >= sizeof r->text)
            return wr_lut_refuse(r, "the line is too long");
        copy_line(r->text, r->rest, length);
        r->rest += length;
        r->rest +=
            *r->rest == '\r' && r->rest[1] == '\n' ? 2 : *r->rest == '\r' || *r->rest == '\n';
    }
    return WR_OK;
}

enum wr_status wr_lut_numbers(const struct wr_lut_reader *r, const char *text, double *numbers,
                              int count, const char *expected)
{
    for (int n = 0; n < count; n++) {
        int length;
        if (wr_read_number_in(r->plain, text, &numbers[n], &length) || isnan(numbers[n]))
            return wr_lut_refuse(r, expected);
        if (!isfinite((float)numbers[n]))
            return wr_lut_refuse(r, "numbers are supported from -3.4e38 to 3.4e38");
        text += length;
        if (*text && !strchr(" \t", *text))
            return wr_lut_refuse(r, expected);
    }
    return text[strspn(text, " \t")] ? wr_lut_refuse(r, expected) : WR_OK;
}

size_t wr_lut_points(const struct wr_lut *lut)
{
    const size_t size = (size_t)lut->size;
    return lut->dimensions == 3 ? size * size * size : size;
}

enum wr_status wr_lut_allocate(const struct wr_lut_reader *r, int dimensions, int size)
{
    struct wr_lut *lut = r->lut;
    free(lut->values);
    lut->dimensions = dimensions;
    lut->size = size;
    lut->values = calloc(wr_lut_points(lut) * 3, sizeof *lut->values);
    return lut->values ? WR_OK : fail_memory(r);
}

enum wr_status wr_lut_put(const struct wr_lut_reader *r, size_t n, const double point[3])
{
    for (int c = 0; c < 3; c++) {
        if (r->lut->dimensions == 3 && !(point[c] >= -1 && point[c] <= 3))
            return wr_lut_refuse(r, "points of three dimensions are supported from -1 to 3");
        r->lut->values[3 * n + (size_t)c] = (float)point[c];
    }
    return WR_OK;
}

enum wr_status wr_lut_shape(const struct wr_lut_reader *r, int color, const double *x,
                            const double *y, int count, double low, double high)
{
    struct wr_lut *lut = r->lut;
    if (!lut->shaper && !(lut->shaper = calloc(3 * (size_t)WR_MAX_VALUES, sizeof *lut->shaper)))
        return fail_memory(r);
    for (int v = 0, k = 0; v < WR_MAX_VALUES; v++) {
        const double at = fmin(fmax(v / 65535.0, x[0]), x[count - 1]);
        while (k < count - 2 && x[k + 1] <= at)
            k++;
        const double width = x[k + 1] - x[k];
        const double part = width > 0 ? (at - x[k]) / width : 0;
        const double value = (y[k] + (y[k + 1] - y[k]) * part - low) / (high - low);
        lut->shaper[color * WR_MAX_VALUES + v] = (uint16_t)(fmin(fmax(value, 0), 1) * 65535 + 0.5);
    }
    return WR_OK;
}

// Whether floats can say which steps of the table a value of the input lies between.
static bool is_usable(double min, double max, int size)
{
    const double steps = (size - 1) / (max - min);
    return (float)min < (float)max && isfinite((float)(max - min)) && isfinite((float)steps) &&
           isfinite((float)(min * steps));
}

static enum wr_status check_range(const struct wr_lut_reader *r)
{
    const double *min = r->lut->min, *max = r->lut->max;
    for (int c = 0; c < 3; c++) {
        char what[128];
        snprintf(what, sizeof what, "the range of the input is %g to %g%s", min[c], max[c],
                 min[c] < max[c] ? ", which is too narrow or too wide" : "");
        if (!is_usable(min[c], max[c], r->lut->size))
            return wr_refuse(r->lowering, "file=%s, line %d: %s", r->path, r->range_line, what);
    }
    return WR_OK;
}

static const struct {
    const char *suffix;
    enum wr_status (*read)(struct wr_lut_reader *r);
} formats[] = {
    {".3dl", wr_lut_read_3dl},
    {".csp", wr_lut_read_csp},
    {".dat", wr_lut_read_dat},
    {".m3d", wr_lut_read_m3d},
};

enum wr_status wr_lut_read(struct wr_lut *lut, const struct wr_lowering *lowering, const char *path,
                           const char *text)
{
    *lut = (struct wr_lut){.max = {1, 1, 1}};
    if (!strncmp(text, "\xEF\xBB\xBF", 3)) // a byte order mark, which some editors write
        text += 3;
    struct wr_lut_reader reader = {
        .lut = lut, .lowering = lowering, .path = path, .rest = text, .plain = wr_plain_locale()};
    const char *suffix = strrchr(path, '.');
    enum wr_status (*read)(struct wr_lut_reader *) = wr_lut_read_cube;
    for (size_t n = 0; suffix && n < sizeof formats / sizeof *formats; n++)
        if (!strcasecmp(suffix, formats[n].suffix))
            read = formats[n].read;
    const enum wr_status status = read(&reader);
    if (reader.plain)
        freelocale(reader.plain);
    return status ? status : check_range(&reader);
}

void wr_lut_close(struct wr_lut *lut)
{
    free(lut->values);
    free(lut->shaper);
    lut->values = NULL;
    lut->shaper = NULL;
}
