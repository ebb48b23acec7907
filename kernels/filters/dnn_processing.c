// SPDX-License-Identifier: MIT
// dnn_processing: a small convolutional network from a file.
#include "kernels/model/model.h"
#include "kernels/net/picture.h"

struct dnn_parameters {
    int dnn_backend;
    const char *model, *input, *output;
    double noise;
    int colorspace;
    double strength;
};

static const char *const backends[] = {"native", "tensorflow", "openvino", NULL};
static const char *const colorspaces[] = {"auto", "rgb", "yuv", NULL}; // enum wr_net_colors

static const struct wr_parameter parameters[] = {
    WR_PARAMETER_CHOICE(struct dnn_parameters, dnn_backend, NULL, "native", backends,
                        "has no effect: the file says what the model is"),
    WR_PARAMETER_TEXT(struct dnn_parameters, model, NULL, "",
                      "file of the model: ONNX, or ncnn's .param with the .bin beside it"),
    WR_PARAMETER_TEXT(struct dnn_parameters, input, NULL, "",
                      "has no effect: models have one input"),
    WR_PARAMETER_TEXT(struct dnn_parameters, output, NULL, "",
                      "has no effect: models have one output"),
    WR_PARAMETER(struct dnn_parameters, noise, NULL, "-1", -1, 255,
                 "noise that is in the picture, in units of 8 bits, for models that have a channel "
                 "for it; -1 is 15 there"),
    WR_PARAMETER_CHOICE(
        struct dnn_parameters, colorspace, NULL, "auto", colorspaces,
        "what the model sees; auto is luma if it takes one channel, and RGB if it takes three; "
        "with yuv it may take three, and with rgb one that takes one sees each in turn"),
    WR_PARAMETER(struct dnn_parameters, strength, NULL, "1", 0, 1,
                 "how much of the result is taken; the rest is the picture as it was, scaled where "
                 "the model changes the size"),
};

static enum wr_status open_with_margin(struct wr_network **network,
                                       const struct wr_model_file *model, int width, int height,
                                       int margin, struct wr_error *error)
{
    return wr_network_open(network, model, width + 2 * margin, height + 2 * margin, error);
}

// Opens the network for pictures of that size and the margin that it cuts off. Models for one size
// can be opened with just that margin, and others not without one for small pictures: so margins
// are tried until the first that the model takes.
static enum wr_status open_for(struct wr_network **network, const struct wr_model_file *model,
                               int width, int height, struct wr_error *error)
{
    enum { MOST_MARGIN = 32 };
    struct wr_error other;
    int tried = 0;
    enum wr_status status = open_with_margin(network, model, width, height, 0, error);
    if (status != WR_USAGE && status)
        return status;
    while (status == WR_USAGE && tried < MOST_MARGIN)
        status = open_with_margin(network, model, width, height, ++tried, &other);
    const int margin = status ? tried : wr_net_margin(*network);
    if (margin != tried) {
        wr_network_close(network);
        status = open_with_margin(network, model, width, height, margin, &other);
    }
    if (status && margin != tried)
        return wr_fail(error, status, "%s: the picture, and %d on each side that it cuts off",
                       other.text, margin);
    return status;
}

static enum wr_status open_network(const struct wr_lowering *lowering, const char *path,
                                   struct wr_network **network)
{
    const struct wr_format *format = &lowering->picture.format;
    struct wr_error error = {0};
    struct wr_model_file *model;
    enum wr_status status = wr_model_open(&model, path, &error);
    if (!status)
        status = open_for(network, model, format->width, format->height, &error);
    wr_model_close(&model);
    return status == WR_USAGE ? wr_refuse(lowering, "%s", error.text)
           : status           ? wr_fail(lowering->error, status, "%s", error.text)
                              : WR_OK;
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct dnn_parameters *p = values;
    if (!*p->model)
        return wr_refuse(lowering, "model= is missing: the name of a model, such as sharper.onnx");
    struct wr_network *network = NULL;
    enum wr_status status = open_network(lowering, p->model, &network);
    const struct wr_net_options options = {p->colorspace, p->noise, p->strength};
    if (!status)
        status = wr_net_picture(lowering, network, &options);
    wr_network_close(&network);
    return status;
}

static enum wr_works_on works_on(const void *values)
{
    const struct dnn_parameters *p = values;
    return p->colorspace == WR_NET_RGB ? WR_ON_RGB : WR_ON_NOMINAL;
}

const struct wr_filter wr_dnn_processing_filter = {
    .name = "dnn_processing",
    .help = "Run a small convolutional network: enlarge, denoise, sharpen.",
    .example = "dnn_processing=model=sharper.onnx",
    WR_PARAMETERS(parameters, struct dnn_parameters),
    .works_on_for = works_on,
    .lower = lower,
};
