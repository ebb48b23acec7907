// SPDX-License-Identifier: MIT
// Writes small model files for tests from a few lines of text.
#include "tests/model_writer.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A message in the wire format of Protocol Buffers.
struct message {
    uint8_t data[1 << 16];
    int size;
};

static void put_byte(struct message *m, int byte)
{
    if (m->size == sizeof m->data)
        abort();
    m->data[m->size++] = (uint8_t)byte;
}

static void put_varint(struct message *m, uint64_t value)
{
    for (; value > 127; value >>= 7)
        put_byte(m, (int)(value & 127) | 128);
    put_byte(m, (int)value);
}

static void put_number(struct message *m, int field, int64_t value)
{
    put_varint(m, (uint64_t)field << 3);
    put_varint(m, (uint64_t)value);
}

static void put_data(struct message *m, int field, const void *data, int size)
{
    put_varint(m, (uint64_t)field << 3 | 2);
    put_varint(m, (uint64_t)size);
    for (int n = 0; n < size; n++)
        put_byte(m, ((const uint8_t *)data)[n]);
}

static void put_text(struct message *m, int field, const char *text)
{
    put_data(m, field, text, (int)strlen(text));
}

static void put_message(struct message *m, int field, const struct message *inner)
{
    put_data(m, field, inner->data, inner->size);
}

static void put_float(struct message *m, int field, float value)
{
    put_varint(m, (uint64_t)field << 3 | 5);
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    for (int n = 0; n < 4; n++)
        put_byte(m, bits >> (8 * n) & 255);
}

// Whole numbers from 0 to 2047, infinity and NaN are all that tests need.
static uint16_t to_half(double value)
{
    if (value != value || value > 2047)
        return value != value ? 0x7E00 : 0x7C00;
    int exponent = 0;
    unsigned fraction = (unsigned)value;
    if (!fraction)
        return 0;
    for (; fraction < 1024; fraction <<= 1)
        exponent--;
    return (uint16_t)((exponent + 25) << 10 | (fraction & 1023));
}

static void add_input(struct message *graph, int field, char *rest)
{
    static struct message value, type, tensor, shape, dimension;
    value.size = type.size = tensor.size = shape.size = 0;
    put_text(&value, 1, strsep(&rest, " "));
    for (char *word; (word = strsep(&rest, " "));) {
        dimension.size = 0;
        if (strcmp(word, "0"))
            put_number(&dimension, 1, atoll(word));
        else
            put_text(&dimension, 2, "any");
        put_message(&shape, 1, &dimension);
    }
    put_number(&tensor, 1, 1);
    put_message(&tensor, 2, &shape);
    put_message(&type, 1, &tensor);
    put_message(&value, 2, &type);
    put_message(graph, field, &value);
}

static void add_constant(struct message *graph, const char *type, char *rest)
{
    static struct message tensor, raw;
    tensor.size = raw.size = 0;
    const bool is_integer = !strcmp(type, "int"), is_half = !strcmp(type, "half");
    const char *const name = strsep(&rest, " ");
    char *sizes = strsep(&rest, " ");
    int64_t count = 1;
    for (char *size; (size = strsep(&sizes, "x"));) {
        put_number(&tensor, 1, atoll(size));
        count *= atoll(size);
    }
    put_number(&tensor, 2, is_integer ? 7 : is_half ? 10 : 1);
    put_text(&tensor, 8, name);
    double value = 0;
    for (int64_t n = 0; n < count && n < 4096; n++) {
        char *word = strsep(&rest, " ");
        value = word ? strtod(word, NULL) : value + 1;
        const float single = (float)value;
        const int64_t whole = word && is_integer ? strtoll(word, NULL, 10) : (int64_t)value;
        const uint16_t half = to_half(value);
        const void *const bytes = is_integer ? (const void *)&whole
                                  : is_half  ? (const void *)&half
                                             : &single;
        for (int k = 0; k < (is_integer ? 8 : is_half ? 2 : 4); k++)
            put_byte(&raw, ((const uint8_t *)bytes)[k]);
    }
    put_data(&tensor, 9, raw.data, raw.size);
    if (!strcmp(type, "elsewhere"))
        put_number(&tensor, 14, 1);
    put_message(graph, 5, &tensor);
}

static void add_attribute(struct message *node, char *word)
{
    static struct message attribute;
    attribute.size = 0;
    put_text(&attribute, 1, strsep(&word, "="));
    const bool is_list = strchr(word, ',');
    if (!strpbrk(word, "0123456789"))
        put_text(&attribute, 4, word);
    else if (strchr(word, '.'))
        put_float(&attribute, 2, strtof(word, NULL));
    else if (!is_list)
        put_number(&attribute, 3, atoll(word));
    for (char *number; is_list && (number = strsep(&word, ","));)
        put_number(&attribute, 8, atoll(number));
    put_message(node, 5, &attribute);
}

static void add_node(struct message *graph, const char *type, char *rest)
{
    static struct message node;
    node.size = 0;
    put_text(&node, 4, type);
    put_text(&node, 3, strsep(&rest, " "));
    for (int field = 1; field <= 2; field++) {
        char *names = strsep(&rest, " ");
        for (char *name; names && (name = strsep(&names, ","));)
            put_text(&node, field, strcmp(name, "-") ? name : "");
        if (field == 1)
            strsep(&rest, " "); // the arrow
    }
    for (char *word; rest && (word = strsep(&rest, " "));)
        add_attribute(&node, word);
    put_message(graph, 1, &node);
}

void write_bytes(const char *path, const void *data, int size)
{
    FILE *file = fopen(path, "wb");
    if (!file || (size && fwrite(data, (size_t)size, 1, file) != 1) || fclose(file))
        abort();
}

void write_onnx(const char *path, const char *text)
{
    static struct message file, graph, opset;
    file.size = graph.size = opset.size = 0;
    char *const copy = strdup(text), *rest = copy;
    int version = 17;
    for (char *line; (line = strsep(&rest, "\n"));) {
        char *words = line;
        const char *const first = strsep(&words, " ");
        if (!strcmp(first, "opset"))
            version = atoi(words);
        else if (!strcmp(first, "input") || !strcmp(first, "output"))
            add_input(&graph, *first == 'i' ? 11 : 12, words);
        else if (!strcmp(first, "float") || !strcmp(first, "half") || !strcmp(first, "int") ||
                 !strcmp(first, "elsewhere"))
            add_constant(&graph, first, words);
        else if (*first)
            add_node(&graph, first, words);
    }
    put_number(&opset, 2, version);
    put_number(&file, 1, 8);
    put_message(&file, 8, &opset);
    put_message(&file, 7, &graph);
    write_bytes(path, file.data, file.size);
    free(copy);
}

void write_ncnn_weights(const char *path, const char *text)
{
    static struct message file;
    file.size = 0;
    float value = 0;
    char *const copy = strdup(text), *rest = copy;
    for (char *word; (word = strsep(&rest, " "));) {
        const bool is_half = *word == 'h', is_marked = is_half || *word == 'm';
        const uint32_t mark = is_half ? 0x01306B47 : 0;
        for (int n = 0; is_marked && n < 4; n++)
            put_byte(&file, mark >> (8 * n) & 255);
        const int count = atoi(word + is_marked);
        for (int k = 0; k < count; k++) {
            const float single = ++value;
            const uint16_t half = to_half((double)value);
            const void *const bytes = is_half ? (const void *)&half : &single;
            for (int n = 0; n < (is_half ? 2 : 4); n++)
                put_byte(&file, ((const uint8_t *)bytes)[n]);
        }
        while (file.size % 4)
            put_byte(&file, 0);
    }
    write_bytes(path, file.data, file.size);
    free(copy);
}
