// SPDX-License-Identifier: MIT
// Convolutions, and the normalization that becomes part of one.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/model/lower.h"

enum { MOST_KERNEL = 255, MOST_STRIDE = 64 };

// What both kinds of convolution are told.
struct shape {
    int width, height;            // of the kernel
    int left, top, right, bottom; // padding
    int stride;
    int extra_width, extra_height; // of a transposed convolution
};

// Numbers of an attribute that has `count` of them, between `low` and `high`.
static enum wr_status read_list(struct wr_resolver *r, const char *name, int count, int64_t low,
                                int64_t high, int *numbers)
{
    const struct wr_attribute *const list = wr_node_find(r->node, name);
    if (!list)
        return WR_OK;
    if (list->text || (int)list->numbers.count != count)
        return wr_resolver_refuse(r, "%s is no list of %d numbers", name, count);
    for (int n = 0; n < count; n++) {
        const int64_t number = wr_constant_integer(&list->numbers, (size_t)n);
        if (low == high && number != low)
            return wr_resolver_refuse(r, "%s of %lld is not supported, only %lld", name,
                                      (long long)number, (long long)low);
        if (number < low || number > high)
            return wr_resolver_refuse(r, "%s of %lld is not supported, only %lld to %lld", name,
                                      (long long)number, (long long)low, (long long)high);
        numbers[n] = (int)number;
    }
    return WR_OK;
}

// Padding that keeps the size.
static enum wr_status apply_auto_pad(struct wr_resolver *r, struct shape *s, bool is_transposed)
{
    const char *const way = wr_node_text(r->node, "auto_pad", "NOTSET");
    if (!strcmp(way, "NOTSET"))
        return WR_OK;
    s->left = s->top = s->right = s->bottom = 0;
    if (!strcmp(way, "VALID"))
        return WR_OK;
    if (is_transposed || (strcmp(way, "SAME_UPPER") && strcmp(way, "SAME_LOWER")))
        return wr_resolver_refuse(r, "auto_pad %.20s is not supported", way);
    const bool is_upper = !strcmp(way, "SAME_UPPER");
    s->left = (s->width - is_upper) / 2;
    s->top = (s->height - is_upper) / 2;
    s->right = s->width - 1 - s->left;
    s->bottom = s->height - 1 - s->top;
    return WR_OK;
}

static enum wr_status read_shape(struct wr_resolver *r, const struct wr_constant *weights,
                                 bool is_transposed, struct shape *s)
{
    if (weights->sizes[2] < 1 || weights->sizes[2] > MOST_KERNEL || weights->sizes[3] < 1 ||
        weights->sizes[3] > MOST_KERNEL)
        return wr_resolver_refuse(r, "a kernel of %lldx%lld is not supported, only up to %d",
                                  (long long)weights->sizes[3], (long long)weights->sizes[2],
                                  MOST_KERNEL);
    *s = (struct shape){.width = (int)weights->sizes[3], .height = (int)weights->sizes[2]};
    int strides[2] = {1, 1}, ones[2], extra[2] = {0}, pads[4] = {0};
    int kernel[2] = {s->height, s->width}, groups = 1;
    enum wr_status status = read_list(r, "strides", 2, 1, is_transposed ? MOST_STRIDE : 1, strides);
    if (!status)
        status = read_list(r, "dilations", 2, 1, 1, ones);
    if (!status)
        status = read_list(r, "group", 1, 1, 1, &groups);
    if (!status)
        status = read_list(r, "pads", 4, 0, MOST_KERNEL, pads);
    if (!status && is_transposed)
        status = read_list(r, "output_padding", 2, 0, MOST_STRIDE, extra);
    if (!status)
        status = read_list(r, "kernel_shape", 2, 1, MOST_KERNEL, kernel);
    if (status)
        return status;
    if (kernel[0] != s->height || kernel[1] != s->width || strides[0] != strides[1])
        return wr_resolver_refuse(r, strides[0] != strides[1]
                                         ? "strides that differ are not supported"
                                         : "kernel_shape is not that of its weights");
    s->top = pads[0], s->left = pads[1], s->bottom = pads[2], s->right = pads[3];
    s->stride = strides[0];
    s->extra_height = extra[0], s->extra_width = extra[1];
    return apply_auto_pad(r, s, is_transposed);
}

// Weights from [out][in][y][x], or [in][out][y][x] where transposed, to [out][y][x][in].
static void arrange(float *to, const struct wr_constant *from, bool is_transposed)
{
    int64_t steps[WR_MOST_AXES];
    wr_constant_steps(from, steps);
    const int64_t *const sizes = from->sizes;
    const int out = is_transposed, in = !is_transposed;
    for (int64_t o = 0; o < sizes[out]; o++)
        for (int64_t y = 0; y < sizes[2]; y++)
            for (int64_t x = 0; x < sizes[3]; x++)
                for (int64_t i = 0; i < sizes[in]; i++)
                    *to++ = (float)wr_constant_number(
                        from, (size_t)(o * steps[out] + i * steps[in] + y * steps[2] + x));
}

static enum wr_status add_convolution(struct wr_resolver *r, const struct wr_constant *weights,
                                      const struct shape *s, int tensor, struct wr_tensor out,
                                      bool is_transposed)
{
    struct wr_layer *const layer =
        wr_resolver_add(r, is_transposed ? WR_LAYER_CONV_TRANSPOSE : WR_LAYER_CONV, 1, out, 0);
    if (!layer)
        return r->error->status;
    layer->in[0] = tensor;
    layer->kernel_width = s->width;
    layer->kernel_height = s->height;
    layer->left = s->left;
    layer->top = s->top;
    layer->stride = s->stride;
    layer->weights = wr_resolver_weights(r, weights->count);
    if (!layer->weights)
        return r->error->status;
    arrange(layer->weights, weights, is_transposed);
    enum wr_status status;
    const struct wr_constant *const bias = wr_resolver_constant(r, 2, &status);
    if (status)
        return status;
    if (bias && (bias->rank != 1 || bias->sizes[0] != out.channels))
        return wr_resolver_refuse(r, "its bias is not one value for each of %d channels",
                                  out.channels);
    layer->bias = wr_resolver_weights(r, (size_t)out.channels);
    if (!layer->bias)
        return r->error->status;
    for (size_t n = 0; bias && n < bias->count; n++)
        layer->bias[n] = (float)wr_constant_number(bias, n);
    return bias ? wr_resolver_finite(r, bias) : WR_OK;
}

static enum wr_status convolve(struct wr_resolver *r, bool is_transposed)
{
    int tensor;
    enum wr_status status;
    struct shape s = {0};
    const struct wr_constant *const weights = wr_resolver_constant(r, 1, &status);
    if (status)
        return status;
    if (!weights || weights->rank != 4 || !weights->count)
        return wr_resolver_refuse(r, "its weights are missing or have not four axes");
    const struct wr_tensor *const found = wr_resolver_picture(r, 0, &tensor, &status);
    if (!found)
        return status;
    const struct wr_tensor in = *found;
    status = read_shape(r, weights, is_transposed, &s);
    if (!status)
        status = wr_resolver_finite(r, weights);
    if (status)
        return status;
    if (weights->sizes[!is_transposed] != in.channels)
        return wr_resolver_refuse(r, "its weights are for %lld channels, but it is given %d",
                                  (long long)weights->sizes[!is_transposed], in.channels);
    if (weights->sizes[is_transposed] > 1 << 16)
        return wr_resolver_refuse(r, "it makes too many channels");
    struct wr_tensor out = {.channels = (int)weights->sizes[is_transposed]};
    if (is_transposed) {
        out.width = (in.width - 1) * s.stride - s.left - s.right + s.width + s.extra_width;
        out.height = (in.height - 1) * s.stride - s.top - s.bottom + s.height + s.extra_height;
    } else {
        out.width = in.width + s.left + s.right - s.width + 1;
        out.height = in.height + s.top + s.bottom - s.height + 1;
    }
    if (is_transposed && wr_node_find(r->node, "output_shape"))
        return wr_resolver_refuse(r, "output_shape is not supported");
    return add_convolution(r, weights, &s, tensor, out, is_transposed);
}

enum wr_status wr_lower_convolution(struct wr_resolver *r)
{
    return convolve(r, false);
}

enum wr_status wr_lower_transposed_convolution(struct wr_resolver *r)
{
    return convolve(r, true);
}

// Whether a value is the picture of that tensor; several may be, where nodes change nothing.
static bool is_tensor(const struct wr_resolver *r, int value, int tensor)
{
    const struct wr_known *known = value >= 0 ? &r->values[value] : NULL;
    return known && known->kind == WR_PICTURE && known->tensor == tensor;
}

// How many nodes make something else of a tensor; the model's output counts as one.
static int count_readers(const struct wr_resolver *r, int tensor)
{
    int readers = is_tensor(r, r->model->output, tensor);
    for (int n = 0; n < r->model->node_count; n++) {
        const struct wr_node *const node = &r->model->nodes[n];
        bool reads = false;
        for (int k = 0; k < node->input_count; k++)
            reads |= is_tensor(r, node->inputs[k], tensor);
        readers += reads && !is_tensor(r, node->outputs[0], tensor);
    }
    return readers;
}

// The layer that made the node's picture, if it is a convolution that nobody else reads.
static struct wr_layer *convolution_before(const struct wr_resolver *r, int tensor)
{
    const int readers = count_readers(r, tensor);
    struct wr_layer *const layer = tensor ? &r->network->layers[tensor - 1] : NULL;
    const bool is_convolution = layer && layer->weights;
    return is_convolution && readers == 1 ? layer : NULL;
}

// Multiplies what a convolution makes in channel c by scale[c] and adds shift[c].
static enum wr_status scale_weights(struct wr_resolver *r, struct wr_layer *layer,
                                    const float *scale, const float *shift)
{
    const int channels = layer->out.channels;
    const size_t each = (size_t)r->tensors[layer->in[0]].channels * (size_t)layer->kernel_width *
                        (size_t)layer->kernel_height;
    bool is_finite = true;
    for (int c = 0; c < channels; c++) {
        float *const weights = layer->weights + (size_t)c * each;
        for (size_t n = 0; n < each; n++)
            is_finite &= isfinite(weights[n] *= scale[c]) != 0;
        layer->bias[c] = (float)((double)layer->bias[c] * (double)scale[c] + (double)shift[c]);
        is_finite &= isfinite(layer->bias[c]) != 0;
    }
    return is_finite ? WR_OK : wr_resolver_refuse(r, "its weights come out too large");
}

// The normalization as a multiplication and an addition: factors into *scale, terms into *shift.
static enum wr_status find_normalization(struct wr_resolver *r, int channels, float *scale,
                                         float *shift)
{
    enum { SCALE = 1, BIAS, MEAN, VARIANCE };
    const struct wr_constant *lists[VARIANCE + 1];
    const double epsilon = wr_node_number(r->node, "epsilon", 1e-5);
    for (int n = SCALE; n <= VARIANCE; n++) {
        enum wr_status status;
        lists[n] = wr_resolver_constant(r, n, &status);
        if (status || !lists[n] || lists[n]->count != (size_t)channels)
            return wr_resolver_refuse(r, "its input %d is not one value for each of %d channels",
                                      n + 1, channels);
    }
    for (int c = 0; c < channels; c++) {
        const double factor = wr_constant_number(lists[SCALE], (size_t)c) /
                              sqrt(wr_constant_number(lists[VARIANCE], (size_t)c) + epsilon);
        scale[c] = (float)factor;
        shift[c] = (float)(wr_constant_number(lists[BIAS], (size_t)c) -
                           wr_constant_number(lists[MEAN], (size_t)c) * factor);
        if (!isfinite(scale[c]) || !isfinite(shift[c]))
            return wr_resolver_refuse(r, "one of its weights is not a finite number");
    }
    return WR_OK;
}

enum wr_status wr_lower_normalization(struct wr_resolver *r)
{
    int tensor;
    enum wr_status status;
    const struct wr_tensor *const in = wr_resolver_picture(r, 0, &tensor, &status);
    if (!in)
        return status;
    struct wr_layer *const before = convolution_before(r, tensor);
    if (!before)
        return wr_resolver_refuse(r, "it is supported only behind a convolution that nothing else "
                                     "reads");
    float *const scale = wr_resolver_weights(r, (size_t)in->channels);
    float *const shift = scale ? wr_resolver_weights(r, (size_t)in->channels) : NULL;
    status = shift ? find_normalization(r, in->channels, scale, shift) : r->error->status;
    if (!status)
        status = scale_weights(r, before, scale, shift);
    free(scale);
    free(shift);
    return status ? status : wr_resolver_give_tensor(r, 0, tensor);
}
