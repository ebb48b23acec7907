// SPDX-License-Identifier: MIT
// Looks for the packet that comes last, or follows the lengths of all.
#include "lib/input/row_ends.h"

#include <libavutil/macros.h>
#include <stdbool.h>

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

// A number of seven bits a byte, the lowest first; of the last one bit 7 is 0. Its bytes are eight
// at most.
static int64_t read_leb128(AVIOContext *pb)
{
    int64_t number = 0;
    for (int n = 0; n < 8; n++) {
        const int byte = avio_r8(pb);
        number |= (int64_t)(byte & 0x7F) << 7 * n;
        if (!(byte & 0x80))
            break;
    }
    return number;
}

// Where the units of AV1 end that follow one another from the position on, and say how long they
// are.
static int64_t end_of_units(AVIOContext *pb, int64_t position, int64_t size)
{
    enum { FORBIDDEN = 0x80, HAS_EXTENSION = 4, HAS_SIZE = 2 };
    while (position < size && avio_seek(pb, position, SEEK_SET) >= 0) {
        const int head = avio_r8(pb);
        if (head & FORBIDDEN || !(head & HAS_SIZE))
            return WR_BEYOND;
        avio_skip(pb, head & HAS_EXTENSION ? 1 : 0);
        const int64_t length = read_leb128(pb);
        if (avio_feof(pb))
            return WR_BEYOND;
        position = avio_tell(pb) + length;
    }
    return position;
}

// The next place from the position on where a picture may begin, by the unit before each, which is
// empty; `size` for none.
static int64_t next_picture(AVIOContext *pb, int64_t position, int64_t size)
{
    enum { DELIMITER = 0x1200 };
    unsigned bytes = 1;
    if (avio_seek(pb, position, SEEK_SET) < 0)
        return size;
    for (; position < size; position++) {
        bytes = (bytes << 8 | (unsigned)avio_r8(pb)) & 0xFFFF;
        if (bytes == DELIMITER)
            return position - 1;
    }
    return size;
}

// AV1 by itself. What is kept of a pipe may begin within a unit: then the end is where it should be
// if units from anywhere on lead to it.
int64_t wr_end_of_obu(AVIOContext *pb, int64_t size)
{
    int64_t position = next_picture(pb, 0, size), end = 0;
    const bool has_beginning = position == 0;
    while (position < size) {
        end = end_of_units(pb, position, size);
        if (has_beginning || end == size)
            return end;
        position = next_picture(pb, position + 1, size);
    }
    return end;
}
