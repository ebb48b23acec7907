// SPDX-License-Identifier: MIT
// curves: red, green and blue each through a tone curve, then all through a master curve.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/filters/acv.h"
#include "kernels/program/map.h"
#include "kernels/program/number.h"
#include "kernels/program/spline.h"

enum { RED, GREEN, BLUE, MASTER, CURVES };

struct curves_parameters {
    int preset;
    const char *points[CURVES + 1]; // red, green, blue, master, all
    const char *psfile;
};

#define POINTS(name, alias, index, help)                                                           \
    {                                                                                              \
        name, alias, help, WR_TEXT, offsetof(struct curves_parameters, points[index]), "", 0, 0, 0 \
    }

// What Photoshop's users know by these names; the numbers are those of FFmpeg.
static const struct preset {
    const char *name;
    const char *points[CURVES];
} presets[] = {
    {"none", {"", "", "", ""}},
    {"color_negative",
     {"0.129/1 0.466/0.498 0.725/0", "0.109/1 0.301/0.498 0.517/0", "0.098/1 0.235/0.498 0.423/0",
      ""}},
    {"cross_process",
     {"0/0 0.25/0.156 0.501/0.501 0.686/0.745 1/1", "0/0 0.25/0.188 0.38/0.501 0.745/0.815 1/0.815",
      "0/0 0.231/0.094 0.709/0.874 1/1", ""}},
    {"darker", {"", "", "", "0/0 0.5/0.4 1/1"}},
    {"increase_contrast", {"", "", "", "0/0 0.149/0.066 0.831/0.905 0.905/0.98 1/1"}},
    {"lighter", {"", "", "", "0/0 0.4/0.5 1/1"}},
    {"linear_contrast", {"", "", "", "0/0 0.305/0.286 0.694/0.713 1/1"}},
    {"medium_contrast", {"", "", "", "0/0 0.286/0.219 0.639/0.643 1/1"}},
    {"negative", {"", "", "", "0/1 1/0"}},
    {"strong_contrast", {"", "", "", "0/0 0.301/0.196 0.592/0.6 0.686/0.737 1/1"}},
    {"vintage", {"0/0.11 0.42/0.51 1/0.95", "0/0 0.50/0.48 1/1", "0/0.22 0.49/0.44 1/0.8", ""}},
};

static const char *const preset_names[] = {"none",
                                           "color_negative",
                                           "cross_process",
                                           "darker",
                                           "increase_contrast",
                                           "lighter",
                                           "linear_contrast",
                                           "medium_contrast",
                                           "negative",
                                           "strong_contrast",
                                           "vintage",
                                           NULL};

_Static_assert(sizeof presets / sizeof *presets + 1 == sizeof preset_names / sizeof *preset_names,
               "every preset has a name");

static const struct wr_parameter parameters[] = {
    WR_PARAMETER_CHOICE(struct curves_parameters, preset, NULL, "none", preset_names,
                        "a set of curves; other parameters replace single curves of it"),
    POINTS("master", "m", MASTER,
           "points x/y from 0 to 1 with spaces between, for the curve all three go through last"),
    POINTS("red", "r", RED, "points of the curve for red"),
    POINTS("green", "g", GREEN, "points of the curve for green"),
    POINTS("blue", "b", BLUE, "points of the curve for blue"),
    POINTS("all", NULL, CURVES, "points for red, green and blue, where those are not given"),
    WR_PARAMETER_TEXT(struct curves_parameters, psfile, NULL, "",
                      "a file of Photoshop's curves (.acv), for the curves that are not given"),
};

static const char *const curve_names[] = {"red", "green", "blue", "master"};

// Whether x is so far to the right of `before` that a 16-bit step begins between them. FFmpeg also
// refuses points that are nearer: the curve between them would be infinitely steep.
static bool is_right_of(double x, double before)
{
    return floor(x * 65535) > floor(before * 65535);
}

// Reads "0/0 0.5/0.4 1/1"; as in FFmpeg, any single character may separate two numbers. `where` is
// the name of the curve in sentences.
static enum wr_status read_points(const struct wr_lowering *lowering, const char *where,
                                  const char *text, struct wr_spline *spline)
{
    *spline = (struct wr_spline){0};
    for (const char *rest = text; *rest;) {
        double point[2];
        for (int n = 0; n < 2; n++) {
            int length;
            if (wr_read_number(rest, &point[n], &length))
                return wr_refuse(lowering, "%s: points are written as 0/0 0.5/0.4 1/1", where);
            rest += length;
            if (*rest)
                rest++;
        }
        if (!(point[0] >= 0 && point[0] <= 1 && point[1] >= 0 && point[1] <= 1))
            return wr_refuse(lowering, "%s: point %g/%g lies outside 0 to 1", where, point[0],
                             point[1]);
        if (spline->count == WR_SPLINE_POINTS)
            return wr_refuse(lowering, "%s: there are more than %d points", where,
                             WR_SPLINE_POINTS);
        if (spline->count && !is_right_of(point[0], spline->x[spline->count - 1]))
            return wr_refuse(lowering,
                             "%s: point %g/%g must lie right of the one before it, by more than "
                             "1/65535",
                             where, point[0], point[1]);
        spline->x[spline->count] = point[0];
        spline->y[spline->count++] = point[1];
    }
    wr_spline_prepare(spline);
    return WR_OK;
}

static const char *points_in(const struct wr_acv *file, int curve)
{
    static const int place[] = {1, 2, 3, 0};
    return file->points[place[curve]];
}

// The text of a curve: its own, that for all, the file's, the preset's.
static const char *points_of(const struct curves_parameters *p, const struct wr_acv *file,
                             int curve)
{
    const char *filed = points_in(file, curve);
    return *p->points[curve]                       ? p->points[curve]
           : curve != MASTER && *p->points[CURVES] ? p->points[CURVES]
           : filed && *filed                       ? filed
                                                   : presets[p->preset].points[curve];
}

static enum wr_status read_curve(const struct wr_lowering *lowering,
                                 const struct curves_parameters *p, const struct wr_acv *file,
                                 int curve, struct wr_spline *spline)
{
    const char *text = points_of(p, file, curve);
    char where[1024];
    if (text == points_in(file, curve))
        snprintf(where, sizeof where, "psfile=%s, %s", p->psfile, curve_names[curve]);
    else
        snprintf(where, sizeof where, "%s='%s'", curve_names[curve], text);
    return read_points(lowering, where, text, spline);
}

static enum wr_status read_curves(const struct wr_lowering *lowering,
                                  const struct curves_parameters *p, struct wr_spline *splines)
{
    struct wr_acv file = {{NULL}};
    enum wr_status status = WR_OK;
    if (*p->psfile)
        status = wr_acv_read(&file, lowering, "psfile", p->psfile);
    for (int c = 0; c < CURVES && !status; c++)
        status = read_curve(lowering, p, &file, c, &splines[c]);
    wr_acv_free(&file);
    return status;
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct curves_parameters *p = values;
    static const int plane_of[] = {2, 0, 1}; // red, green, blue among G B R
    struct wr_spline splines[CURVES];
    const enum wr_status status = read_curves(lowering, p, splines);
    if (status)
        return status;
    const int max = (1 << lowering->picture.format.depth) - 1;
    uint16_t *table = malloc(WR_MAX_VALUES * sizeof *table);
    if (!table)
        return wr_fail(lowering->error, WR_FAILED, "out of memory while preparing the filters");
    for (int c = 0; c < 3; c++) {
        if (!splines[c].count && !splines[MASTER].count)
            continue;
        for (int v = 0; v <= max; v++) {
            const double own = fmin(fmax(wr_spline_at(&splines[c], (double)v / max), 0), 1);
            const double last = fmin(fmax(wr_spline_at(&splines[MASTER], own), 0), 1);
            table[v] = (uint16_t)(last * max + 0.5);
        }
        struct wr_plane *plane = &lowering->picture.plane[plane_of[c]];
        *plane = wr_map(lowering, *plane, table);
    }
    free(table);
    return WR_OK;
}

const struct wr_filter wr_curves_filter = {
    .name = "curves",
    .help = "Change tones by curves for red, green and blue, computed in RGB at 16 bits.",
    .example = "curves=preset=medium_contrast:blue='0/0.05 1/0.95'",
    WR_PARAMETERS(parameters, struct curves_parameters),
    .works_on = WR_ON_RGB,
    .lower = lower,
};
