// SPDX-License-Identifier: MIT
// Reads ONNX files: the model, its graph, its nodes. Field numbers are those of onnx.proto.
#include "kernels/model/onnx.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kernels/model/operators.h"

enum { OLDEST_OPSET = 11, NEWEST_OPSET = 23 };

// What a file of another kind may be, by the ending of its name; empty where nothing is known.
static const char *hint_for(const char *path)
{
    static const struct {
        const char *ending, *hint;
    } hints[] = {
        {".bin", "; a .bin file holds the weights of an ncnn .param: name that"},
        {".pb", "; TensorFlow's files are not read: convert the model to ONNX"},
        {".pt", "; PyTorch's files are not read: export the model to ONNX"},
        {".pth", "; PyTorch's files are not read: export the model to ONNX"},
        {".xml", "; OpenVINO's files are not read: take the ONNX model that they are made from"},
    };
    const char *const ending = strrchr(path, '.');
    for (size_t n = 0; ending && n < sizeof hints / sizeof *hints; n++)
        if (!strcasecmp(ending, hints[n].ending))
            return hints[n].hint;
    return "";
}

enum wr_status wr_onnx_broken(const struct wr_model_file *model, struct wr_error *error)
{
    return wr_model_refuse(model, error, "it is no ONNX file, or it is truncated or damaged%s",
                           hint_for(model->path));
}

enum wr_status wr_onnx_text(const struct wr_model_file *model, const struct wr_field *field,
                            char **text, struct wr_error *error)
{
    const size_t size = wr_protobuf_size(&field->bytes);
    if (field->wire != WR_WIRE_BYTES || size > 4096 || (size && memchr(field->bytes.at, 0, size)))
        return wr_onnx_broken(model, error);
    free(*text);
    return wr_model_print(model, error, text, "%.*s", (int)size,
                          size ? (const char *)field->bytes.at : "");
}

// An input or an output of a node.
static enum wr_status read_connection(struct wr_model_file *model, struct wr_node *node,
                                      const struct wr_field *field, struct wr_error *error)
{
    char *name = NULL;
    int value = -1;
    enum wr_status status = wr_onnx_text(model, field, &name, error);
    if (!status && *name)
        status = wr_model_value(model, name, &value, error);
    free(name);
    if (status)
        return status;
    if (field->number == 1)
        return wr_node_input(model, node, value, error);
    return value < 0 ? WR_OK : wr_node_output(model, node, value, error);
}

static enum wr_status read_attribute(struct wr_model_file *model, struct wr_node *node,
                                     const struct wr_field *field, struct wr_error *error)
{
    struct wr_attribute attribute = {0};
    enum wr_status status = wr_onnx_attribute(model, node, field->bytes, &attribute, error);
    if (!status)
        status = wr_node_attribute(model, node, &attribute, error);
    if (status) {
        free(attribute.name);
        free(attribute.text);
        wr_constant_close(&attribute.numbers);
    }
    return status;
}

// Name, type and domain. A node without a name goes by that of its first output.
static enum wr_status read_names(const struct wr_model_file *model, struct wr_protobuf message,
                                 char **name, char **type, char **domain, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    char *output = NULL;
    struct wr_field field;
    while (!status && wr_protobuf_next(&message, &field)) {
        char **const text = field.number == 2 && !output ? &output
                            : field.number == 3          ? name
                            : field.number == 4          ? type
                            : field.number == 7          ? domain
                                                         : NULL;
        if (text)
            status = wr_onnx_text(model, &field, text, error);
    }
    if (!status && (message.is_broken || !*type))
        status = wr_onnx_broken(model, error);
    if (!status && (!*name || !**name)) {
        free(*name);
        *name = output;
        output = NULL;
    }
    if (!status && !*name)
        status = wr_model_print(model, error, name, "%s", "");
    free(output);
    return status;
}

static enum wr_status open_node(struct wr_model_file *model, struct wr_protobuf message,
                                struct wr_node **node, struct wr_error *error)
{
    char *name = NULL, *type = NULL, *domain = NULL;
    enum wr_status status = read_names(model, message, &name, &type, &domain, error);
    if (!status) {
        const struct wr_node unknown = {.name = name, .type = type};
        const bool is_standard = !domain || !*domain || !strcmp(domain, "ai.onnx");
        const struct wr_operator *const operation = is_standard ? wr_operator_find(type) : NULL;
        status = operation
                     ? wr_model_node(model, name, type, operation, node, error)
                     : wr_node_refuse(model, &unknown, error, "this operator is not supported");
    }
    if (status) {
        free(name);
        free(type);
    }
    free(domain);
    return status;
}

static enum wr_status read_node(struct wr_model_file *model, const struct wr_field *field,
                                struct wr_error *error)
{
    struct wr_node *node = NULL;
    struct wr_protobuf message = field->bytes;
    enum wr_status status = open_node(model, message, &node, error);
    struct wr_field part;
    while (!status && wr_protobuf_next(&message, &part)) {
        if (part.number == 1)
            status = read_connection(model, node, &part, error);
        else if (part.number == 5)
            status = read_attribute(model, node, &part, error);
    }
    // What it makes counts only now: a node does not read its own results.
    for (message = field->bytes; !status && wr_protobuf_next(&message, &part);)
        if (part.number == 2)
            status = read_connection(model, node, &part, error);
    if (!status && !node->output_count)
        status = wr_node_refuse(model, node, error, "it makes nothing");
    return status;
}

static enum wr_status read_initializer(struct wr_model_file *model, const struct wr_field *field,
                                       struct wr_error *error)
{
    char *name = NULL;
    struct wr_constant constant = {0};
    int value;
    enum wr_status status = wr_onnx_tensor(model, field->bytes, &name, &constant, error);
    if (!status)
        status = wr_model_value(model, name, &value, error);
    if (!status)
        status = wr_model_make(model, value, error);
    if (!status)
        model->values[value].constant = constant;
    else
        wr_constant_close(&constant);
    free(name);
    return status;
}

// The message in field `number` of *message, the last one where there are several; empty if none.
static struct wr_protobuf find_message(struct wr_protobuf message, uint32_t number)
{
    struct wr_protobuf found = {0};
    struct wr_field field;
    while (wr_protobuf_next(&message, &field))
        if (field.number == number)
            found = field.bytes;
    return found;
}

// The sizes that a ValueInfoProto gives, 0 for those that it leaves open. *rank is -1 without any.
static void read_sizes(struct wr_protobuf message, int64_t sizes[4], int *rank)
{
    struct wr_protobuf shape = find_message(find_message(find_message(message, 2), 1), 2);
    struct wr_field field, number;
    *rank = shape.at == shape.end ? -1 : 0;
    for (; wr_protobuf_next(&shape, &field) && *rank < 5; ++*rank) {
        int64_t size = 0;
        struct wr_protobuf dimension = field.bytes;
        while (wr_protobuf_next(&dimension, &number))
            if (number.number == 1)
                size = (int64_t)number.value;
        if (*rank < 4)
            sizes[*rank] = size;
    }
}

static enum wr_status read_input(struct wr_model_file *model, struct wr_protobuf message, int value,
                                 struct wr_error *error)
{
    const char *const name = model->values[value].name;
    int64_t sizes[4] = {0};
    int rank;
    read_sizes(message, sizes, &rank);
    if (model->input >= 0)
        return wr_model_refuse(model, error,
                               "it has the inputs '%.80s' and '%.80s', but one picture is all that "
                               "it would be given",
                               model->values[model->input].name, name);
    if (rank != 4 || sizes[1] < 1)
        return wr_model_refuse(
            model, error, "the sizes of its input '%.80s' are not batch, channels, height, width",
            name);
    for (int n = 1; n < 4; n++)
        if (sizes[n] < 0 || sizes[n] > 1 << 20)
            return wr_model_refuse(model, error, "its input '%.80s' has a size of %lld", name,
                                   (long long)sizes[n]);
    model->input = value;
    model->size = (struct wr_tensor){(int)sizes[1], (int)sizes[3], (int)sizes[2]};
    return wr_model_make(model, value, error);
}

// An input or an output of the graph. Old files list the constants among the inputs.
static enum wr_status read_end(struct wr_model_file *model, const struct wr_field *field,
                               struct wr_error *error)
{
    char *name = NULL;
    int value = -1;
    struct wr_field part;
    struct wr_protobuf message = field->bytes;
    enum wr_status status = WR_OK;
    while (!status && wr_protobuf_next(&message, &part))
        if (part.number == 1)
            status = wr_onnx_text(model, &part, &name, error);
    if (!status && (message.is_broken || !name))
        status = wr_onnx_broken(model, error);
    if (!status)
        status = wr_model_value(model, name, &value, error);
    free(name);
    if (status)
        return status;
    if (field->number == 11)
        return model->values[value].is_made ? WR_OK : read_input(model, field->bytes, value, error);
    if (model->output >= 0)
        return wr_model_refuse(model, error, "it has several outputs, '%.80s' and '%.80s'",
                               model->values[model->output].name, model->values[value].name);
    model->output = value;
    return WR_OK;
}

// Reads all fields of that number.
static enum wr_status
read_all(struct wr_model_file *model, struct wr_protobuf graph, uint32_t number,
         enum wr_status (*read)(struct wr_model_file *, const struct wr_field *, struct wr_error *),
         struct wr_error *error)
{
    struct wr_field field;
    enum wr_status status = WR_OK;
    while (!status && wr_protobuf_next(&graph, &field))
        if (field.number == number)
            status = read(model, &field, error);
    return status || !graph.is_broken ? status : wr_onnx_broken(model, error);
}

static enum wr_status refuse_sparse(struct wr_model_file *model, const struct wr_field *field,
                                    struct wr_error *error)
{
    (void)field;
    return wr_model_refuse(model, error, "sparse constants are not supported");
}

static enum wr_status read_graph(struct wr_model_file *model, struct wr_protobuf graph,
                                 struct wr_error *error)
{
    static const struct {
        uint32_t field;
        enum wr_status (*read)(struct wr_model_file *, const struct wr_field *, struct wr_error *);
    } parts[] = {
        {15, refuse_sparse}, {5, read_initializer}, {11, read_end}, {1, read_node}, {12, read_end}};
    enum wr_status status = WR_OK;
    for (size_t n = 0; !status && n < sizeof parts / sizeof *parts; n++)
        status = read_all(model, graph, parts[n].field, parts[n].read, error);
    if (status)
        return status;
    if (model->input < 0)
        return wr_model_refuse(model, error, "it has no input");
    if (model->output < 0 || !model->values[model->output].is_made)
        return wr_model_refuse(model, error, "nothing makes its output");
    return WR_OK;
}

static enum wr_status read_opset(struct wr_model_file *model, const struct wr_field *field,
                                 struct wr_error *error)
{
    int64_t version = 0;
    bool is_standard = true;
    struct wr_protobuf message = field->bytes;
    struct wr_field part;
    while (wr_protobuf_next(&message, &part)) {
        if (part.number == 1)
            is_standard = part.bytes.at == part.bytes.end || (wr_protobuf_size(&part.bytes) == 7 &&
                                                              !memcmp(part.bytes.at, "ai.onnx", 7));
        if (part.number == 2)
            version = (int64_t)part.value;
    }
    if (!is_standard)
        return WR_OK;
    if (version < OLDEST_OPSET || version > NEWEST_OPSET)
        return wr_model_refuse(model, error, "it is written for opset %lld, supported are %d to %d",
                               (long long)version, OLDEST_OPSET, NEWEST_OPSET);
    model->opset = (int)version;
    return WR_OK;
}

enum wr_status wr_onnx_read(struct wr_model_file *model, const void *data, size_t size,
                            struct wr_error *error)
{
    const struct wr_protobuf file = wr_protobuf_of(data, size);
    model->format = "ONNX";
    enum wr_status status = read_all(model, file, 8, read_opset, error);
    if (status)
        return status;
    const struct wr_protobuf graph = find_message(file, 7);
    if (!model->opset || graph.at == graph.end)
        return wr_onnx_broken(model, error);
    return read_graph(model, graph, error);
}
