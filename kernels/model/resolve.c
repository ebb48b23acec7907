// SPDX-License-Identifier: MIT
// Resolves a model for pictures of one size: node after node becomes a constant or a layer.
#include "kernels/model/resolve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/model/model.h"
#include "kernels/model/tidy.h"

enum { MOST_CHANNELS = 1 << 16, MOST_WIDTH = 1 << 20 };
static const size_t most_weights = (size_t)1 << 28;
static const int64_t most_values = (int64_t)1 << 40; // of one picture

enum wr_status wr_resolver_fail(const struct wr_resolver *r)
{
    return wr_fail(r->error, WR_FAILED, "model '%s': out of memory", r->model->path);
}

const struct wr_known *wr_resolver_input(const struct wr_resolver *r, int n)
{
    const int value = n < r->node->input_count ? r->node->inputs[n] : -1;
    return value < 0 ? NULL : &r->values[value];
}

const struct wr_constant *wr_resolver_constant(const struct wr_resolver *r, int n,
                                               enum wr_status *status)
{
    const struct wr_known *const input = wr_resolver_input(r, n);
    *status = WR_OK;
    if (input && input->kind == WR_CONSTANT)
        return &input->constant;
    if (input)
        *status = wr_resolver_refuse(r, "its input %d has to be a constant", n + 1);
    return NULL;
}

const struct wr_tensor *wr_resolver_picture(const struct wr_resolver *r, int n, int *tensor,
                                            enum wr_status *status)
{
    const struct wr_known *const input = wr_resolver_input(r, n);
    *status = WR_OK;
    if (input && input->kind == WR_PICTURE) {
        *tensor = input->tensor;
        return &r->tensors[input->tensor];
    }
    *status = wr_resolver_refuse(r, "its input %d has to be a picture", n + 1);
    return NULL;
}

enum wr_status wr_resolver_axis(const struct wr_resolver *r, int64_t axis, int rank, int *found)
{
    if (axis < -rank || axis >= rank)
        return wr_resolver_refuse(r, "there is no axis %lld of %d", (long long)axis, rank);
    *found = (int)(axis < 0 ? axis + rank : axis);
    return WR_OK;
}

const struct wr_constant *wr_resolver_list(const struct wr_resolver *r, int n, const char *name,
                                           enum wr_status *status)
{
    const struct wr_constant *const input = wr_resolver_constant(r, n, status);
    const struct wr_attribute *const attribute = wr_node_find(r->node, name);
    return input || *status || !attribute ? input : &attribute->numbers;
}

enum wr_status wr_resolver_room(struct wr_resolver *r, int rank, const int64_t *sizes)
{
    const int64_t count = rank <= WR_MOST_AXES ? wr_constant_count(rank, sizes) : -1;
    if (count < 0 || count > r->room)
        return wr_resolver_refuse(r, "its result has too many values");
    r->room -= count;
    return WR_OK;
}

enum wr_status wr_resolver_give(struct wr_resolver *r, struct wr_constant *constant)
{
    r->values[r->node->outputs[0]] =
        (struct wr_known){.kind = WR_CONSTANT, .constant = *constant, .is_own = true};
    return WR_OK;
}

enum wr_status wr_resolver_give_tensor(struct wr_resolver *r, int output, int tensor)
{
    if (output >= r->node->output_count)
        return wr_resolver_refuse(r, "it has too few outputs");
    r->values[r->node->outputs[output]] = (struct wr_known){.kind = WR_PICTURE, .tensor = tensor};
    return WR_OK;
}

static enum wr_status check_size(const struct wr_resolver *r, struct wr_tensor size)
{
    if (size.width < 1 || size.height < 1 || size.channels < 1)
        return wr_resolver_refuse(r, "pictures of %dx%d are too small for this model",
                                  r->tensors[0].width, r->tensors[0].height);
    if (size.channels > MOST_CHANNELS || size.width > MOST_WIDTH || size.height > MOST_WIDTH ||
        (int64_t)size.width * size.height > most_values / size.channels)
        return wr_resolver_refuse(r, "its result of %d channels of %dx%d is too large",
                                  size.channels, size.width, size.height);
    return WR_OK;
}

struct wr_layer *wr_resolver_add(struct wr_resolver *r, enum wr_layer_kind kind, int inputs,
                                 struct wr_tensor out, int output)
{
    struct wr_network *const network = r->network;
    const size_t count = (size_t)network->count;
    if (check_size(r, out))
        return NULL;
    struct wr_layer *const layers = realloc(network->layers, (count + 1) * sizeof *layers);
    if (layers)
        network->layers = layers;
    struct wr_tensor *const tensors = realloc(r->tensors, (count + 2) * sizeof *tensors);
    if (tensors)
        r->tensors = tensors;
    if (!layers || !tensors) {
        wr_resolver_fail(r);
        return NULL;
    }
    struct wr_layer *const layer = &layers[count];
    *layer = (struct wr_layer){.kind = kind, .inputs = inputs, .out = out};
    tensors[++network->count] = out;
    layer->name = strdup(r->node->name);
    layer->type = strdup(r->node->type);
    layer->in = calloc((size_t)inputs, sizeof *layer->in);
    if (!layer->name || !layer->type || !layer->in) {
        wr_resolver_fail(r);
        return NULL;
    }
    return wr_resolver_give_tensor(r, output, network->count) ? NULL : layer;
}

float *wr_resolver_weights(struct wr_resolver *r, size_t count)
{
    float *weights = NULL;
    if (count > most_weights - r->weights)
        wr_resolver_refuse(r, "the model has more than %zu weights", most_weights);
    else if (!(weights = calloc(count, sizeof *weights)))
        wr_resolver_fail(r);
    else
        r->weights += count;
    return weights;
}

enum wr_status wr_resolver_finite(const struct wr_resolver *r, const struct wr_constant *c)
{
    for (size_t n = 0; n < c->count; n++)
        if (!isfinite(wr_constant_number(c, n)))
            return wr_resolver_refuse(r, "one of its weights is not a finite number");
    return WR_OK;
}

float *wr_resolver_channels(struct wr_resolver *r, int n, int channels)
{
    enum wr_status status;
    const struct wr_constant *const c = wr_resolver_constant(r, n, &status);
    if (!c) {
        if (!status)
            wr_resolver_refuse(r, "its input %d is missing", n + 1);
        return NULL;
    }
    // Seen from the end, the axes are column, row, channel, batch.
    const int64_t has = c->rank >= 3 ? c->sizes[c->rank - 3] : 1;
    if ((int64_t)c->count != has || (has != 1 && has != channels)) {
        wr_resolver_refuse(r, "its constant is not one value for each of %d channels", channels);
        return NULL;
    }
    if (wr_resolver_finite(r, c))
        return NULL;
    float *const values = wr_resolver_weights(r, (size_t)channels);
    for (int k = 0; values && k < channels; k++)
        values[k] = (float)wr_constant_number(c, has == 1 ? 0 : (size_t)k);
    return values;
}

static enum wr_status resolve_node(struct wr_resolver *r)
{
    bool all_constant = true;
    for (int n = 0; n < r->node->input_count; n++) {
        const struct wr_known *const input = wr_resolver_input(r, n);
        all_constant &= !input || input->kind == WR_CONSTANT;
        if (input && input->kind == WR_NOT_KNOWN)
            return wr_resolver_refuse(r, "its input %d is a result that is not supported", n + 1);
    }
    const struct wr_operator *const operation = r->node->operation;
    if (all_constant)
        return operation->fold ? operation->fold(r)
                               : wr_resolver_refuse(r, "it is not supported for constants");
    return operation->lower ? operation->lower(r)
                            : wr_resolver_refuse(r, "it is not supported for pictures");
}

static enum wr_status resolve_nodes(struct wr_resolver *r)
{
    const struct wr_model_file *const model = r->model;
    r->room = 1 << 20;
    for (int n = 0; n < model->value_count; n++) {
        r->room += 4 * (int64_t)model->values[n].constant.count;
        if (model->values[n].constant.integers || model->values[n].constant.floats)
            r->values[n] =
                (struct wr_known){.kind = WR_CONSTANT, .constant = model->values[n].constant};
    }
    r->values[model->input] = (struct wr_known){.kind = WR_PICTURE};
    for (int n = 0; n < model->node_count; n++) {
        r->node = &model->nodes[n];
        const enum wr_status status = resolve_node(r);
        if (status)
            return status;
    }
    return r->values[model->output].kind == WR_PICTURE
               ? WR_OK
               : wr_model_refuse(model, r->error, "its output '%.80s' is no picture",
                                 model->values[model->output].name);
}

static enum wr_status check_input(const struct wr_model_file *model, int width, int height,
                                  struct wr_error *error)
{
    const struct wr_tensor size = model->size;
    if ((size.width && size.width != width) || (size.height && size.height != height))
        return wr_model_refuse(model, error, "it takes only pictures of %dx%d, not of %dx%d",
                               size.width ? size.width : width, size.height ? size.height : height,
                               width, height);
    if (size.channels > MOST_CHANNELS || width < 1 || height < 1 || width > MOST_WIDTH ||
        height > MOST_WIDTH)
        return wr_model_refuse(model, error, "it cannot take %d channels of %dx%d", size.channels,
                               width, height);
    return WR_OK;
}

enum wr_status wr_network_open(struct wr_network **network, const struct wr_model_file *model,
                               int width, int height, struct wr_error *error)
{
    struct wr_error unread;
    error = error ? error : &unread;
    *network = NULL;
    enum wr_status status = check_input(model, width, height, error);
    if (status)
        return status;
    struct wr_resolver r = {.model = model, .error = error};
    r.network = calloc(1, sizeof *r.network);
    r.values = calloc((size_t)model->value_count, sizeof *r.values);
    r.tensors = calloc(1, sizeof *r.tensors);
    if (!r.network || !r.values || !r.tensors) {
        status = wr_resolver_fail(&r);
    } else {
        r.network->input = r.tensors[0] = (struct wr_tensor){model->size.channels, width, height};
        status = resolve_nodes(&r);
    }
    if (!status && !wr_network_tidy(r.network, r.values[model->output].tensor))
        status = wr_resolver_fail(&r);
    for (int n = 0; r.values && n < model->value_count; n++)
        if (r.values[n].is_own)
            wr_constant_close(&r.values[n].constant);
    free(r.values);
    free(r.tensors);
    if (status)
        wr_network_close(&r.network);
    *network = r.network;
    return status;
}
