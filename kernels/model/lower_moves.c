// SPDX-License-Identifier: MIT
// Operators that only move values: rearrange, enlarge, join, cut, pad.
#include <math.h>
#include <string.h>

#include "kernels/model/fold.h"
#include "kernels/model/lower.h"

enum { MOST_FACTOR = 64 };

static enum wr_status add_rearrangement(struct wr_resolver *r, enum wr_layer_kind kind, int tensor,
                                        int64_t factor, bool column_major)
{
    struct wr_tensor size = r->tensors[tensor];
    if (factor < 1 || factor > MOST_FACTOR)
        return wr_resolver_refuse(r, "a block size of %lld is not supported, only 1 to %d",
                                  (long long)factor, MOST_FACTOR);
    const int f = (int)factor;
    if (f == 1)
        return wr_resolver_give_tensor(r, 0, tensor);
    if (kind == WR_LAYER_DEPTH_TO_SPACE) {
        if (size.channels % (f * f))
            return wr_resolver_refuse(r, "%d channels are not a multiple of %dx%d", size.channels,
                                      f, f);
        size = (struct wr_tensor){size.channels / (f * f), size.width * f, size.height * f};
    } else {
        if (size.width % f || size.height % f)
            return wr_resolver_refuse(r, "pictures of %dx%d cannot be cut into squares of %dx%d",
                                      size.width, size.height, f, f);
        size = (struct wr_tensor){size.channels * f * f, size.width / f, size.height / f};
    }
    struct wr_layer *const layer = wr_resolver_add(r, kind, 1, size, 0);
    if (!layer)
        return r->error->status;
    layer->in[0] = tensor;
    layer->factor = f;
    layer->column_major = column_major;
    return WR_OK;
}

enum wr_status wr_lower_rearrangement(struct wr_resolver *r)
{
    int tensor;
    enum wr_status status;
    const enum wr_layer_kind kind = (enum wr_layer_kind)r->node->operation->detail;
    const char *const mode = wr_node_text(r->node, "mode", "DCR");
    if (!wr_resolver_picture(r, 0, &tensor, &status))
        return status;
    if (strcmp(mode, "DCR") && strcmp(mode, "CRD"))
        return wr_resolver_refuse(r, "mode %.20s is not supported", mode);
    return add_rearrangement(r, kind, tensor, wr_node_integer(r->node, "blocksize", 0),
                             !strcmp(mode, "DCR"));
}

// The other ways to write depth-to-space and space-to-depth: sizes of the first Reshape, where C, H
// and W are those of the smaller picture or the fewer channels, and the order of Transpose.
static const struct pattern {
    enum wr_layer_kind kind;
    int order[6];
    bool column_major;
    int factors[2], height, width; // which axes of the six
} patterns[] = {
    {WR_LAYER_DEPTH_TO_SPACE, {0, 1, 4, 2, 5, 3}, false, {2, 3}, 4, 5},
    {WR_LAYER_DEPTH_TO_SPACE, {0, 3, 4, 1, 5, 2}, true, {1, 2}, 4, 5},
    {WR_LAYER_SPACE_TO_DEPTH, {0, 1, 3, 5, 2, 4}, false, {3, 5}, 2, 4},
    {WR_LAYER_SPACE_TO_DEPTH, {0, 3, 5, 1, 2, 4}, true, {3, 5}, 2, 4},
};

// The second Reshape: what has been said before has to be one of the patterns.
static enum wr_status end_rearrangement(struct wr_resolver *r, const struct wr_known *in)
{
    int64_t now[6], sizes[WR_MOST_AXES];
    int rank;
    for (int n = 0; n < 6; n++)
        now[n] = in->sizes[in->order[n]];
    const enum wr_status status = wr_fold_new_shape(r, 6, now, &rank, sizes);
    if (status)
        return status;
    for (size_t n = 0; n < sizeof patterns / sizeof *patterns; n++) {
        const struct pattern *const p = &patterns[n];
        bool fits =
            in->sizes[p->factors[0]] == in->sizes[p->factors[1]] && rank == 4 && sizes[0] == 1;
        for (int axis = 0; axis < 6; axis++)
            fits &= in->order[axis] == p->order[axis];
        const int64_t factor = in->sizes[p->factors[0]];
        const struct wr_tensor from = r->tensors[in->tensor];
        const bool to_space = p->kind == WR_LAYER_DEPTH_TO_SPACE;
        fits = fits && sizes[3] == (to_space ? from.width * factor : from.width / factor) &&
               sizes[2] == (to_space ? from.height * factor : from.height / factor) &&
               in->sizes[p->width] == (to_space ? from.width : sizes[3]) &&
               in->sizes[p->height] == (to_space ? from.height : sizes[2]);
        if (fits)
            return add_rearrangement(r, p->kind, in->tensor, factor, p->column_major);
    }
    return wr_resolver_refuse(r, "it rearranges values in a way that is not supported");
}

enum wr_status wr_lower_reshape(struct wr_resolver *r)
{
    const struct wr_known *const in = wr_resolver_input(r, 0);
    if (!in || in->kind == WR_CONSTANT)
        return wr_resolver_refuse(r, "its new shape has to be a constant");
    if (in->kind == WR_REARRANGED)
        return end_rearrangement(r, in);
    const struct wr_tensor size = r->tensors[in->tensor];
    const int64_t old[4] = {1, size.channels, size.height, size.width};
    int64_t sizes[WR_MOST_AXES];
    int rank;
    const enum wr_status status = wr_fold_new_shape(r, 4, old, &rank, sizes);
    if (status)
        return status;
    if (rank == 4 && !memcmp(sizes, old, sizeof old))
        return wr_resolver_give_tensor(r, 0, in->tensor);
    if (rank != 6 || sizes[0] != 1)
        return wr_resolver_refuse(r, "it rearranges values in a way that is not supported");
    struct wr_known *const out = &r->values[r->node->outputs[0]];
    *out = (struct wr_known){.kind = WR_REARRANGED, .tensor = in->tensor};
    memcpy(out->sizes, sizes, sizeof out->sizes);
    for (int n = 0; n < 6; n++)
        out->order[n] = n;
    return WR_OK;
}

enum wr_status wr_lower_transpose(struct wr_resolver *r)
{
    const struct wr_known *const in = wr_resolver_input(r, 0);
    if (!in || in->kind != WR_REARRANGED)
        return wr_resolver_refuse(r, "it is supported only between two nodes Reshape");
    struct wr_known out = *in;
    int64_t order[6];
    const enum wr_status status = wr_fold_order(r, 6, order);
    for (int n = 0; !status && n < 6; n++)
        out.order[n] = in->order[order[n]];
    r->values[r->node->outputs[0]] = out;
    return status;
}

// By how much Resize enlarges rows and columns.
static enum wr_status read_factor(struct wr_resolver *r, struct wr_tensor size, double *factor)
{
    enum wr_status status[2];
    const struct wr_constant *scales = wr_resolver_constant(r, 2, &status[0]);
    const struct wr_constant *sizes = wr_resolver_constant(r, 3, &status[1]);
    const struct wr_attribute *const axes = wr_node_find(r->node, "axes");
    if (status[0] || status[1])
        return status[0] ? status[0] : status[1];
    sizes = sizes && sizes->count ? sizes : NULL;
    const struct wr_constant *const given = sizes ? sizes : scales;
    if (!given || given->count != (axes ? axes->numbers.count : 4))
        return wr_resolver_refuse(r, "its scales or sizes are missing or not one for each axis");
    const int old[4] = {1, size.channels, size.height, size.width};
    double factors[4] = {1, 1, 1, 1};
    for (size_t n = 0; n < given->count; n++) {
        int axis = (int)n;
        if (axes && wr_resolver_axis(r, wr_constant_integer(&axes->numbers, n), 4, &axis))
            return WR_USAGE;
        factors[axis] = wr_constant_number(given, n) / (sizes ? old[axis] : 1);
    }
    *factor = factors[2];
    return factors[0] == 1 && factors[1] == 1 && factors[2] == factors[3]
               ? WR_OK
               : wr_resolver_refuse(r, "it does not change width and height alike");
}

// The same as a whole number.
static enum wr_status take_whole(struct wr_resolver *r, double factor, int *whole)
{
    if (!(factor >= 1 && factor <= MOST_FACTOR && factor == floor(factor)))
        return wr_resolver_refuse(r, "nearest and linear are supported by whole numbers up to %d",
                                  MOST_FACTOR);
    *whole = (int)factor;
    return WR_OK;
}

// Bicubic is supported as most exporters write it.
static bool is_usual_cubic(const struct wr_node *node, bool is_half)
{
    return is_half && !wr_node_integer(node, "antialias", 0) &&
           !wr_node_integer(node, "exclude_outside", 0);
}

// Nearest is supported where every pixel becomes a square.
static bool makes_squares(const char *where, const char *rounding, int factor)
{
    if (!strcmp(where, "asymmetric"))
        return !strcmp(rounding, "floor") ||
               (factor == 2 && !strcmp(rounding, "round_prefer_floor"));
    return !strncmp(rounding, "round_prefer_", 13) && strcmp(where, "align_corners");
}

enum wr_status wr_lower_resize(struct wr_resolver *r)
{
    int tensor, factor = 1;
    double exact = 1;
    enum wr_status status;
    const struct wr_tensor *const in = wr_resolver_picture(r, 0, &tensor, &status);
    if (in)
        status = read_factor(r, *in, &exact);
    if (status)
        return status;
    const char *const mode = wr_node_text(r->node, "mode", "nearest");
    const char *const where = wr_node_text(r->node, "coordinate_transformation_mode", "half_pixel");
    const char *const rounding = wr_node_text(r->node, "nearest_mode", "round_prefer_floor");
    const bool is_linear = !strcmp(mode, "linear");
    const bool is_half = !strcmp(where, "half_pixel") || !strcmp(where, "pytorch_half_pixel");
    if (!is_half && strcmp(where, "asymmetric") && strcmp(where, "align_corners"))
        return wr_resolver_refuse(r, "coordinates by %.40s are not supported", where);
    if (!strcmp(mode, "cubic") && is_usual_cubic(r->node, is_half))
        return exact == 1 ? wr_resolver_give_tensor(r, 0, tensor)
                          : wr_lower_cubic(r, tensor, exact);
    if (!is_linear && strcmp(mode, "nearest"))
        return wr_resolver_refuse(r, "mode %.20s with %.40s is not supported", mode, where);
    status = take_whole(r, exact, &factor);
    if (status)
        return status;
    if (factor == 1)
        return wr_resolver_give_tensor(r, 0, tensor);
    if (!is_linear && !makes_squares(where, rounding, factor))
        return wr_resolver_refuse(r, "nearest by %.40s and %.40s is not supported", where,
                                  rounding);
    const struct wr_tensor out = {in->channels, in->width * factor, in->height * factor};
    struct wr_layer *const layer =
        wr_resolver_add(r, is_linear ? WR_LAYER_RESIZE_LINEAR : WR_LAYER_RESIZE_NEAREST, 1, out, 0);
    if (!layer)
        return r->error->status;
    layer->in[0] = tensor;
    layer->factor = factor;
    layer->align_corners = !strcmp(where, "align_corners");
    layer->half_pixel = is_linear && is_half;
    return WR_OK;
}
