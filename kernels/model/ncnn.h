// SPDX-License-Identifier: MIT
// Reads ncnn's models: a text that lists layers, and a file of weights in the same order.
#pragma once

#include "kernels/model/model_file.h"

#define WR_NCNN_ENDING ".param"

// Fills in a model, of which only the path is set. `text` ends with NUL.
enum wr_status wr_ncnn_read(struct wr_model_file *model, const char *text, const void *weights,
                            size_t size, struct wr_error *error);

enum { WR_NCNN_PARAMETERS = 32 };

// One layer of the text, while it becomes nodes.
struct wr_ncnn {
    struct wr_model_file *model;
    struct wr_error *error;
    const uint8_t *weights, *end; // what is left of the file
    const char *name, *type;
    int input_count, output_count;
    int *inputs, *outputs; // values
    // By their number; a list's is that of -23300 - number, and so is a list.
    struct wr_constant parameters[WR_NCNN_PARAMETERS];
    struct wr_node *node; // what the layer became
};

// Turns a layer into nodes. Fails where the layer is not supported.
enum wr_status wr_ncnn_layer(struct wr_ncnn *n);

enum wr_status wr_ncnn_refuse(const struct wr_ncnn *n, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// The first number of a parameter.
double wr_ncnn_number(const struct wr_ncnn *n, int parameter, double otherwise);
int wr_ncnn_integer(const struct wr_ncnn *n, int parameter, int otherwise);

// Takes the next weights of the file into *c, which is opened with these sizes: plain float32, or
// with a word before them that says how they are stored.
enum wr_status wr_ncnn_weights(struct wr_ncnn *n, bool is_marked, int rank, const int64_t *sizes,
                               struct wr_constant *c);
