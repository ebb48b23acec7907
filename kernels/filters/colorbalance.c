// SPDX-License-Identifier: MIT
// colorbalance: FFmpeg's definition.
#include "kernels/filters/colorbalance.h"

#include "kernels/program/filter.h"

WR_DEFINE_KERNELS

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
    const float strength = 0.7f;
    const struct balance arguments = {
        {(float)p->gs * strength, (float)p->bs * strength, (float)p->rs * strength},
        {(float)p->gm * strength, (float)p->bm * strength, (float)p->rm * strength},
        {(float)p->gh * strength, (float)p->bh * strength, (float)p->rh * strength},
        (float)((1 << lowering->picture.format.depth) - 1)};
    wr_color_pass(lowering, p->pl ? &wr_balance_lightness_kernel : &wr_balance_kernel, &arguments);
    return WR_OK;
}

const struct wr_filter wr_colorbalance_filter = {
    .name = "colorbalance",
    .help = "Move the balance of red, green and blue in shadows, midtones and highlights.",
    .example = "colorbalance=rs=0.2:bm=-0.1:gh=0.05",
    .works_on = WR_ON_RGB,
    WR_PARAMETERS(parameters, struct balance_parameters),
    .lower = lower,
};
