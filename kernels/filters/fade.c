// SPDX-License-Identifier: MIT
// fade: how much of the picture is seen, frame by frame, after FFmpeg's vf_fade.
#include "kernels/filters/fade.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "kernels/program/color.h"

WR_DEFINE_KERNELS

struct fade_parameters {
    int type, start_frame, nb_frames;
    bool alpha;
    const char *start_time, *duration, *color;
};

enum { IN, OUT };

static const char *const type_names[] = {"in", "out", NULL};

static const struct wr_parameter parameters[] = {
    WR_PARAMETER_CHOICE(struct fade_parameters, type, "t", "in", type_names,
                        "from the colour to the picture, or from the picture to the colour"),
    WR_PARAMETER(struct fade_parameters, start_frame, "s", "0", 0, INT_MAX,
                 "frame with which it begins"),
    WR_PARAMETER(struct fade_parameters, nb_frames, "n", "25", 1, INT_MAX,
                 "frames it takes, unless there is a duration"),
    WR_PARAMETER(struct fade_parameters, alpha, NULL, "0", 0, 1,
                 "fade only alpha; the colour does not matter"),
    WR_PARAMETER_TEXT(struct fade_parameters, start_time, "st", "0",
                      "when it begins: 2.5, 1:30 or 300ms"),
    WR_PARAMETER_TEXT(struct fade_parameters, duration, "d", "0",
                      "how long it takes, 0: nb_frames"),
    WR_PARAMETER_TEXT(struct fade_parameters, color, "c", "black",
                      "colour to fade from or to: a name or 0xRRGGBB, with @ALPHA"),
};

// The first frame that fades. If only its time or only its number was given, later frames count
// from it. Frames are computed in their order.
struct beginning {
    bool known;
    struct wr_moment moment;
};

struct timing {
    struct beginning beginning;
    bool out;
    int start_frame, nb_frames;
    double start_time, duration; // seconds
};

enum { MOST = 65535 };
static const double rounding = 1e-6; // times come in binary fractions

static bool has_begun(const struct timing *timing, const struct wr_moment *moment)
{
    // A frame without a time counts as one that comes when it should.
    return !(moment->time < timing->start_time - rounding) && moment->number >= timing->start_frame;
}

// 0 to MOST, for a fade in.
static double progress(struct timing *timing, const struct wr_moment *moment)
{
    if (!has_begun(timing, moment))
        return 0;
    struct beginning *beginning = &timing->beginning;
    if (!beginning->known)
        *beginning = (struct beginning){true, *moment};
    if (timing->duration > 0) {
        const bool counts = timing->start_time == 0 && timing->start_frame != 0;
        const double start = counts ? beginning->moment.time : timing->start_time;
        const double done = (moment->time - start) / timing->duration;
        // A frame may come before the one it began with, as frames of damaged files do.
        return isnan(done) ? MOST : floor(fmin(fmax(done, 0), 1) * MOST + rounding);
    }
    const bool counts = timing->start_time != 0 && timing->start_frame == 0;
    const int64_t start = counts ? beginning->moment.number : timing->start_frame;
    const int64_t done = moment->number - start;
    return done > timing->nb_frames ? MOST
                                    : fmin((double)(done * (FADE_ONE / timing->nb_frames)), MOST);
}

static void compute(void *mine, const struct wr_moment *moment, union wr_value *values)
{
    struct timing *timing = mine;
    const int seen = (int)progress(timing, moment);
    const int of_most = timing->out ? MOST - seen : seen;
    values->integer = of_most == MOST ? FADE_ONE : of_most;
}

static enum wr_status parse_time(const struct wr_lowering *lowering, const char *parameter,
                                 const char *text, double *seconds)
{
    if (lowering->syntax->parse_time(text, seconds) || *seconds < 0)
        return wr_refuse(lowering, "%s=%s is not a time such as 2.5, 1:30 or 300ms", parameter,
                         text);
    return WR_OK;
}

static enum wr_status read_timing(const struct wr_lowering *lowering,
                                  const struct fade_parameters *p, struct timing *timing)
{
    timing->out = p->type == OUT;
    timing->start_frame = p->start_frame;
    timing->nb_frames = p->nb_frames;
    const enum wr_status status =
        parse_time(lowering, "start_time", p->start_time, &timing->start_time);
    return status ? status : parse_time(lowering, "duration", p->duration, &timing->duration);
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct fade_parameters *p = values;
    struct wr_picture *picture = &lowering->picture;
    const struct wr_format *format = &picture->format;
    struct timing timing = {0};
    int colors[WR_MAX_PLANES];
    enum wr_status status = read_timing(lowering, p, &timing);
    if (!status)
        status = wr_color_samples(lowering, "color", p->color, colors);
    if (status)
        return status;
    if (p->alpha && !format->alpha)
        return WR_OK; // FFmpeg adds an alpha to fade, which the output leaves out again

    const int value = wr_program_values(lowering->program, 1, compute, &timing, sizeof timing, 0);
    for (int n = 0; n < wr_format_planes(format); n++) {
        const bool alpha = wr_format_is_alpha(format, n);
        if (alpha != p->alpha)
            continue;
        // FFmpeg's constant for chroma at 8 bits is a little less than a half.
        const bool odd_half = format->depth == 8 && wr_format_is_chroma(format, n);
        const struct fade arguments = {(uint32_t)(alpha ? 0 : colors[n]), odd_half ? 32759 : 32768};
        struct wr_pass *pass =
            wr_plane_pass(lowering, &wr_fade_kernel, &arguments, &picture->plane[n]);
        pass->first_value = value;
    }
    return WR_OK;
}

const struct wr_filter wr_fade_filter = {
    .name = "fade",
    .help = "Fade the picture in from a colour, or out to one.",
    .example = "fade=out:st=0.04:d=0.5",
    WR_PARAMETERS(parameters, struct fade_parameters),
    .lower = lower,
};
