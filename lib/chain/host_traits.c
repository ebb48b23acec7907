// SPDX-License-Identifier: MIT
// The table of what has to be known of FFmpeg's filters.
#include "lib/chain/host_traits.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    unsigned traits;
} table[] = {
    // Colours are chosen by counts of equal pixels.
    {"elbg", WR_HOST_CHAOTIC},
    {"palettegen", WR_HOST_CHAOTIC},
    {"paletteuse", WR_HOST_CHAOTIC},
    // Files, commands and scores.
    {"libvmaf", WR_HOST_RECORDS},
    {"metadata", WR_HOST_RECORDS},
    {"psnr", WR_HOST_RECORDS},
    {"sendcmd", WR_HOST_RECORDS},
    {"signature", WR_HOST_RECORDS},
    {"ssim", WR_HOST_RECORDS},
    {"vidstabdetect", WR_HOST_RECORDS},
    {"zmq", WR_HOST_RECORDS},
    {"reverse", WR_HOST_HOLDS_ALL},
};

unsigned wr_host_traits(const char *name)
{
    for (size_t n = 0; n < sizeof table / sizeof *table; n++)
        if (!strcmp(table[n].name, name))
            return table[n].traits;
    return 0;
}
