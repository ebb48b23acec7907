// SPDX-License-Identifier: MIT
// dnn_processing: a small convolutional network from a file.
#include <stdlib.h>

#include "kernels/model/model.h"
#include "kernels/net/find_steps.h"
#include "kernels/net/picture.h"

enum { NOT_GIVEN = -1 }; // as noise

struct dnn_parameters {
    int dnn_backend;
    const char *model, *input, *output;
    double noise;
    int colorspace;
    double strength;
    int precision;
};

enum precision { IN_FLOATS, IN_INTEGERS };

static const char *const backends[] = {"native", "tensorflow", "openvino", NULL};
static const char *const precisions[] = {"float", "int", NULL};        // enum precision
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
                 "how much noise the picture has, on the scale of 8 bits, for models that have a "
                 "channel for it; -1 means that it is not known, and such models are told 15"),
    WR_PARAMETER_CHOICE(
        struct dnn_parameters, colorspace, NULL, "auto", colorspaces,
        "what the model sees; auto: luma if it takes one channel, RGB if it takes three; rgb: "
        "a model of one channel is run over red, green and blue, one after the other; yuv: a "
        "model of three channels is given luma and both chroma planes"),
    WR_PARAMETER(struct dnn_parameters, strength, NULL, "1", 0, 1,
                 "how much of the result is taken; the rest is the picture as it was, scaled where "
                 "the model changes the size"),
    WR_PARAMETER_CHOICE(
        struct dnn_parameters, precision, NULL, "float", precisions,
        "what convolutions compute with; int: integers of 14 bits and weights of 12, which takes "
        "less time and memory and gives nearly the same"),
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

// A network for pictures, and the same for the test pattern, where the model takes that.
struct networks {
    struct wr_network *for_picture, *for_pattern;
};

static enum wr_status open_networks(const struct wr_lowering *lowering, const char *path,
                                    bool with_pattern, struct networks *networks)
{
    const struct wr_format *format = &lowering->picture.format;
    struct wr_error error = {0}, of_pattern;
    struct wr_model_file *model;
    enum wr_status status = wr_model_open(&model, path, &error);
    if (!status)
        status = open_for(&networks->for_picture, model, format->width, format->height, &error);
    if (!status && with_pattern)
        open_for(&networks->for_pattern, model, WR_NET_PATTERN, WR_NET_PATTERN, &of_pattern);
    wr_model_close(&model);
    return status == WR_USAGE ? wr_refuse(lowering, "%s", error.text)
           : status           ? wr_fail(lowering->error, status, "%s", error.text)
                              : WR_OK;
}

// *steps is the caller's to free. Models for one size are tried with that.
static enum wr_status find_steps(struct wr_lowering *lowering, const struct networks *networks,
                                 double noise, float **steps)
{
    const struct wr_network *network = networks->for_picture, *small = networks->for_pattern;
    *steps = calloc((size_t)network->count + 1, sizeof **steps);
    if (!*steps)
        return wr_fail(lowering->error, WR_FAILED, "out of memory while preparing the filters");
    return wr_net_find_steps(lowering, small && small->count == network->count ? small : network,
                             noise, *steps);
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct dnn_parameters *p = values;
    if (!*p->model)
        return wr_refuse(lowering,
                         "model= is missing: the name of a model, such as samples/sharper.onnx");
    if (p->noise < 0 && p->noise != NOT_GIVEN)
        return wr_refuse(lowering, "noise=%g: allowed are 0 to 255, and -1 for the usual noise",
                         p->noise);
    const bool in_integers = p->precision == IN_INTEGERS;
    struct networks networks = {0};
    float *steps = NULL;
    struct wr_net_options options = {p->colorspace, p->noise, p->strength, NULL};
    enum wr_status status = open_networks(lowering, p->model, in_integers, &networks);
    if (!status)
        status = wr_net_check_channels(lowering, networks.for_picture, &options);
    if (!status && in_integers)
        status = find_steps(lowering, &networks, p->noise, &steps);
    options.steps = steps;
    if (!status)
        status = wr_net_picture(lowering, networks.for_picture, &options);
    free(steps);
    wr_network_close(&networks.for_picture);
    wr_network_close(&networks.for_pattern);
    return status;
}

static const char notes[] =
    "A model of one channel is given luma as it is: limited range is not widened. Three channels "
    "are RGB. One more is for the noise. Chroma and alpha, which the model is not given, are "
    "scaled with bicubic to the size of its result. That size has to be a whole number of times "
    "the picture's. Where a model loses pixels at the border, the picture's edge is repeated for "
    "it. Some models take only one size, or even sizes: put scale, crop or pad before them. On "
    "the CPU large convolutions hold one whole frame of their input and of their result: "
    "realesr-animevideov3-x4 takes 1.2 GiB at 1080p with 2 threads. With --memory-limit parts of a "
    "frame are computed one after another and rows at their borders twice, which takes more time "
    "and gives the same bits: 254 MiB are enough for that model. Weights are "
    "a line of their own in --estimate and not counted there. "
    "With precision=int, values beyond one and a half times the largest that a test pattern gives "
    "are limited, and a model whose result for that pattern is less than 50 dB from the one in "
    "floats is refused, as are most of SPAN. "
    "--describe-model shows what a model takes and costs. samples/sharper.onnx in the sources is a "
    "small model to try. Models of these public projects work as they are: Real-ESRGAN's "
    "realesr-animevideov3, realesrgan-x4plus and realesrgan-x4plus-anime (ncnn), SPAN (ncnn), "
    "waifu2x's upconv_7 (ncnn), ACNet (ONNX) and AnimeJaNai (ONNX). DnCNN and FFDNet of KAIR and "
    "FSRCNN work when they are exported to ONNX.";

static const struct wr_name_list lists[] = {
    {"ONNX operators that a model may use", wr_operator_name},
    {"ncnn layers that a model may use", wr_ncnn_layer_name},
    {NULL, NULL},
};

static enum wr_works_on works_on(const void *values)
{
    const struct dnn_parameters *p = values;
    return p->colorspace == WR_NET_RGB ? WR_ON_RGB : WR_ON_NOMINAL;
}

const struct wr_filter wr_dnn_processing_filter = {
    .name = "dnn_processing",
    .help = "Run a small convolutional network: enlarge, denoise, sharpen.",
    .example = "dnn_processing=model=sharper.onnx",
    .notes = notes,
    .lists = lists,
    WR_PARAMETERS(parameters, struct dnn_parameters),
    .works_on_for = works_on,
    .lower = lower,
};
