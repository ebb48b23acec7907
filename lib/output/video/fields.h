// SPDX-License-Identifier: MIT
// How the two fields of a frame follow each other.
#pragma once

#include <libavutil/frame.h>

enum wr_fields { WR_PROGRESSIVE, WR_TOP_FIRST, WR_BOTTOM_FIRST, WR_FIELD_ORDERS };

enum wr_fields wr_fields_of(const AVFrame *frame);
void wr_fields_set(AVFrame *frame, enum wr_fields fields);

// "top field first"
const char *wr_fields_name(enum wr_fields fields);
