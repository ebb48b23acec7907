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
    // A filter has several rows where they depend on an option.
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
    {"sendcmd", WR_HOST_RECORDS | WR_HOST_COMMANDS, NULL},
    {"signature", WR_HOST_RECORDS, NULL},
    {"ssim", WR_HOST_RECORDS, NULL},
    {"vidstabdetect", WR_HOST_RECORDS, NULL},
    {"zmq", WR_HOST_RECORDS | WR_HOST_COMMANDS, NULL},
    // All frames, or as many as an option says.
    {"loop", WR_HOST_HOLDS, "size"},
    {"random", WR_HOST_HOLDS, "frames"},
    {"reverse", WR_HOST_HOLDS, NULL},
    {"thumbnail", WR_HOST_HOLDS, "n"},
    // It searches in random directions. After a frame that it may not overwrite it takes the memory
    // of that frame for its own.
    {"vidstabtransform", WR_HOST_DRAWS | WR_HOST_OVERWRITES | WR_HOST_MIXES_ROWS, NULL},
    {"copy", WR_HOST_CHANGES_NOTHING, NULL},
    {"null", WR_HOST_CHANGES_NOTHING, NULL},
    {"setparams", WR_HOST_LABELS, NULL},
    {"setrange", WR_HOST_LABELS, NULL},
    {"avgblur", WR_HOST_MIXES_ROWS, NULL},
    {"bilateral", WR_HOST_MIXES_ROWS, NULL},
    {"boxblur", WR_HOST_MIXES_ROWS, NULL},
    {"cas", WR_HOST_MIXES_ROWS, NULL},
    {"convolution", WR_HOST_MIXES_ROWS, NULL},
    {"dblur", WR_HOST_MIXES_ROWS, NULL},
    {"deflate", WR_HOST_MIXES_ROWS, NULL},
    {"deshake", WR_HOST_MIXES_ROWS, NULL},
    {"dilation", WR_HOST_MIXES_ROWS, NULL},
    {"edgedetect", WR_HOST_MIXES_ROWS, NULL},
    {"erosion", WR_HOST_MIXES_ROWS, NULL},
    {"fspp", WR_HOST_MIXES_ROWS, NULL},
    {"gblur", WR_HOST_MIXES_ROWS, NULL},
    {"hqx", WR_HOST_MIXES_ROWS, NULL},
    {"inflate", WR_HOST_MIXES_ROWS, NULL},
    {"kirsch", WR_HOST_MIXES_ROWS, NULL},
    {"lenscorrection", WR_HOST_MIXES_ROWS, NULL},
    {"median", WR_HOST_MIXES_ROWS, NULL},
    {"minterpolate", WR_HOST_MIXES_ROWS, NULL},
    {"nlmeans", WR_HOST_MIXES_ROWS, NULL},
    {"owdenoise", WR_HOST_MIXES_ROWS, NULL},
    {"perspective", WR_HOST_MIXES_ROWS, NULL},
    {"pp", WR_HOST_MIXES_ROWS, NULL},
    {"pp7", WR_HOST_MIXES_ROWS, NULL},
    {"prewitt", WR_HOST_MIXES_ROWS, NULL},
    {"roberts", WR_HOST_MIXES_ROWS, NULL},
    {"rotate", WR_HOST_MIXES_ROWS, NULL},
    {"sab", WR_HOST_MIXES_ROWS, NULL},
    {"scale", WR_HOST_MIXES_ROWS, NULL},
    {"scale", WR_HOST_CHANGES_SIZE, "eval"},
    {"shear", WR_HOST_MIXES_ROWS, NULL},
    {"smartblur", WR_HOST_MIXES_ROWS, NULL},
    {"sobel", WR_HOST_MIXES_ROWS, NULL},
    {"spp", WR_HOST_MIXES_ROWS, NULL},
    {"super2xsai", WR_HOST_MIXES_ROWS, NULL},
    {"transpose", WR_HOST_MIXES_ROWS, NULL},
    {"unsharp", WR_HOST_MIXES_ROWS, NULL},
    {"uspp", WR_HOST_MIXES_ROWS, NULL},
    {"v360", WR_HOST_MIXES_ROWS, NULL},
    {"vaguedenoiser", WR_HOST_MIXES_ROWS, NULL},
    {"vflip", WR_HOST_MIXES_ROWS, NULL},
    {"xbr", WR_HOST_MIXES_ROWS, NULL},
    {"yaepblur", WR_HOST_MIXES_ROWS, NULL},
    {"zoompan", WR_HOST_MIXES_ROWS, NULL},
    {"zscale", WR_HOST_MIXES_ROWS, NULL},
    {"bwdif", WR_HOST_DEINTERLACES, NULL},
    {"dejudder", WR_HOST_DEINTERLACES, NULL},
    {"estdif", WR_HOST_DEINTERLACES, NULL},
    {"fieldmatch", WR_HOST_DEINTERLACES, NULL},
    {"kerndeint", WR_HOST_DEINTERLACES, NULL},
    {"nnedi", WR_HOST_DEINTERLACES, NULL},
    {"pullup", WR_HOST_DEINTERLACES, NULL},
    {"separatefields", WR_HOST_DEINTERLACES, NULL},
    {"w3fdif", WR_HOST_DEINTERLACES, NULL},
    {"yadif", WR_HOST_DEINTERLACES, NULL},
};

unsigned wr_host_traits(const char *name)
{
    unsigned traits = 0;
    for (size_t n = 0; n < sizeof table / sizeof *table; n++)
        if (!strcmp(table[n].name, name))
            traits |= table[n].traits;
    return traits;
}

// What a row's option is set to, for a filter that the row is about; 0 for others.
static int64_t setting(size_t row, const AVFilterContext *filter)
{
    int64_t value = INT64_MAX;
    if (strcmp(table[row].name, filter->filter->name))
        return 0;
    if (table[row].option)
        av_opt_get_int(filter->priv, table[row].option, 0, &value);
    return value;
}

unsigned wr_host_traits_of(const AVFilterContext *filter)
{
    unsigned traits = 0;
    for (size_t n = 0; n < sizeof table / sizeof *table; n++)
        traits |= setting(n, filter) ? table[n].traits : 0;
    return traits;
}

int64_t wr_host_frames_held(const AVFilterContext *filter)
{
    int64_t held = 0;
    for (size_t n = 0; n < sizeof table / sizeof *table && !held; n++)
        held = table[n].traits & WR_HOST_HOLDS ? setting(n, filter) : 0;
    return held;
}
