// SPDX-License-Identifier: MIT
// Networks in words, for tests: what becomes of a model file.
#include "tests/model_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/model/model.h"
#include "tests/support.h"

static const char *const kinds[] = {
    [WR_LAYER_CONV] = "conv",
    [WR_LAYER_CONV_TRANSPOSE] = "transposed",
    [WR_LAYER_PER_VALUE] = "each",
    [WR_LAYER_ADD] = "add",
    [WR_LAYER_SUBTRACT] = "subtract",
    [WR_LAYER_MULTIPLY] = "multiply",
    [WR_LAYER_DEPTH_TO_SPACE] = "to-space",
    [WR_LAYER_SPACE_TO_DEPTH] = "to-depth",
    [WR_LAYER_RESIZE_NEAREST] = "nearest",
    [WR_LAYER_REPEAT] = "repeat",
    [WR_LAYER_RESIZE_LINEAR] = "linear",
    [WR_LAYER_CONCAT] = "concat",
    [WR_LAYER_SLICE] = "slice",
    [WR_LAYER_PAD] = "pad",
};
static const char *const activations[] = {"",         " relu", " prelu", " clip",
                                          " sigmoid", " tanh", " swish"};

static void print_list(FILE *to, const char *name, const float *values, int count)
{
    for (int n = 0; values && n < count; n++)
        fprintf(to, "%s%g", n ? "," : name, (double)values[n]);
}

static void print_layer(FILE *to, const struct wr_network *network, const struct wr_layer *l)
{
    fprintf(to, "%s", kinds[l->kind]);
    for (int k = 0; k < l->inputs; k++)
        fprintf(to, "%c%d", k ? ',' : ' ', l->in[k]);
    fprintf(to, " = %dx%dx%d", l->out.channels, l->out.width, l->out.height);
    if (l->weights) {
        const int in =
            l->in[0] ? network->layers[l->in[0] - 1].out.channels : network->input.channels;
        fprintf(to, " kernel %dx%d from %d,%d stride %d", l->kernel_width, l->kernel_height,
                l->left, l->top, l->stride);
        print_list(to, " w ", l->weights,
                   in * l->out.channels * l->kernel_width * l->kernel_height);
    }
    print_list(to, " b ", l->bias, l->out.channels);
    print_list(to, l->constant_first ? " left " : " right ", l->constant, l->out.channels);
    if (l->factor)
        fprintf(to, " by %d%s%s%s", l->factor, l->column_major ? " dcr" : "",
                l->align_corners ? " corners" : "", l->half_pixel ? " half" : "");
    if (l->kind == WR_LAYER_SLICE)
        fprintf(to, " from %d,%d,%d", l->first, l->left, l->top);
    if (l->kind == WR_LAYER_PAD)
        fprintf(to, " from %d,%d edge %d value %g", l->left, l->top, l->edge, (double)l->value);
    fprintf(to, "%s", activations[l->activation]);
    print_list(to, " ", l->slope, l->out.channels);
    if (l->activation == WR_ACTIVATION_CLIP)
        fprintf(to, " %g to %g", (double)l->low, (double)l->high);
    fprintf(to, "\n");
}

// What becomes of the file at `path` for pictures of 8x6: a network in words or a sentence without
// the file's name. The caller's to free.
static char *resolve(const char *path)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    struct wr_model_file *model;
    struct wr_network *network = NULL;
    struct wr_error error = {0};
    enum wr_status status = wr_model_open(&model, path, &error);
    ck_assert_int_eq(!status, model != NULL);
    if (!status)
        status = wr_network_open(&network, model, 8, 6, &error);
    ck_assert_int_eq(!status, network != NULL);
    wr_model_close(&model);
    for (int n = 0; network && n < network->count; n++)
        print_layer(to, network, &network->layers[n]);
    if (status) {
        ck_assert_int_eq(status, WR_USAGE);
        const char *const sentence = strstr(error.text, "': ");
        ck_assert_msg(sentence != NULL, "%s", error.text);
        fprintf(to, "%s", sentence + 3);
    }
    wr_network_close(&network);
    fclose(to);
    return text;
}

void check_model(const char *path, const char *model, const char *expected)
{
    char *const found = resolve(path);
    ck_assert_msg(!strcmp(found, expected), "%s\nbecomes\n%s\nnot\n%s", model, found, expected);
    free(found);
}
