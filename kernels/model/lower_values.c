// SPDX-License-Identifier: MIT
// Operators that compute each value of a picture by itself.
#include <math.h>
#include <stdlib.h>

#include "kernels/model/fold.h"
#include "kernels/model/lower.h"

enum wr_status wr_lower_identity(struct wr_resolver *r)
{
    int tensor;
    enum wr_status status;
    if (!wr_resolver_picture(r, 0, &tensor, &status))
        return status;
    for (int n = 0; !status && n < r->node->output_count; n++)
        status = wr_resolver_give_tensor(r, n, tensor);
    return status;
}

enum wr_status wr_lower_cast(struct wr_resolver *r)
{
    const int64_t to = wr_node_integer(r->node, "to", 0);
    if (to != 1 && to != 10 && to != 11)
        return wr_resolver_refuse(r, "conversion of a picture to data type %lld is not supported",
                                  (long long)to);
    return wr_lower_identity(r);
}

enum wr_status wr_lower_shape(struct wr_resolver *r)
{
    int tensor;
    enum wr_status status;
    const struct wr_tensor *const in = wr_resolver_picture(r, 0, &tensor, &status);
    if (!in)
        return status;
    const int64_t sizes[4] = {1, in->channels, in->height, in->width};
    return wr_fold_sizes(r, 4, sizes);
}

// A layer that reads one picture and makes one of its size.
static struct wr_layer *add_same(struct wr_resolver *r, enum wr_layer_kind kind, int input)
{
    int tensor;
    enum wr_status status;
    const struct wr_tensor *const in = wr_resolver_picture(r, input, &tensor, &status);
    struct wr_layer *const layer = in ? wr_resolver_add(r, kind, 1, *in, 0) : NULL;
    if (layer)
        layer->in[0] = tensor;
    return layer;
}

// Limits of Clip: since opset 11 inputs.
static enum wr_status read_limits(struct wr_resolver *r, struct wr_layer *layer)
{
    float *const limits[2] = {&layer->low, &layer->high};
    static const char *const names[] = {"min", "max"};
    layer->low = -INFINITY;
    layer->high = INFINITY;
    for (int n = 0; n < 2; n++) {
        enum wr_status status;
        const struct wr_constant *const limit = wr_resolver_list(r, n + 1, names[n], &status);
        if (status)
            return status;
        if (limit && limit->count == 1)
            *limits[n] = (float)wr_constant_number(limit, 0);
        else if (limit)
            return wr_resolver_refuse(r, "its %s is not one number", names[n]);
    }
    return layer->low <= layer->high ? WR_OK
                                     : wr_resolver_refuse(r, "its limits %g and %g enclose nothing",
                                                          (double)layer->low, (double)layer->high);
}

static enum wr_status read_slope(struct wr_resolver *r, struct wr_layer *layer)
{
    const float slope = (float)wr_node_number(r->node, "alpha", 0.01);
    layer->slope = wr_resolver_weights(r, (size_t)layer->out.channels);
    if (!layer->slope)
        return r->error->status;
    for (int c = 0; c < layer->out.channels; c++)
        layer->slope[c] = slope;
    return isfinite(slope) ? WR_OK : wr_resolver_refuse(r, "its slope is not a finite number");
}

enum wr_status wr_lower_activation(struct wr_resolver *r)
{
    struct wr_layer *const layer = add_same(r, WR_LAYER_PER_VALUE, 0);
    if (!layer)
        return r->error->status;
    layer->activation = (enum wr_activation)r->node->operation->detail;
    if (layer->activation == WR_ACTIVATION_CLIP)
        return read_limits(r, layer);
    return layer->activation == WR_ACTIVATION_PRELU ? read_slope(r, layer) : WR_OK;
}

enum wr_status wr_lower_prelu(struct wr_resolver *r)
{
    struct wr_layer *const layer = add_same(r, WR_LAYER_PER_VALUE, 0);
    if (!layer)
        return r->error->status;
    layer->activation = WR_ACTIVATION_PRELU;
    layer->slope = wr_resolver_channels(r, 1, layer->out.channels);
    return layer->slope ? WR_OK : r->error->status;
}

// Of a picture and a constant.
static enum wr_status add_constant(struct wr_resolver *r, int picture)
{
    const int detail = r->node->operation->detail;
    const bool divides = detail == WR_DIVIDE;
    if (divides && picture != 0)
        return wr_resolver_refuse(r, "division by a picture is not supported");
    const enum wr_layer_kind kind = divides ? WR_LAYER_MULTIPLY : (enum wr_layer_kind)detail;
    struct wr_layer *const layer = add_same(r, kind, picture);
    if (!layer)
        return r->error->status;
    layer->constant_first = picture == 1;
    layer->constant = wr_resolver_channels(r, 1 - picture, layer->out.channels);
    if (!layer->constant)
        return r->error->status;
    for (int c = 0; divides && c < layer->out.channels; c++) {
        layer->constant[c] = 1.0f / layer->constant[c];
        if (!isfinite(layer->constant[c]))
            return wr_resolver_refuse(r, "it divides by zero");
    }
    return WR_OK;
}

enum wr_status wr_lower_binary(struct wr_resolver *r)
{
    const struct wr_known *const first = wr_resolver_input(r, 0), *const second =
                                                                      wr_resolver_input(r, 1);
    if (!first || !second || r->node->input_count != 2)
        return wr_resolver_refuse(r, "it has not two inputs");
    if (first->kind == WR_CONSTANT || second->kind == WR_CONSTANT)
        return add_constant(r, first->kind == WR_CONSTANT);
    if (r->node->operation->detail == WR_DIVIDE)
        return wr_resolver_refuse(r, "division by a picture is not supported");
    int tensors[2];
    enum wr_status status;
    const struct wr_tensor *const a = wr_resolver_picture(r, 0, &tensors[0], &status);
    const struct wr_tensor *const b = a ? wr_resolver_picture(r, 1, &tensors[1], &status) : NULL;
    if (!b)
        return status;
    if (a->channels != b->channels || a->width != b->width || a->height != b->height)
        return wr_resolver_refuse(
            r, "its inputs differ in size: %d channels of %dx%d and %d of %dx%d", a->channels,
            a->width, a->height, b->channels, b->width, b->height);
    struct wr_layer *const layer =
        wr_resolver_add(r, (enum wr_layer_kind)r->node->operation->detail, 2, *a, 0);
    if (!layer)
        return r->error->status;
    layer->in[0] = tensors[0];
    layer->in[1] = tensors[1];
    return WR_OK;
}
