// SPDX-License-Identifier: MIT
// Reads the constants and attributes of ONNX files. Field numbers are those of onnx.proto.
#include <stdlib.h>
#include <string.h>

#include "kernels/model/onnx.h"

enum data_type { FLOAT32 = 1, INT32 = 6, INT64 = 7, FLOAT16 = 10, FLOAT64 = 11 };

// A TensorProto before its values are read. Sizes may be packed or not; values are looked for again
// once their number is known.
struct tensor {
    int64_t sizes[WR_MOST_AXES];
    int rank;
    int64_t type;
    bool is_elsewhere; // its values are in another file
    struct wr_protobuf raw;
};

static void add_sizes(struct tensor *tensor, struct wr_field *field)
{
    uint64_t size = field->value;
    bool has_size = field->wire == WR_WIRE_NUMBER;
    while (has_size || wr_protobuf_number(&field->bytes, WR_WIRE_NUMBER, &size)) {
        if (tensor->rank < WR_MOST_AXES)
            tensor->sizes[tensor->rank] = (int64_t)size;
        if (tensor->rank <= WR_MOST_AXES)
            tensor->rank++;
        has_size = false;
    }
}

static enum wr_status read_head(const struct wr_model_file *model, struct wr_protobuf message,
                                struct tensor *tensor, char **name, struct wr_error *error)
{
    struct wr_field field;
    enum wr_status status = WR_OK;
    while (!status && wr_protobuf_next(&message, &field)) {
        switch (field.number) {
        case 1:
            add_sizes(tensor, &field);
            break;
        case 2:
            tensor->type = (int64_t)field.value;
            break;
        case 8:
            status = wr_onnx_text(model, &field, name, error);
            break;
        case 9:
            tensor->raw = field.bytes;
            break;
        case 13:
            tensor->is_elsewhere = true;
            break;
        case 14:
            tensor->is_elsewhere |= field.value == 1;
            break;
        default:
            break;
        }
    }
    if (!status && !*name)
        status = wr_model_print(model, error, name, "%s", "");
    return status || !message.is_broken ? status : wr_onnx_broken(model, error);
}

// One value from its bits, of so many bytes in raw_data.
static double value_of(int64_t type, uint64_t bits)
{
    union {
        uint32_t bits;
        float value;
    } single = {.bits = (uint32_t)bits};
    union {
        uint64_t bits;
        double value;
    } wide = {.bits = bits};
    switch (type) {
    case FLOAT32:
        return (double)single.value;
    case FLOAT16:
        return (double)wr_float_from_half((uint16_t)bits);
    case FLOAT64:
        return wide.value;
    default:
        return (double)(int32_t)bits;
    }
}

static void put(struct wr_constant *c, size_t n, int64_t type, uint64_t bits)
{
    if (type == INT64)
        c->integers[n] = (int64_t)bits;
    else
        wr_constant_put(c, n, value_of(type, bits));
}

static bool read_raw(const struct tensor *tensor, struct wr_constant *c)
{
    const size_t size = tensor->type == FLOAT16                            ? 2
                        : tensor->type == INT64 || tensor->type == FLOAT64 ? 8
                                                                           : 4;
    if (wr_protobuf_size(&tensor->raw) != c->count * size)
        return false;
    for (size_t n = 0; n < c->count; n++) {
        uint64_t bits = 0;
        for (size_t byte = 0; byte < size; byte++)
            bits |= (uint64_t)tensor->raw.at[n * size + byte] << (8 * byte);
        put(c, n, tensor->type, bits);
    }
    return true;
}

// Values in the field that is meant for their type, packed or one by one.
static bool read_typed(const struct tensor *tensor, struct wr_protobuf message,
                       struct wr_constant *c)
{
    const uint32_t wanted = tensor->type == FLOAT32   ? 4
                            : tensor->type == INT64   ? 7
                            : tensor->type == FLOAT64 ? 10
                                                      : 5;
    const enum wr_wire wire = tensor->type == FLOAT32   ? WR_WIRE_32
                              : tensor->type == FLOAT64 ? WR_WIRE_64
                                                        : WR_WIRE_NUMBER;
    size_t count = 0;
    struct wr_field field;
    while (wr_protobuf_next(&message, &field)) {
        if (field.number != wanted)
            continue;
        uint64_t bits = field.value;
        bool has_value = field.wire != WR_WIRE_BYTES;
        while (has_value || wr_protobuf_number(&field.bytes, wire, &bits)) {
            if (count < c->count)
                put(c, count, tensor->type, bits);
            count++;
            has_value = false;
        }
        if (field.bytes.is_broken)
            return false;
    }
    return count == c->count;
}

// Whether that many values could be in a message of that size. Every value takes a byte or more.
static bool is_plausible(const struct tensor *tensor, struct wr_protobuf message)
{
    const int64_t count = wr_constant_count(tensor->rank, tensor->sizes);
    return count >= 0 && (uint64_t)count <= wr_protobuf_size(&message);
}

enum wr_status wr_onnx_tensor(const struct wr_model_file *model, struct wr_protobuf message,
                              char **name, struct wr_constant *constant, struct wr_error *error)
{
    struct tensor tensor = {0};
    enum wr_status status = read_head(model, message, &tensor, name, error);
    if (status)
        return status;
    const char *const label = *name;
    const int64_t type = tensor.type;
    if (tensor.is_elsewhere)
        return wr_model_refuse(
            model, error, "constant '%.80s' is in another file, which is not supported", label);
    if (type != FLOAT32 && type != FLOAT16 && type != FLOAT64 && type != INT32 && type != INT64)
        return wr_model_refuse(
            model, error,
            "constant '%.80s' is of ONNX's data type %lld, supported are 1, 6, 7, "
            "10 and 11",
            label, (long long)type);
    if (tensor.rank > WR_MOST_AXES)
        return wr_model_refuse(model, error, "constant '%.80s' has more than %d sizes", label,
                               WR_MOST_AXES);
    if (!is_plausible(&tensor, message))
        return wr_model_refuse(model, error,
                               "constant '%.80s' has a negative size or more values than the file",
                               label);
    if (!wr_constant_open(constant, type == INT32 || type == INT64, tensor.rank, tensor.sizes))
        return wr_fail(error, WR_FAILED, "model '%s': out of memory", model->path);
    if (tensor.raw.at ? read_raw(&tensor, constant) : read_typed(&tensor, message, constant))
        return WR_OK;
    wr_constant_close(constant);
    return wr_model_refuse(model, error, "constant '%.80s' has not as many values as its sizes say",
                           label);
}

// A list of whole numbers (i, ints) or of float32 (f, floats).
static enum wr_status read_numbers(const struct wr_model_file *model, struct wr_protobuf message,
                                   bool is_integer, struct wr_constant *numbers,
                                   struct wr_error *error)
{
    const enum wr_wire wire = is_integer ? WR_WIRE_NUMBER : WR_WIRE_32;
    const uint32_t one = is_integer ? 3 : 2, many = is_integer ? 8 : 7;
    const int64_t most = (int64_t)wr_protobuf_size(&message);
    size_t count = 0;
    struct wr_field field;
    if (!wr_constant_open(numbers, is_integer, 1, &most))
        return wr_model_refuse(model, error, "a list of numbers is too long");
    while (wr_protobuf_next(&message, &field)) {
        if (field.number != one && field.number != many)
            continue;
        uint64_t bits = field.value;
        bool has_value = field.wire != WR_WIRE_BYTES;
        while (has_value || wr_protobuf_number(&field.bytes, wire, &bits)) {
            put(numbers, count++, is_integer ? INT64 : FLOAT32, bits);
            has_value = false;
        }
        if (field.bytes.is_broken)
            return wr_onnx_broken(model, error);
    }
    numbers->count = count;
    numbers->sizes[0] = (int64_t)count;
    return message.is_broken ? wr_onnx_broken(model, error) : WR_OK;
}

enum wr_status wr_onnx_attribute(const struct wr_model_file *model, const struct wr_node *node,
                                 struct wr_protobuf message, struct wr_attribute *attribute,
                                 struct wr_error *error)
{
    enum wr_status status = WR_OK;
    bool has_floats = false, has_tensor = false;
    struct wr_protobuf part = message;
    struct wr_field field;
    while (!status && wr_protobuf_next(&part, &field)) {
        if (field.number == 1 || field.number == 4) {
            char **const text = field.number == 1 ? &attribute->name : &attribute->text;
            status = wr_onnx_text(model, &field, text, error);
        } else if (field.number == 5 && !has_tensor) {
            char *name = NULL;
            has_tensor = true;
            status = wr_onnx_tensor(model, field.bytes, &name, &attribute->numbers, error);
            free(name);
        } else if (field.number == 6 || field.number == 11) {
            status = wr_node_refuse(model, node, error, "it has a graph of its own");
        }
        has_floats |= field.number == 2 || field.number == 7;
    }
    if (status || part.is_broken || !attribute->name)
        return status ? status : wr_onnx_broken(model, error);
    return has_tensor || attribute->text
               ? WR_OK
               : read_numbers(model, message, !has_floats, &attribute->numbers, error);
}
