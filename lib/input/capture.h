// SPDX-License-Identifier: MIT
// FFmpeg's devices: cameras, screens and lavfi, which makes pictures from a filter graph.
#pragma once

#include <libavformat/avformat.h>

// The device of that name for avformat_open_input; NULL if there is none, or no libavdevice.
const AVInputFormat *wr_device_find(const char *name);
