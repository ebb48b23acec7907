// SPDX-License-Identifier: MIT
// Looks for the packet that comes last, or follows the lengths of all.
#include "lib/input/row_ends.h"

#include "lib/input/ends.h"

// The last packet says that it is the last.
int64_t wr_end_of_gxf(AVIOContext *pb, int64_t size)
{
    enum { PACKET = 16, LAST = 0x01FB };
    if (size < PACKET || avio_seek(pb, size - PACKET, SEEK_SET) < 0)
        return WR_BEYOND;
    const unsigned zero = avio_rb32(pb), type = avio_rb16(pb), length = avio_rb32(pb);
    return !zero && type == LAST && length == PACKET ? size : WR_BEYOND;
}

// The header's length is not one.
int64_t wr_end_of_roq(AVIOContext *pb, int64_t size)
{
    enum { HEAD = 8 };
    int64_t position = HEAD;
    while (position + HEAD <= size && avio_seek(pb, position + 2, SEEK_SET) >= 0)
        position += HEAD + (int64_t)avio_rl32(pb);
    return position < size ? position + HEAD : position;
}
