// SPDX-License-Identifier: MIT
// Lowers a network for the planes of a picture that it sees, between two conversions.
#include "kernels/net/picture.h"

#include <stdlib.h>

#include "kernels/program/converter.h"
#include "kernels/program/resampler.h"

enum { LARGEST = 65536, COLORS = 3, MOST_FACTOR = 8 };

static struct wr_tensor result_of(const struct wr_network *network)
{
    return network->count ? network->layers[network->count - 1].out : network->input;
}

int wr_net_margin(const struct wr_network *network)
{
    const struct wr_tensor in = network->input, out = result_of(network);
    for (int factor = 1; factor <= MOST_FACTOR; factor++) {
        const int margin = (in.width * factor - out.width) / (2 * factor);
        if (margin >= 0 && out.width == factor * (in.width - 2 * margin) &&
            out.height == factor * (in.height - 2 * margin))
            return margin;
    }
    return 0;
}

enum wr_status wr_net_check_channels(const struct wr_lowering *lowering,
                                     const struct wr_network *network,
                                     const struct wr_net_options *options)
{
    const int in = network->input.channels, out = result_of(network).channels;
    if (in < 1 || in > COLORS + 1)
        return wr_refuse(lowering,
                         "the model takes %d channels; a picture has 1 (luma) or 3 (RGB), "
                         "and there may be one more for noise",
                         in);
    if (out != wr_net_colors_of(network))
        return wr_refuse(lowering,
                         "the model takes %d channel%s and makes %d; for a picture it would have "
                         "to make %d",
                         in, in == 1 ? "" : "s", out, wr_net_colors_of(network));
    if (options->noise >= 0 && in == wr_net_colors_of(network))
        return wr_refuse(lowering, "noise=%g: the model has no channel for noise", options->noise);
    if (in >= COLORS && lowering->picture.format.model == WR_GRAY)
        return wr_refuse(lowering, "the model takes colours, but the picture is gray; "
                                   "colorspace=rgb shows it as RGB");
    return WR_OK;
}

static enum wr_status check_size(const struct wr_lowering *lowering,
                                 const struct wr_network *network)
{
    const struct wr_format *in = &lowering->picture.format;
    const struct wr_tensor out = result_of(network);
    const int factor = out.width / in->width;
    if (factor < 1 || out.width != in->width * factor || out.height != in->height * factor)
        return wr_refuse(lowering,
                         "the model makes %dx%d of %dx%d; it should keep the size, or make it "
                         "some whole number of times as large",
                         out.width, out.height, in->width, in->height);
    if (out.width > LARGEST || out.height > LARGEST)
        return wr_refuse(lowering, "the model makes the picture %dx%d, allowed are 1 to %d",
                         out.width, out.height, LARGEST);
    return WR_OK;
}

// The layout in which the network finds its planes.
static struct wr_format layout_for(const struct wr_format *format, int colors,
                                   enum wr_net_colors wanted)
{
    const bool rgb = wanted == WR_NET_RGB || (wanted == WR_NET_AUTO && colors == COLORS);
    if (rgb)
        return format->model == WR_GRAY ? *format : wr_rgb_inside(format);
    if (format->model == WR_RGB)
        return wr_yuv_inside(format);
    struct wr_format yuv = *format;
    if (colors == COLORS) {
        yuv.depth = 16;
        yuv.log2_chroma_w = yuv.log2_chroma_h = 0;
    }
    return yuv;
}

// Repeats the edge of a tensor until it is as large as the network's input.
static void widen(struct wr_lowering *lowering, const struct wr_network *network,
                  struct wr_net_tensor *tensor)
{
    const struct wr_layer layer = {.kind = WR_LAYER_PAD,
                                   .out = network->input,
                                   .left = (network->input.width - tensor->size.width) / 2,
                                   .top = (network->input.height - tensor->size.height) / 2,
                                   .edge = WR_EDGE_NEAREST};
    const struct wr_net_tensor in = *tensor;
    if (layer.left || layer.top)
        wr_net_place(lowering, &layer, &in, tensor);
}

static enum wr_status run(struct wr_lowering *lowering, const struct wr_network *network,
                          const struct wr_net_options *options, const struct wr_plane *from,
                          const int *planes)
{
    const int colors = wr_net_colors_of(network);
    const float noise = wr_net_noise(options->noise);
    struct wr_plane in[COLORS];
    struct wr_net_tensor *tensors = calloc((size_t)network->count + 1, sizeof *tensors);
    if (!tensors)
        return wr_fail(lowering->error, WR_FAILED, "out of memory while preparing the filters");
    for (int n = 0; n < colors; n++)
        in[n] = from[planes[n]];
    wr_net_load(lowering, in, colors, network->input.channels, noise, tensors);
    widen(lowering, network, tensors);
    const enum wr_status status = wr_net_lower(lowering, network, options->steps, tensors);
    for (int n = 0; n < colors && !status; n++) {
        struct wr_plane *plane = &lowering->picture.plane[planes[n]];
        const struct wr_plane before = *plane;
        *plane = wr_net_store(lowering, &tensors[network->count], n,
                              options->strength < 1 ? &before : NULL, options->strength);
    }
    free(tensors);
    return status;
}

enum wr_status wr_net_picture(struct wr_lowering *lowering, const struct wr_network *network,
                              const struct wr_net_options *options)
{
    static const int rgb_order[] = {2, 0, 1}, yuv_order[] = {0, 1, 2};
    struct wr_format before = lowering->picture.format;
    const struct wr_tensor size = result_of(network);
    const int colors = wr_net_colors_of(network);
    enum wr_status status = check_size(lowering, network);
    if (status)
        return status;
    const struct wr_format layout = layout_for(&before, colors, options->colors);
    status = wr_convert(lowering, &layout);
    const struct wr_picture picture = lowering->picture;
    // All planes are scaled; those that the network makes take the place of theirs, and what was
    // scaled for nobody is dropped when the program is finished.
    if (!status)
        status = wr_resample(lowering, WR_BICUBIC, size.width, size.height);
    const bool is_rgb = layout.model == WR_RGB;
    const int turns = is_rgb && colors == 1 ? COLORS : 1;
    for (int n = 0; n < turns && !status; n++)
        status =
            run(lowering, network, options, picture.plane, (is_rgb ? rgb_order : yuv_order) + n);
    return status ? status : wr_convert(lowering, &before);
}
