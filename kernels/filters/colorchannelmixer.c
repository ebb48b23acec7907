// SPDX-License-Identifier: MIT
// colorchannelmixer: FFmpeg's definition, without rounding in between.
#include "kernels/filters/colorchannelmixer.h"

#include <string.h>

#include "kernels/program/filter.h"

WR_DECLARE_KERNELS

struct mixer_parameters {
    double rr, rg, rb, ra, gr, gg, gb, ga, br, bg, bb, ba, ar, ag, ab, aa;
    int pc;
    double pa;
};

static const char *const keep_names[] = {"none", "lum", "max", "avg", "sum", "nrm", "pwr", NULL};

#define GAIN(field, standard, of, in)                                                              \
    WR_PARAMETER(struct mixer_parameters, field, NULL, standard, -2, 2, of " in the new " in)

static const struct wr_parameter parameters[] = {
    GAIN(rr, "1", "red", "red"),
    GAIN(rg, "0", "green", "red"),
    GAIN(rb, "0", "blue", "red"),
    GAIN(ra, "0", "alpha", "red"),
    GAIN(gr, "0", "red", "green"),
    GAIN(gg, "1", "green", "green"),
    GAIN(gb, "0", "blue", "green"),
    GAIN(ga, "0", "alpha", "green"),
    GAIN(br, "0", "red", "blue"),
    GAIN(bg, "0", "green", "blue"),
    GAIN(bb, "1", "blue", "blue"),
    GAIN(ba, "0", "alpha", "blue"),
    GAIN(ar, "0", "red", "alpha"),
    GAIN(ag, "0", "green", "alpha"),
    GAIN(ab, "0", "blue", "alpha"),
    GAIN(aa, "1", "alpha", "alpha"),
    WR_PARAMETER_CHOICE(struct mixer_parameters, pc, NULL, "none", keep_names,
                        "what each pixel keeps: largest and smallest component together (lum), "
                        "the largest, the average, the sum, the norm, the cubic norm (pwr)"),
    WR_PARAMETER(struct mixer_parameters, pa, NULL, "0", 0, 1, "how much of that is kept"),
};

static void change_alpha(struct wr_lowering *lowering, const struct wr_picture *from,
                         const struct channels_alpha *arguments)
{
    struct wr_plane plane = from->plane[0];
    struct wr_pass *pass = wr_plane_pass(lowering, &mix_alpha_kernel, arguments, &plane);
    for (int n = 1; n < 4; n++)
        wr_pass_in(pass, from->plane[n]);
    lowering->picture.plane[3] = plane;
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct mixer_parameters *p = values;
    const struct wr_picture from = lowering->picture;
    const bool alpha = from.format.alpha;
    const int max = (1 << from.format.depth) - 1;
    const double gain[3][4] = {{p->gg, p->gb, p->gr, alpha ? p->ga : 0},
                               {p->bg, p->bb, p->br, alpha ? p->ba : 0},
                               {p->rg, p->rb, p->rr, alpha ? p->ra : 0}};
    const double alpha_gain[4] = {p->ag, p->ab, p->ar, p->aa};
    static const double same[4] = {0, 0, 0, 1};
    struct channels arguments = {.amount = (float)p->pa, .keep = p->pc, .max = max};
    bool uses_alpha = false;
    for (int n = 0; n < 3; n++) {
        for (int k = 0; k < 4; k++)
            arguments.gain[n][k] = (float)gain[n][k];
        uses_alpha |= gain[n][3] != 0;
    }
    const bool keeps = p->pc != KEEP_NONE && arguments.amount > 0;
    struct wr_pass *pass = wr_color_pass(lowering,
                                         keeps        ? &mix_channels_keep_kernel
                                         : uses_alpha ? &mix_channels_alpha_kernel
                                                      : &mix_channels_kernel,
                                         &arguments);
    if (keeps || uses_alpha)
        wr_pass_in(pass, from.plane[alpha ? 3 : 0]); // without alpha nothing comes of it
    if (alpha && memcmp(alpha_gain, same, sizeof same)) {
        struct channels_alpha weights = {.max = max};
        for (int k = 0; k < 4; k++)
            weights.gain[k] = (float)alpha_gain[k];
        change_alpha(lowering, &from, &weights);
    }
    return WR_OK;
}

const struct wr_filter wr_colorchannelmixer_filter = {
    .name = "colorchannelmixer",
    .help = "Mix the color channels.",
    .example = "colorchannelmixer=.393:.769:.189:0:.349:.686:.168:0:.272:.534:.131",
    .layout = WR_LAYOUT_RGB,
    WR_PARAMETERS(parameters, struct mixer_parameters),
    .lower = lower,
};
