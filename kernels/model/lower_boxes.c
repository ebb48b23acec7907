// SPDX-License-Identifier: MIT
// Operators that join, cut and pad pictures.
#include <string.h>

#include "kernels/model/fold.h"
#include "kernels/model/lower.h"

enum { BATCH, CHANNEL, ROW, COLUMN };

enum wr_status wr_lower_concat(struct wr_resolver *r)
{
    const int inputs = r->node->input_count;
    struct wr_tensor out = {0};
    int axis, tensor;
    enum wr_status status = wr_resolver_axis(r, wr_node_integer(r->node, "axis", 4), 4, &axis);
    if (status)
        return status;
    if (axis != CHANNEL)
        return wr_resolver_refuse(r, "pictures are joined along their channels only");
    for (int n = 0; n < inputs; n++) {
        const struct wr_tensor *const in = wr_resolver_picture(r, n, &tensor, &status);
        if (!in)
            return status;
        if (n && (in->width != out.width || in->height != out.height))
            return wr_resolver_refuse(r, "its inputs differ in size: %dx%d and %dx%d", out.width,
                                      out.height, in->width, in->height);
        const int channels = out.channels + in->channels;
        if (channels > 1 << 16)
            return wr_resolver_refuse(r, "it makes too many channels");
        out = (struct wr_tensor){channels, in->width, in->height};
    }
    struct wr_layer *const layer = wr_resolver_add(r, WR_LAYER_CONCAT, inputs, out, 0);
    if (!layer)
        return r->error->status;
    for (int n = 0; n < inputs; n++)
        wr_resolver_picture(r, n, &layer->in[n], &status);
    return status;
}

static enum wr_status add_slice(struct wr_resolver *r, int tensor, const int64_t *first,
                                const int64_t *sizes, int output)
{
    const struct wr_tensor in = r->tensors[tensor];
    const struct wr_tensor out = {(int)sizes[CHANNEL], (int)sizes[COLUMN], (int)sizes[ROW]};
    if (in.channels == out.channels && in.width == out.width && in.height == out.height)
        return wr_resolver_give_tensor(r, output, tensor);
    struct wr_layer *const layer = wr_resolver_add(r, WR_LAYER_SLICE, 1, out, output);
    if (!layer)
        return r->error->status;
    layer->in[0] = tensor;
    layer->first = (int)first[CHANNEL];
    layer->top = (int)first[ROW];
    layer->left = (int)first[COLUMN];
    return WR_OK;
}

enum wr_status wr_lower_slice(struct wr_resolver *r)
{
    int tensor;
    enum wr_status status;
    const struct wr_tensor *const in = wr_resolver_picture(r, 0, &tensor, &status);
    if (!in)
        return status;
    const int64_t whole[4] = {1, in->channels, in->height, in->width};
    int64_t first[WR_MOST_AXES], sizes[WR_MOST_AXES], steps[WR_MOST_AXES];
    status = wr_fold_box(r, 4, whole, first, sizes, steps);
    for (int n = 0; !status && n < 4; n++) {
        if (sizes[n] < 1)
            status = wr_resolver_refuse(r, "nothing is left of its picture");
        else if (steps[n] != 1 && sizes[n] > 1)
            status = wr_resolver_refuse(r, "its step of %lld is not supported, only 1",
                                        (long long)steps[n]);
    }
    return status ? status : add_slice(r, tensor, first, sizes, 0);
}

enum wr_status wr_lower_split(struct wr_resolver *r)
{
    int tensor, axis;
    enum wr_status status;
    const struct wr_tensor *const in = wr_resolver_picture(r, 0, &tensor, &status);
    const struct wr_constant *const parts = in ? wr_resolver_list(r, 1, "split", &status) : NULL;
    if (!status)
        status = wr_resolver_axis(r, wr_node_integer(r->node, "axis", 0), 4, &axis);
    if (status)
        return status;
    const int outputs = r->node->output_count;
    int64_t first[4] = {0}, sizes[4] = {1, in->channels, in->height, in->width};
    // What does not divide evenly makes the first parts larger in ONNX, the last ones in ncnn.
    const bool is_for_ncnn = wr_node_integer(r->node, "last_is_larger", 0);
    const int64_t whole = sizes[axis], each = (whole + outputs - 1) / outputs;
    if (axis == BATCH || (parts && (int)parts->count != outputs))
        return wr_resolver_refuse(r, "it has not one part for each output");
    for (int n = 0; n < outputs; n++) {
        const int64_t rest = whole - first[axis];
        sizes[axis] = parts         ? wr_constant_integer(parts, (size_t)n)
                      : is_for_ncnn ? rest / (outputs - n)
                      : each < rest ? each
                                    : rest;
        if (sizes[axis] < 1 || sizes[axis] > rest)
            return wr_resolver_refuse(r, "its parts are not together as large as its picture");
        status = add_slice(r, tensor, first, sizes, n);
        if (status)
            return status;
        first[axis] += sizes[axis];
    }
    return first[axis] == whole
               ? WR_OK
               : wr_resolver_refuse(r, "its parts are not together as large as its picture");
}

// How much Pad adds: before[] and after[] each axis.
static enum wr_status read_pads(struct wr_resolver *r, int64_t *before, int64_t *after)
{
    enum wr_status status, axes_status;
    const struct wr_constant *const pads = wr_resolver_constant(r, 1, &status);
    const struct wr_constant *const axes = wr_resolver_constant(r, 3, &axes_status);
    if (status || axes_status)
        return status ? status : axes_status;
    const size_t count = axes ? axes->count : 4;
    if (!pads || pads->count != 2 * count)
        return wr_resolver_refuse(r, "its pads are missing or not two for each axis");
    for (size_t n = 0; n < count; n++) {
        int axis = (int)n;
        if (axes && wr_resolver_axis(r, wr_constant_integer(axes, n), 4, &axis))
            return WR_USAGE;
        before[axis] = wr_constant_integer(pads, n);
        after[axis] = wr_constant_integer(pads, n + count);
    }
    if (before[BATCH] || before[CHANNEL] || after[BATCH] || after[CHANNEL])
        return wr_resolver_refuse(r, "only rows and columns can be added");
    for (int axis = ROW; axis <= COLUMN; axis++)
        if (before[axis] < 0 || after[axis] < 0 || before[axis] > 1 << 20 || after[axis] > 1 << 20)
            return wr_resolver_refuse(r, "it adds %lld and %lld, which is not supported",
                                      (long long)before[axis], (long long)after[axis]);
    return WR_OK;
}

static enum wr_status read_edge(struct wr_resolver *r, enum wr_edge *edge, float *value)
{
    static const char *const modes[] = {
        [WR_EDGE_CONSTANT] = "constant", [WR_EDGE_REFLECT] = "reflect", [WR_EDGE_NEAREST] = "edge"};
    enum wr_status status;
    const struct wr_constant *const given = wr_resolver_constant(r, 2, &status);
    const char *const mode = wr_node_text(r->node, "mode", "constant");
    if (status)
        return status;
    *value = given && given->count == 1 ? (float)wr_constant_number(given, 0) : 0;
    status = given ? wr_resolver_finite(r, given) : WR_OK;
    for (int n = 0; n <= WR_EDGE_NEAREST; n++)
        if (!strcmp(mode, modes[n])) {
            *edge = (enum wr_edge)n;
            return status;
        }
    return wr_resolver_refuse(r, "mode %.20s is not supported, only constant, reflect and edge",
                              mode);
}

enum wr_status wr_lower_pad(struct wr_resolver *r)
{
    int tensor;
    enum wr_edge edge = WR_EDGE_CONSTANT;
    float value = 0;
    int64_t before[4] = {0}, after[4] = {0};
    enum wr_status status;
    const struct wr_tensor *const in = wr_resolver_picture(r, 0, &tensor, &status);
    if (in)
        status = read_pads(r, before, after);
    if (!status)
        status = read_edge(r, &edge, &value);
    if (status)
        return status;
    const int64_t sizes[4] = {1, in->channels, in->height, in->width};
    for (int axis = ROW; edge == WR_EDGE_REFLECT && axis <= COLUMN; axis++)
        if (before[axis] >= sizes[axis] || after[axis] >= sizes[axis])
            return wr_resolver_refuse(r, "pictures of %dx%d are too small to be mirrored so far",
                                      in->width, in->height);
    if (!before[ROW] && !before[COLUMN] && !after[ROW] && !after[COLUMN])
        return wr_resolver_give_tensor(r, 0, tensor);
    const struct wr_tensor out = {in->channels, in->width + (int)(before[COLUMN] + after[COLUMN]),
                                  in->height + (int)(before[ROW] + after[ROW])};
    struct wr_layer *const layer = wr_resolver_add(r, WR_LAYER_PAD, 1, out, 0);
    if (!layer)
        return r->error->status;
    layer->in[0] = tensor;
    layer->left = (int)before[COLUMN];
    layer->top = (int)before[ROW];
    layer->edge = edge;
    layer->value = value;
    return WR_OK;
}
