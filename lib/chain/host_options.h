// SPDX-License-Identifier: MIT
// The options of FFmpeg's own filters in words, for help pages.
#pragma once

#include <libavutil/log.h>

#include "lib/warpreel.h"

// How many parameters a filter's class has, with those of the classes below it. Second names and
// what is deprecated do not count. 0 for NULL.
int wr_host_option_count(const AVClass *options);

// Type, default and range of one of them; all empty where there are not so many.
struct wr_parameter_info wr_host_option_describe(const AVClass *options, int number);
