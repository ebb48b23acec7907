// SPDX-License-Identifier: MIT
// Where files of single containers should end, by their headers, marks and chains of parts.
#include "lib/input/ends.h"

#include <libavutil/intfloat.h>
#include <libavutil/intreadwrite.h>
#include <libavutil/macros.h>
#include <libavutil/mem.h>
#include <stdbool.h>
#include <string.h>

// ---- Matroska

// Reads one EBML number; the leading zeros of the first byte tell its length. -1 means "unknown".
static int64_t read_ebml_number(AVIOContext *pb, bool keep_marker)
{
    const int first = avio_r8(pb);
    int length = 1;
    while (length <= 8 && !(first & (0x100 >> length)))
        length++;
    if (length > 8)
        return -1;
    uint64_t value = keep_marker ? first : first & ((0x100 >> length) - 1);
    for (int i = 1; i < length; i++)
        value = value << 8 | avio_r8(pb);
    const uint64_t unknown = (UINT64_C(1) << 7 * length) - 1;
    return !keep_marker && value == unknown ? -1 : (int64_t)value;
}

// Where the element at the position ends that has this id; 0 if it does not say, or is another.
static int64_t end_of_element(AVIOContext *pb, int64_t id)
{
    if (read_ebml_number(pb, true) != id)
        return 0;
    const int64_t length = read_ebml_number(pb, false);
    return length < 0 ? 0 : avio_tell(pb) + length;
}

int64_t wr_end_of_matroska(AVIOContext *pb, int64_t size)
{
    const int64_t header = end_of_element(pb, 0x1A45DFA3);
    if (header <= 0 || header > size || avio_seek(pb, header, SEEK_SET) < 0)
        return 0;
    return end_of_element(pb, 0x18538067); // the Segment, which holds all else
}

// ---- MP4

// Where the fragments end that the segment index at the position counts; `end` is its own.
static int64_t end_of_segments(AVIOContext *pb, int64_t end)
{
    const int version = avio_r8(pb);
    avio_skip(pb, 3 + 8);
    avio_skip(pb, version ? 8 : 4);
    end += version ? (int64_t)avio_rb64(pb) : (int64_t)avio_rb32(pb);
    avio_skip(pb, 2);
    for (int count = (int)avio_rb16(pb); count > 0; count--) {
        end += avio_rb32(pb) & 0x7FFFFFFF;
        avio_skip(pb, 8);
    }
    return end;
}

// Fragments and their samples follow each other, box by box, without an index in one place. In
// files without fragments the size of mdat says nothing that the samples do not say better.
int64_t wr_end_of_mp4(AVIOContext *pb, int64_t size)
{
    bool in_fragments = false;
    int64_t end = 0, position = 0;
    while (position + 8 <= size && avio_seek(pb, position, SEEK_SET) >= 0) {
        int64_t length = avio_rb32(pb);
        const uint32_t type = avio_rl32(pb);
        if (length == 1)
            length = (int64_t)avio_rb64(pb);
        if (length == 0) // to the end of the file
            return end;
        in_fragments |= type == MKTAG('m', 'o', 'o', 'f');
        if (length < 8) // no box begins here
            return in_fragments ? WR_BEYOND : end;
        const bool is_index = type == MKTAG('s', 'i', 'd', 'x');
        const int64_t indexed = is_index ? end_of_segments(pb, position + length) : 0;
        position = av_sat_add64(position, length);
        end = FFMAX(end, indexed);
    }
    return in_fragments ? FFMAX(end, position) : end;
}

// ---- others that give their length

int64_t wr_end_of_avi(AVIOContext *pb, int64_t size)
{
    enum { SLACK = 16 }; // writers differ in what they count
    int64_t position = 0;
    while (position + 12 <= size && avio_seek(pb, position, SEEK_SET) >= 0) {
        const uint32_t type = avio_rl32(pb), length = avio_rl32(pb);
        if (type != MKTAG('R', 'I', 'F', 'F') || length == 0 || length >= UINT32_MAX - SLACK)
            return 0;
        position += 8 + (int64_t)length + (length & 1);
    }
    return position > size + SLACK ? position : 0;
}

// Objects follow each other: header, data and indices. If no object begins behind the data, its
// packets are not where they were.
int64_t wr_end_of_asf(AVIOContext *pb, int64_t size)
{
    enum { HEAD = 24, HEAD_OF_DATA = 50, DATA = 1 }; // the header is object 0
    int64_t position = 0;
    for (int n = 0; position < size; n++) {
        if (avio_seek(pb, position, SEEK_SET) < 0)
            return 0;
        const uint64_t id = avio_rl64(pb);
        avio_skip(pb, 8);
        const int64_t length = (int64_t)avio_rl64(pb);
        if (n <= DATA && length <= (n == DATA ? HEAD_OF_DATA : HEAD))
            return 0; // what was sent live does not say how much follows
        const bool is_filled_up = !id && !length; // or the rest cannot be read
        if (length < HEAD)
            return is_filled_up ? position : WR_BEYOND;
        position = av_sat_add64(position, length);
    }
    return position;
}

int64_t wr_end_of_flv(AVIOContext *pb, int64_t size)
{
    static const uint8_t key[] = "\0\10filesize"; // a number follows, whose type is 0
    uint8_t head[4096];
    const int length = avio_read(pb, head, (int)FFMIN(size, (int64_t)sizeof head));
    const uint8_t *found = length > 0 ? memmem(head, (size_t)length, key, sizeof key) : NULL;
    if (!found || found + sizeof key + 8 > head + length)
        return 0;
    const double bytes = av_int2double(AV_RB64(found + sizeof key));
    return bytes > 0 && bytes < 1e18 ? (int64_t)bytes : 0;
}

int64_t wr_end_of_mxf(AVIOContext *pb, int64_t size)
{
    static const uint8_t partition[] = {0x06, 0x0E, 0x2B, 0x34, 0x02, 0x05, 0x01,
                                        0x01, 0x0D, 0x01, 0x02, 0x01, 0x01, 0x02};
    uint8_t key[16];
    (void)size;
    if (avio_read(pb, key, sizeof key) != sizeof key || memcmp(key, partition, sizeof partition))
        return 0;
    const int length = avio_r8(pb);
    avio_skip(pb, (length & 0x80 ? length & 0x7F : 0) + 8 + 8 + 8);
    const int64_t footer = (int64_t)avio_rb64(pb);
    return footer > 0 ? footer + 1 : 0;
}

// Where that many packets end, which follow each other from the position on.
static int64_t end_of_real_packets(AVIOContext *pb, int64_t position, int64_t size, int64_t count)
{
    enum { NEWEST = 1, SMALLEST = 12 };
    for (; count > 0; count--) {
        if (position >= size || avio_seek(pb, position, SEEK_SET) < 0)
            return WR_BEYOND;
        const unsigned version = avio_rb16(pb), length = avio_rb16(pb);
        if (version > NEWEST || length < SMALLEST)
            return WR_BEYOND; // no packet begins here
        position += length;
    }
    return position;
}

// Chunks follow each other; one of them has the packets, and says how many.
int64_t wr_end_of_real(AVIOContext *pb, int64_t size)
{
    enum { HEAD = 10, HEAD_OF_DATA = 18 };
    int64_t position = 0;
    while (position + HEAD_OF_DATA <= size && avio_seek(pb, position, SEEK_SET) >= 0) {
        const uint32_t type = avio_rl32(pb), length = avio_rb32(pb);
        avio_skip(pb, 2);
        if (type == MKTAG('D', 'A', 'T', 'A'))
            return end_of_real_packets(pb, position + HEAD_OF_DATA, size, avio_rb32(pb));
        if (length < HEAD || (!position && type != MKTAG('.', 'R', 'M', 'F')))
            return 0;
        position += length;
    }
    return 0;
}

// ---- those that mark their end

int64_t wr_end_of_ogg(AVIOContext *pb, int64_t size)
{
    enum { LARGEST_PAGE = 27 + 255 + 255 * 255, IS_LAST = 4 };
    const int64_t begin = FFMAX(size - LARGEST_PAGE, 0);
    const int length = (int)(size - begin);
    uint8_t *tail = av_malloc((size_t)length);
    const bool is_read =
        tail && avio_seek(pb, begin, SEEK_SET) >= 0 && avio_read(pb, tail, length) == length;
    int64_t end = 0;
    for (int at = length - 27; is_read && at >= 0; at--) {
        if (memcmp(tail + at, "OggS", 5)) // with the version, 0
            continue;
        const int lines = tail[at + 26];
        int64_t bytes = 27 + lines;
        for (int n = 0; n < lines && at + 27 + n < length; n++)
            bytes += tail[at + 27 + n];
        end = begin + at + bytes;
        if (end <= size && !(tail[at + 5] & IS_LAST))
            end = WR_BEYOND;
        break;
    }
    av_free(tail);
    return end;
}

static void skip_colors(AVIOContext *pb, int flags)
{
    if (flags & 0x80)
        avio_skip(pb, 3 << ((flags & 7) + 1));
}

int64_t wr_end_of_gif(AVIOContext *pb, int64_t size)
{
    enum { EXTENSION = 0x21, PICTURE = 0x2C, TRAILER = 0x3B };
    avio_skip(pb, 10);
    const int flags = avio_r8(pb);
    avio_skip(pb, 2);
    skip_colors(pb, flags);
    while (!avio_feof(pb) && avio_tell(pb) <= size) {
        const int block = avio_r8(pb);
        if (avio_feof(pb))
            return WR_BEYOND;
        if (block == PICTURE) {
            avio_skip(pb, 8);
            skip_colors(pb, avio_r8(pb));
            avio_skip(pb, 1);
        } else if (block == EXTENSION) {
            avio_skip(pb, 1);
        } else {
            return block == TRAILER ? avio_tell(pb) : 0; // 0: something else begins here
        }
        for (int bytes; (bytes = avio_r8(pb)) > 0;)
            avio_skip(pb, bytes);
    }
    return WR_BEYOND;
}

int64_t wr_end_of_png(AVIOContext *pb, int64_t size)
{
    int64_t position = 8;
    while (position + 12 <= size && avio_seek(pb, position, SEEK_SET) >= 0) {
        position += 12 + (int64_t)avio_rb32(pb);
        if (avio_rl32(pb) == MKTAG('I', 'E', 'N', 'D'))
            return position;
    }
    return WR_BEYOND;
}

// A transport stream consists of whole packets.
int64_t wr_end_of_ts(AVIOContext *pb, int64_t size)
{
    enum { PACKET = 188, SYNC = 0x47 };
    const int64_t rest = size % PACKET, last = size - rest;
    if (!rest || avio_r8(pb) != SYNC || avio_seek(pb, PACKET, SEEK_SET) < 0 ||
        avio_r8(pb) != SYNC || avio_seek(pb, last, SEEK_SET) < 0 || avio_r8(pb) != SYNC)
        return 0;
    return last + PACKET;
}
