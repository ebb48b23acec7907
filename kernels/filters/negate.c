// SPDX-License-Identifier: MIT
// negate: the negative of a picture, max - value in every chosen component.
#include "kernels/program/map.h"

struct negate_parameters {
    unsigned components;
    bool negate_alpha;
};

enum { Y = 1, U = 2, V = 4, R = 8, G = 16, B = 32, A = 64 };

static const char *const component_names[] = {"y", "u", "v", "r", "g", "b", "a", NULL};

static const struct wr_parameter parameters[] = {
    WR_PARAMETER_FLAGS(struct negate_parameters, components, NULL, "y+u+v+r+g+b", component_names,
                       "components to negate"),
    WR_PARAMETER(struct negate_parameters, negate_alpha, NULL, "0", 0, 1, "negate alpha too"),
};

static unsigned component_of(const struct wr_format *format, int plane)
{
    static const unsigned in_order[][3] = {
        [WR_GRAY] = {Y, 0, 0}, [WR_YUV] = {Y, U, V}, [WR_RGB] = {G, B, R}};
    return wr_format_is_alpha(format, plane) ? A : in_order[format->model][plane];
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct negate_parameters *p = values;
    const unsigned chosen = p->components | (p->negate_alpha ? A : 0);
    struct wr_picture *picture = &lowering->picture;
    const int max = (1 << picture->format.depth) - 1;

    uint16_t negative[WR_MAX_VALUES];
    for (int v = 0; v <= max; v++)
        negative[v] = (uint16_t)(max - v);
    for (int n = 0; n < wr_format_planes(&picture->format); n++)
        if (component_of(&picture->format, n) & chosen)
            picture->plane[n] = wr_map(lowering, picture->plane[n], negative);
    return WR_OK;
}

const struct wr_filter wr_negate_filter = {
    .name = "negate",
    .help = "Turn the picture into its negative.",
    .example = "negate=components=y",
    WR_PARAMETERS(parameters, struct negate_parameters),
    .lower = lower,
};
