// SPDX-License-Identifier: MIT
// Looks for the packet that comes last.
#include "lib/input/row_ends.h"

#include <libavutil/macros.h>

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

// The last chunk ends where the file does.
int64_t wr_end_of_roq(AVIOContext *pb, int64_t size)
{
    enum { HEAD = 8, LONGEST = 1 << 17, ALL_TYPES = 0x10 };
    int64_t position = FFMAX(size - LONGEST, 0);
    uint64_t head = 0; // type, length and argument, of 2, 4 and 2 bytes
    if (avio_seek(pb, position, SEEK_SET) < 0)
        return WR_BEYOND;
    for (int n = 1; position < size; n++) {
        head = head >> 8 | (uint64_t)avio_r8(pb) << 56;
        position++;
        const int64_t length = head >> 16 & UINT32_MAX;
        if (n >= HEAD && (head >> 8 & 0xFF) == ALL_TYPES && position + length == size)
            return size;
    }
    return WR_BEYOND;
}
