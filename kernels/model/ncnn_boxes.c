// SPDX-License-Identifier: MIT
// ncnn's layers that cut pictures or put margins around them, in ONNX's words. Numbers of
// parameters are ncnn's.
#include <stdio.h>

#include "kernels/model/ncnn_nodes.h"

// Stands for "all that is left" among sizes.
enum { REST = -233 };

// Cuts pieces of known sizes off a picture, and makes what is left the last one.
static enum wr_status cut_off(struct wr_ncnn *n, double axis, const double *sizes)
{
    double start = 0;
    enum wr_status status = WR_OK;
    for (int k = 0; !status && k < n->output_count; k++) {
        char names[3][32];
        const bool is_last = k == n->output_count - 1;
        const double end = is_last ? INT32_MAX : start + sizes[k];
        snprintf(names[0], sizeof names[0], "start %d", k);
        snprintf(names[1], sizeof names[1], "end %d", k);
        snprintf(names[2], sizeof names[2], "axis %d", k);
        status = wr_ncnn_begin(n, "Slice");
        if (!status)
            status = wr_ncnn_connect(n, 0, 1);
        if (!status)
            status = wr_ncnn_numbers(n, names[0], true, 1, &start);
        if (!status)
            status = wr_ncnn_numbers(n, names[1], true, 1, &end);
        if (!status)
            status = wr_ncnn_numbers(n, names[2], true, 1, &axis);
        if (!status)
            status = wr_node_output(n->model, n->node, n->outputs[k], n->error);
        start = end;
    }
    return status;
}

// Cuts a picture in pieces: all alike, or of sizes of their own, of which the last may be the rest.
enum wr_status wr_ncnn_slice(struct wr_ncnn *n)
{
    const struct wr_constant *const parts = &n->parameters[0];
    const int axis = wr_ncnn_integer(n, 1, 0);
    const double onnx_axis = axis < 0 ? axis : axis + 1;
    const double yes = 1;
    double sizes[64];
    size_t open = 0;
    if (parts->count > 64 || (int)parts->count != n->output_count || n->input_count != 1)
        return wr_ncnn_refuse(n, "its list of sizes is not supported");
    for (size_t k = 0; k < parts->count; k++) {
        sizes[k] = wr_constant_number(parts, k);
        open += sizes[k] == REST;
        if (sizes[k] != REST && !(sizes[k] >= 1 && sizes[k] < 1 << 24))
            return wr_ncnn_refuse(n, "its list of sizes is not supported");
    }
    if (open == 1 && parts->count > 1 && sizes[parts->count - 1] == REST)
        return cut_off(n, onnx_axis, sizes);
    if (open && open < parts->count)
        return wr_ncnn_refuse(n, "its list of sizes is not supported: only the last, or all, may "
                                 "be -233");
    enum wr_status status = wr_ncnn_begin(n, "Split");
    if (!status)
        status = wr_ncnn_connect(n, 0, n->input_count);
    if (!status && !open)
        status = wr_ncnn_numbers(n, "sizes", true, (int)parts->count, sizes);
    if (!status)
        status = wr_ncnn_set_integers(n, "axis", 1, &onnx_axis);
    if (!status)
        status = wr_ncnn_set_integers(n, "last_is_larger", 1, &yes);
    return status ? status : wr_ncnn_end(n);
}

// Where Crop begins and ends along channels, rows and columns. Ends count as in ONNX.
static enum wr_status read_box(struct wr_ncnn *n, double *starts, double *ends)
{
    const struct wr_constant *const first = &n->parameters[9], *const last = &n->parameters[10],
                                    *const axes = &n->parameters[11];
    for (int k = 0; k < 3; k++) {
        const int size = wr_ncnn_integer(n, 5 - k, REST), after = wr_ncnn_integer(n, 8 - k, 0);
        starts[k] = wr_ncnn_integer(n, 2 - k, 0);
        ends[k] = size != REST ? starts[k] + size : after ? -(double)after : INT32_MAX;
    }
    if (first->count != last->count || (axes->count && axes->count != first->count) ||
        first->count > 3)
        return wr_ncnn_refuse(n, "its lists of starts, ends and axes are not supported");
    for (size_t k = 0; k < first->count; k++) {
        const int64_t axis = axes->count ? wr_constant_integer(axes, k) : (int64_t)k;
        if (axis < -3 || axis > 2)
            return wr_ncnn_refuse(n, "it has no axis %lld", (long long)axis);
        const int64_t place = axis < 0 ? axis + 3 : axis;
        starts[place] = wr_constant_number(first, k);
        ends[place] = wr_constant_number(last, k);
        ends[place] = ends[place] == REST ? INT32_MAX : ends[place];
    }
    return WR_OK;
}

enum wr_status wr_ncnn_crop(struct wr_ncnn *n)
{
    static const double axes[] = {1, 2, 3};
    double starts[3], ends[3];
    if (n->input_count != 1)
        return wr_ncnn_refuse(n, "it is supported with one input only");
    enum wr_status status = read_box(n, starts, ends);
    if (!status)
        status = wr_ncnn_begin(n, "Slice");
    if (!status)
        status = wr_ncnn_connect(n, 0, 1);
    if (!status)
        status = wr_ncnn_numbers(n, "starts", true, 3, starts);
    if (!status)
        status = wr_ncnn_numbers(n, "ends", true, 3, ends);
    if (!status)
        status = wr_ncnn_numbers(n, "axes", true, 3, axes);
    return status ? status : wr_ncnn_end(n);
}

enum wr_status wr_ncnn_padding(struct wr_ncnn *n)
{
    static const char *const modes[] = {"constant", "edge", "reflect"};
    const int mode = wr_ncnn_integer(n, 4, 0);
    const double value = wr_ncnn_number(n, 5, 0);
    const double pads[8] = {
        0, wr_ncnn_integer(n, 7, 0), wr_ncnn_integer(n, 0, 0), wr_ncnn_integer(n, 2, 0),
        0, wr_ncnn_integer(n, 8, 0), wr_ncnn_integer(n, 1, 0), wr_ncnn_integer(n, 3, 0)};
    if (mode < 0 || mode > 2 || n->input_count != 1 || wr_ncnn_integer(n, 6, 0))
        return wr_ncnn_refuse(n, "padding of this kind is not supported");
    enum wr_status status = wr_ncnn_begin(n, "Pad");
    if (!status)
        status = wr_ncnn_connect(n, 0, 1);
    if (!status)
        status = wr_ncnn_numbers(n, "pads", true, 8, pads);
    if (!status)
        status = wr_ncnn_numbers(n, "value", false, 1, &value);
    if (!status)
        status = wr_ncnn_set_text(n, "mode", modes[mode]);
    return status ? status : wr_ncnn_end(n);
}
