// SPDX-License-Identifier: MIT
// colorbalance: FFmpeg's definition.
#include "kernels/colorbalance.h"

#include "kernels/filter.h"

WR_DECLARE_KERNELS

struct balance_parameters {
    double rs, gs, bs, rm, gm, bm, rh, gh, bh;
    bool pl;
};

#define AMOUNT(field, what) WR_PARAMETER(struct balance_parameters, field, NULL, "0", -1, 1, what)

static const struct wr_parameter parameters[] = {
    AMOUNT(rs, "more red in shadows, less below 0"),
    AMOUNT(gs, "more green in shadows"),
    AMOUNT(bs, "more blue in shadows"),
    AMOUNT(rm, "more red in midtones"),
    AMOUNT(gm, "more green in midtones"),
    AMOUNT(bm, "more blue in midtones"),
    AMOUNT(rh, "more red in highlights"),
    AMOUNT(gh, "more green in highlights"),
    AMOUNT(bh, "more blue in highlights"),
    WR_PARAMETER(struct balance_parameters, pl, NULL, "0", 0, 1,
                 "preserve the lightness of each pixel"),
};

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct balance_parameters *p = values;
    struct wr_picture *picture = &lowering->picture;
    const float strength = 0.7f;
    const struct balance arguments = {
        {(float)p->gs * strength, (float)p->bs * strength, (float)p->rs * strength},
        {(float)p->gm * strength, (float)p->bm * strength, (float)p->rm * strength},
        {(float)p->gh * strength, (float)p->bh * strength, (float)p->rh * strength},
        (float)((1 << picture->format.depth) - 1)};
    struct wr_plane out[3];
    for (int n = 0; n < 3; n++)
        out[n] = wr_program_buffer(lowering->program, WR_SAMPLE, &picture->format,
                                   picture->plane[n].width, picture->plane[n].height);
    struct wr_pass *pass =
        wr_program_pass(lowering->program, p->pl ? &balance_lightness_kernel : &balance_kernel,
                        lowering->filter, &picture->format, &arguments);
    for (int n = 0; n < 3; n++) {
        wr_pass_in(pass, picture->plane[n]);
        wr_pass_out(pass, out[n]);
        picture->plane[n] = out[n];
    }
    return WR_OK;
}

const struct wr_filter wr_colorbalance_filter = {
    .name = "colorbalance",
    .help = "Move the balance of red, green and blue in shadows, midtones and highlights.",
    .example = "colorbalance=rs=0.2:bm=-0.1:gh=0.05",
    .layout = WR_LAYOUT_RGB,
    WR_PARAMETERS(parameters, struct balance_parameters),
    .lower = lower,
};
