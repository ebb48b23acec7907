// SPDX-License-Identifier: MIT
// What --describe-model prints: a list of facts, and a table of layers.
#include "cli/model_info.h"

#include <stdio.h>

static void print_facts(const struct wr_model_info *info)
{
    printf("format       %s\n", info->format);
    printf("layers       %d\n", info->layer_count);
    printf("channels     %d in, %d out\n", info->channels_in, info->channels_out);
    if (info->width || info->height)
        printf("size         only %dx%d\n", info->width, info->height);
    printf("scale        %g\n", info->scale);
    printf("parameters   %lld\n", (long long)info->parameters);
    printf("MACs         %.10g for each pixel of the input\n", info->macs);
    printf("reach        %d pixel%s\n", info->reach, info->reach == 1 ? "" : "s");
    if (info->border)
        printf("border       %d pixels on each side are lost\n", info->border);
    printf("activations  %.10g values at a time for each pixel of the input\n", info->live);
}

static void print_layer(int number, const struct wr_model_layer_info *layer)
{
    char what[64], kernel[32] = "";
    if (layer->kernel_width)
        snprintf(kernel, sizeof(kernel), " %dx%d", layer->kernel_width, layer->kernel_height);
    snprintf(what, sizeof(what), "%s%s%s%s", layer->kind, kernel, *layer->activation ? ", " : "",
             layer->activation);
    printf("%3d %-18.18s  %-24s %5d %5.3g %8lld %9.8g\n", number, layer->name, what,
           layer->channels, layer->scale, (long long)layer->parameters, layer->macs);
}

enum wr_status wr_model_print_info(const char *path, struct wr_error *error)
{
    struct wr_model_info info;
    const enum wr_status status = wr_model_describe(path, &info, error);
    if (status)
        return status;
    print_facts(&info);
    printf("\n%3s %-18s  %-24s %5s %5s %8s %9s\n", "", "layer", "what it does", "makes", "scale",
           "weights", "MACs");
    for (int n = 0; n < info.layer_count; n++)
        print_layer(n + 1, &info.layers[n]);
    wr_model_info_free(&info);
    return WR_OK;
}
