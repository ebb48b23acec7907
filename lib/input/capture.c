// SPDX-License-Identifier: MIT
// Loads libavdevice when a device is asked for, and not before: it brings the libraries of sound
// servers and desktops along, which would slow down every start.
#include "lib/input/capture.h"

#include <dlfcn.h>

#include "lib/media/compat.h"

const AVInputFormat *wr_device_find(const char *name)
{
    // Its demuxers stay registered, so it stays loaded.
    void *const library = dlopen(WR_LIBAVDEVICE, RTLD_NOW);
    void (*register_all)(void);
    if (!library)
        return NULL;
    *(void **)&register_all = dlsym(library, "avdevice_register_all");
    if (!register_all)
        return NULL;
    register_all();
    return av_find_input_format(name);
}
