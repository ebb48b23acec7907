// SPDX-License-Identifier: MIT
// A model as its file describes it: nodes in the order in which they are computed, between named
// values. Both formats come to this, in ONNX's words.
#pragma once

#include "kernels/model/constant.h"
#include "kernels/model/network.h"
#include "lib/base/error.h"

struct wr_operator;

// What a node is told beside its inputs: numbers, or a text.
struct wr_attribute {
    char *name;
    char *text; // NULL where numbers are
    struct wr_constant numbers;
};

struct wr_node {
    char *name, *type; // as the file has them, for messages
    const struct wr_operator *operation;
    int input_count, output_count, attribute_count;
    int *inputs, *outputs; // numbers of values; an input that is left out is -1
    struct wr_attribute *attributes;
};

struct wr_named_value {
    char *name;
    bool is_made;                // by the file itself, or by a node read so far
    struct wr_constant constant; // where the file itself holds the value
};

struct wr_model_file {
    char *path;
    const char *format; // "ONNX", "ncnn"
    int opset;          // which version of the operators' definitions holds
    int node_count, value_count;
    struct wr_node *nodes;
    struct wr_named_value *values;
    void *names;           // search tree of values by name
    int input, output;     // values: the pictures that come in and go out
    struct wr_tensor size; // of the input; width and height are 0 where any will do
};

// An empty model, to be closed with wr_model_close(). NULL if memory is short.
struct wr_model_file *wr_model_new(const char *path);

// "model 'PATH': SENTENCE", and the same for one node. A node may be half read.
enum wr_status wr_model_refuse(const struct wr_model_file *model, struct wr_error *error,
                               const char *format, ...) __attribute__((format(printf, 3, 4)));
enum wr_status wr_node_refuse(const struct wr_model_file *model, const struct wr_node *node,
                              struct wr_error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// Prints as printf into *text, the caller's to free, with '?' for control characters.
enum wr_status wr_model_print(const struct wr_model_file *model, struct wr_error *error,
                              char **text, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// The number of the value of that name, which is added where it is new.
enum wr_status wr_model_value(struct wr_model_file *model, const char *name, int *value,
                              struct wr_error *error);

// Says that a value comes from the file or from a node. Fails if it has come from elsewhere.
enum wr_status wr_model_make(struct wr_model_file *model, int value, struct wr_error *error);

// Adds a node and fills in its operator. On success the strings are the model's; on failure they
// stay the caller's.
enum wr_status wr_model_node(struct wr_model_file *model, char *name, char *type,
                             const struct wr_operator *operation, struct wr_node **node,
                             struct wr_error *error);

// Adds an input, -1 for one left out, or an output to a node.
enum wr_status wr_node_input(struct wr_model_file *model, struct wr_node *node, int value,
                             struct wr_error *error);
enum wr_status wr_node_output(struct wr_model_file *model, struct wr_node *node, int value,
                              struct wr_error *error);

// Adds an attribute. On success what `attribute` points to is the node's.
enum wr_status wr_node_attribute(struct wr_model_file *model, struct wr_node *node,
                                 const struct wr_attribute *attribute, struct wr_error *error);

// An attribute of a node, NULL where it has none of that name.
const struct wr_attribute *wr_node_find(const struct wr_node *node, const char *name);
int64_t wr_node_integer(const struct wr_node *node, const char *name, int64_t otherwise);
double wr_node_number(const struct wr_node *node, const char *name, double otherwise);
const char *wr_node_text(const struct wr_node *node, const char *name, const char *otherwise);
