// SPDX-License-Identifier: MIT
// Nodes that ncnn's layers become.
#include "kernels/model/ncnn_nodes.h"

#include <stdlib.h>
#include <string.h>

#include "kernels/model/operators.h"

enum wr_status wr_ncnn_begin(struct wr_ncnn *n, const char *operation)
{
    char *name = NULL, *type = NULL;
    enum wr_status status = wr_model_print(n->model, n->error, &name, "%s", n->name);
    if (!status)
        status = wr_model_print(n->model, n->error, &type, "%s", n->type);
    if (!status)
        status =
            wr_model_node(n->model, name, type, wr_operator_find(operation), &n->node, n->error);
    if (status) {
        free(name);
        free(type);
    }
    return status;
}

enum wr_status wr_ncnn_connect(struct wr_ncnn *n, int first, int count)
{
    enum wr_status status = WR_OK;
    for (int k = 0; !status && k < count; k++)
        status = wr_node_input(n->model, n->node, n->inputs[first + k], n->error);
    return status;
}

enum wr_status wr_ncnn_end(struct wr_ncnn *n)
{
    enum wr_status status = WR_OK;
    for (int k = 0; !status && k < n->output_count; k++)
        status = wr_node_output(n->model, n->node, n->outputs[k], n->error);
    return status;
}

enum wr_status wr_ncnn_inner(struct wr_ncnn *n, const char *what, int *value)
{
    char *name;
    enum wr_status status = wr_model_print(n->model, n->error, &name, "%s %s", n->name, what);
    if (!status)
        status = wr_model_value(n->model, name, value, n->error);
    free(name);
    return status;
}

enum wr_status wr_ncnn_constant(struct wr_ncnn *n, const char *what, struct wr_constant *c)
{
    int value;
    enum wr_status status = wr_ncnn_inner(n, what, &value);
    if (!status)
        status = wr_model_make(n->model, value, n->error);
    if (status)
        wr_constant_close(c);
    else
        n->model->values[value].constant = *c;
    return status ? status : wr_node_input(n->model, n->node, value, n->error);
}

enum wr_status wr_ncnn_numbers(struct wr_ncnn *n, const char *what, bool is_integer, int count,
                               const double *numbers)
{
    const int64_t size = count;
    struct wr_constant c;
    if (!wr_constant_open(&c, is_integer, 1, &size))
        return wr_fail(n->error, WR_FAILED, "model '%s': out of memory", n->model->path);
    for (int k = 0; k < count; k++)
        wr_constant_put(&c, (size_t)k, numbers[k]);
    return wr_ncnn_constant(n, what, &c);
}

enum wr_status wr_ncnn_set(struct wr_ncnn *n, const char *name, const char *text, bool is_integer,
                           int count, const double *numbers)
{
    const int64_t size = count;
    struct wr_attribute attribute = {.name = strdup(name), .text = text ? strdup(text) : NULL};
    enum wr_status status = WR_OK;
    if (!attribute.name || (text && !attribute.text) ||
        !wr_constant_open(&attribute.numbers, is_integer, 1, &size))
        status = wr_fail(n->error, WR_FAILED, "model '%s': out of memory", n->model->path);
    for (int k = 0; !status && k < count; k++)
        wr_constant_put(&attribute.numbers, (size_t)k, numbers[k]);
    if (!status)
        status = wr_node_attribute(n->model, n->node, &attribute, n->error);
    if (status) {
        free(attribute.name);
        free(attribute.text);
        wr_constant_close(&attribute.numbers);
    }
    return status;
}

enum wr_status wr_ncnn_set_text(struct wr_ncnn *n, const char *name, const char *text)
{
    return wr_ncnn_set(n, name, text, true, 0, NULL);
}

enum wr_status wr_ncnn_set_integers(struct wr_ncnn *n, const char *name, int count,
                                    const double *numbers)
{
    return wr_ncnn_set(n, name, NULL, true, count, numbers);
}

enum wr_status wr_ncnn_plain(struct wr_ncnn *n, const char *operation)
{
    enum wr_status status = wr_ncnn_begin(n, operation);
    if (!status)
        status = wr_ncnn_connect(n, 0, n->input_count);
    return status ? status : wr_ncnn_end(n);
}
