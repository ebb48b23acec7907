// SPDX-License-Identifier: MIT
// A model as its file describes it: values found by name, nodes with what belongs to them.
#include "kernels/model/model_file.h"

#include <search.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/model/model.h"

enum wr_status wr_model_refuse(const struct wr_model_file *model, struct wr_error *error,
                               const char *format, ...)
{
    char what[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return wr_fail(error, WR_USAGE, "model '%s': %s", model->path, what);
}

enum wr_status wr_node_refuse(const struct wr_model_file *model, const struct wr_node *node,
                              struct wr_error *error, const char *format, ...)
{
    char what[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return wr_fail(error, WR_USAGE, "model '%s': node '%.80s' (%.40s): %s", model->path, node->name,
                   node->type, what);
}

static enum wr_status fail_memory(const struct wr_model_file *model, struct wr_error *error)
{
    return wr_fail(error, WR_FAILED, "model '%s': out of memory", model->path);
}

enum wr_status wr_model_print(const struct wr_model_file *model, struct wr_error *error,
                              char **text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vasprintf(text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        *text = NULL;
        return fail_memory(model, error);
    }
    for (char *at = *text; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7F)
            *at = '?';
    return WR_OK;
}

// Makes room for one more item: arrays grow to the next power of two. NULL if memory is short; then
// the old array is as it was.
static void *grow(void *items, int count, size_t size)
{
    const bool is_full = (count & (count - 1)) == 0;
    return is_full ? realloc(items, (count ? 2 * (size_t)count : 1) * size) : items;
}

// What the search tree holds: the name and number of a value.
struct known_name {
    const char *name;
    int value;
};

static int compare(const void *one, const void *other)
{
    return strcmp(((const struct known_name *)one)->name, ((const struct known_name *)other)->name);
}

enum wr_status wr_model_value(struct wr_model_file *model, const char *name, int *value,
                              struct wr_error *error)
{
    const struct known_name wanted = {name, 0};
    struct known_name *const *found = tfind(&wanted, &model->names, compare);
    if (found) {
        *value = (*found)->value;
        return WR_OK;
    }
    struct wr_named_value *values = grow(model->values, model->value_count, sizeof *values);
    if (values)
        model->values = values;
    char *copy = strdup(name);
    struct known_name *entry = malloc(sizeof *entry);
    if (!values || !copy || !entry)
        goto fail;
    *entry = (struct known_name){copy, model->value_count};
    if (!tsearch(entry, &model->names, compare))
        goto fail;
    values[model->value_count] = (struct wr_named_value){.name = copy};
    *value = model->value_count++;
    return WR_OK;
fail:
    free(entry);
    free(copy);
    return fail_memory(model, error);
}

enum wr_status wr_model_make(struct wr_model_file *model, int value, struct wr_error *error)
{
    if (model->values[value].is_made)
        return wr_model_refuse(model, error, "'%.80s' is made twice", model->values[value].name);
    model->values[value].is_made = true;
    return WR_OK;
}

enum wr_status wr_model_node(struct wr_model_file *model, char *name, char *type,
                             const struct wr_operator *operation, struct wr_node **node,
                             struct wr_error *error)
{
    struct wr_node *nodes = grow(model->nodes, model->node_count, sizeof *nodes);
    if (!nodes)
        return fail_memory(model, error);
    model->nodes = nodes;
    *node = &nodes[model->node_count++];
    **node = (struct wr_node){.name = name, .type = type, .operation = operation};
    return WR_OK;
}

static enum wr_status append(const struct wr_model_file *model, int **values, int *count, int value,
                             struct wr_error *error)
{
    int *more = grow(*values, *count, sizeof *more);
    if (!more)
        return fail_memory(model, error);
    *values = more;
    more[(*count)++] = value;
    return WR_OK;
}

enum wr_status wr_node_input(struct wr_model_file *model, struct wr_node *node, int value,
                             struct wr_error *error)
{
    if (value >= 0 && !model->values[value].is_made)
        return wr_node_refuse(model, node, error, "reads '%.80s', which nothing before it makes",
                              model->values[value].name);
    return append(model, &node->inputs, &node->input_count, value, error);
}

enum wr_status wr_node_output(struct wr_model_file *model, struct wr_node *node, int value,
                              struct wr_error *error)
{
    const enum wr_status status = wr_model_make(model, value, error);
    return status ? status : append(model, &node->outputs, &node->output_count, value, error);
}

enum wr_status wr_node_attribute(struct wr_model_file *model, struct wr_node *node,
                                 const struct wr_attribute *attribute, struct wr_error *error)
{
    struct wr_attribute *more = grow(node->attributes, node->attribute_count, sizeof *more);
    if (!more)
        return fail_memory(model, error);
    node->attributes = more;
    more[node->attribute_count++] = *attribute;
    return WR_OK;
}

const struct wr_attribute *wr_node_find(const struct wr_node *node, const char *name)
{
    for (int n = 0; n < node->attribute_count; n++)
        if (!strcmp(node->attributes[n].name, name))
            return &node->attributes[n];
    return NULL;
}

int64_t wr_node_integer(const struct wr_node *node, const char *name, int64_t otherwise)
{
    const struct wr_attribute *found = wr_node_find(node, name);
    return found && found->numbers.count ? wr_constant_integer(&found->numbers, 0) : otherwise;
}

double wr_node_number(const struct wr_node *node, const char *name, double otherwise)
{
    const struct wr_attribute *found = wr_node_find(node, name);
    return found && found->numbers.count ? wr_constant_number(&found->numbers, 0) : otherwise;
}

const char *wr_node_text(const struct wr_node *node, const char *name, const char *otherwise)
{
    const struct wr_attribute *found = wr_node_find(node, name);
    return found && found->text ? found->text : otherwise;
}

struct wr_model_file *wr_model_new(const char *path)
{
    struct wr_model_file *model = calloc(1, sizeof *model);
    if (!model)
        return NULL;
    model->input = model->output = -1;
    model->path = strdup(path);
    if (!model->path)
        wr_model_close(&model);
    return model;
}

static void close_node(struct wr_node *node)
{
    for (int n = 0; n < node->attribute_count; n++) {
        free(node->attributes[n].name);
        free(node->attributes[n].text);
        wr_constant_close(&node->attributes[n].numbers);
    }
    free(node->attributes);
    free(node->inputs);
    free(node->outputs);
    free(node->name);
    free(node->type);
}

void wr_model_close(struct wr_model_file **model)
{
    struct wr_model_file *const m = *model;
    if (!m)
        return;
    for (int n = 0; n < m->node_count; n++)
        close_node(&m->nodes[n]);
    tdestroy(m->names, free);
    for (int n = 0; n < m->value_count; n++) {
        free(m->values[n].name);
        wr_constant_close(&m->values[n].constant);
    }
    free(m->nodes);
    free(m->values);
    free(m->path);
    free(m);
    *model = NULL;
}
