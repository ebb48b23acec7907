// SPDX-License-Identifier: MIT
// What --describe-model prints: a list of facts, and a table of layers.
#include "cli/model_info.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { NAME_WIDTH = 18 };

static const char *plural(double count)
{
    return count == 1 ? "" : "s";
}

static void print_size(const struct wr_model_info *info)
{
    if (info->width && info->height)
        printf("size         only %dx%d\n", info->width, info->height);
    else if (info->width || info->height)
        printf("size         only %d pixels %s\n", info->width ? info->width : info->height,
               info->width ? "wide" : "high");
}

// Whether a character of UTF-8 begins with this byte.
static bool begins(char byte)
{
    return ((unsigned char)byte & 0xC0) != 0x80;
}

static int characters(const char *text)
{
    int count = 0;
    for (; *text; text++)
        count += begins(*text);
    return count;
}

// A name in its column. The names of layers differ in their ends, so those of long ones are kept.
static void print_name(const char *name)
{
    const char *const dots = "..";
    const int count = characters(name), kept = NAME_WIDTH - (int)strlen(dots);
    if (count <= NAME_WIDTH) {
        printf(" %s%*s ", name, NAME_WIDTH - count, "");
        return;
    }
    for (int left = count; left > kept || !begins(*name); name++)
        left -= begins(*name);
    printf(" %s%s ", dots, name);
}

static void print_facts(const struct wr_model_info *info)
{
    printf("format       %s\n", info->format);
    printf("layers       %d\n", info->layer_count);
    printf("channels     %d in, %d out\n", info->channels_in, info->channels_out);
    print_size(info);
    printf("scale        %g\n", info->scale);
    printf("parameters   %lld\n", (long long)info->parameters);
    printf("MACs         %.10g for each pixel of the input\n", info->macs);
    printf("reach        %d pixel%s\n", info->reach, plural(info->reach));
    if (info->border)
        printf("border       %d pixel%s on each side %s lost\n", info->border, plural(info->border),
               info->border == 1 ? "is" : "are");
    printf("activations  %.10g value%s at a time for each pixel of the input\n", info->live,
           plural(info->live));
}

static void print_layer(int number, const struct wr_model_layer_info *layer)
{
    char what[64], kernel[32] = "";
    if (layer->kernel_width)
        snprintf(kernel, sizeof(kernel), " %dx%d", layer->kernel_width, layer->kernel_height);
    snprintf(what, sizeof(what), "%s%s%s%s", layer->kind, kernel, *layer->activation ? ", " : "",
             layer->activation);
    printf("%3d", number);
    print_name(layer->name);
    printf(" %-24s %5d %5.3g %8lld %9.8g\n", what, layer->channels, layer->scale,
           (long long)layer->parameters, layer->macs);
}

enum wr_status wr_model_print_info(const char *path, struct wr_error *error)
{
    struct wr_model_info info;
    const enum wr_status status = wr_model_describe(path, &info, error);
    if (status)
        return status;
    print_facts(&info);
    printf("\n%3s %-*s  %-24s %5s %5s %8s %9s\n", "", NAME_WIDTH, "layer", "what it does", "makes",
           "scale", "weights", "MACs");
    for (int n = 0; n < info.layer_count; n++)
        print_layer(n + 1, &info.layers[n]);
    wr_model_info_free(&info);
    return WR_OK;
}
