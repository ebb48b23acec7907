// SPDX-License-Identifier: MIT
// Reads, sets and names the order of a frame's fields.
#include "lib/output/video/fields.h"

#include "lib/media/compat.h"

enum wr_fields wr_fields_of(const AVFrame *frame)
{
    return !wr_frame_interlaced(frame) ? WR_PROGRESSIVE
           : wr_frame_top_first(frame) ? WR_TOP_FIRST
                                       : WR_BOTTOM_FIRST;
}

void wr_fields_set(AVFrame *frame, enum wr_fields fields)
{
    wr_frame_set_fields(frame, fields != WR_PROGRESSIVE, fields == WR_TOP_FIRST);
}

const char *wr_fields_name(enum wr_fields fields)
{
    static const char *const names[WR_FIELD_ORDERS] = {
        [WR_PROGRESSIVE] = "progressive",
        [WR_TOP_FIRST] = "top field first",
        [WR_BOTTOM_FIRST] = "bottom field first",
    };
    return names[fields];
}
