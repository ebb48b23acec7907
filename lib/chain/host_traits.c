// SPDX-License-Identifier: MIT
// The table of what has to be known of FFmpeg's filters.
#include "lib/chain/host_traits.h"

#include <libavutil/opt.h>
#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    unsigned traits;
    const char *option; // only where this one is not 0
} table[] = {
    // Colours are chosen by counts of equal pixels.
    {"elbg", WR_HOST_CHAOTIC, NULL},
    {"palettegen", WR_HOST_CHAOTIC, NULL},
    {"paletteuse", WR_HOST_CHAOTIC, NULL},
    // Sums of floats by slice, random numbers by thread, errors carried from line to line.
    {"colorcorrect", WR_HOST_ONE_THREAD, "analyze"},
    {"fftdnoiz", WR_HOST_ONE_THREAD, NULL},
    {"geq", WR_HOST_ONE_THREAD, NULL},
    {"greyedge", WR_HOST_ONE_THREAD, NULL},
    {"pseudocolor", WR_HOST_ONE_THREAD, NULL},
    {"zscale", WR_HOST_ONE_THREAD, "dither"},
    // Files, commands and scores.
    {"libvmaf", WR_HOST_RECORDS, NULL},
    {"metadata", WR_HOST_RECORDS, NULL},
    {"psnr", WR_HOST_RECORDS, NULL},
    {"sendcmd", WR_HOST_RECORDS, NULL},
    {"signature", WR_HOST_RECORDS, NULL},
    {"ssim", WR_HOST_RECORDS, NULL},
    {"vidstabdetect", WR_HOST_RECORDS, NULL},
    {"zmq", WR_HOST_RECORDS, NULL},
    {"reverse", WR_HOST_HOLDS_ALL, NULL},
    // It searches in random directions. After a frame that it may not overwrite it takes the memory
    // of that frame for its own.
    {"vidstabtransform", WR_HOST_DRAWS | WR_HOST_OVERWRITES, NULL},
};

unsigned wr_host_traits(const char *name)
{
    for (size_t n = 0; n < sizeof table / sizeof *table; n++)
        if (!strcmp(table[n].name, name))
            return table[n].traits;
    return 0;
}

unsigned wr_host_traits_of(const AVFilterContext *filter)
{
    for (size_t n = 0; n < sizeof table / sizeof *table; n++) {
        int64_t value = 1;
        if (strcmp(table[n].name, filter->filter->name))
            continue;
        if (table[n].option)
            av_opt_get_int(filter->priv, table[n].option, 0, &value);
        return value ? table[n].traits : 0;
    }
    return 0;
}
