// SPDX-License-Identifier: MIT
// Where files of single containers should end, by their headers, marks and chains of parts.
#include "lib/input/ends.h"

#include <libavutil/intfloat.h>
#include <libavutil/intreadwrite.h>
#include <libavutil/macros.h>
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

static bool is_zero_to_the_end(AVIOContext *pb)
{
    while (!avio_feof(pb))
        if (avio_r8(pb))
            return false;
    return true;
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
        if (length == 0) // to the end of the file, or no box begins here
            return in_fragments && !type && !is_zero_to_the_end(pb) ? WR_BEYOND : end;
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

// Whether the packets of an ASF file, which are of one size, all begin with the mark that the first
// one begins with. `count` of them follow in `length` bytes from the position on.
static bool are_packets_of_asf(AVIOContext *pb, int64_t position, int64_t length, int64_t count)
{
    enum { MASK = 0x8F, MARK = 0x82 }; // data for the correction of errors, as FFmpeg expects
    const int64_t bytes = count > 0 && length % count == 0 ? length / count : 0;
    for (int64_t n = 0; bytes && n < count; n++) {
        const bool is_read = avio_seek(pb, position + n * bytes, SEEK_SET) >= 0;
        const bool is_marked = (avio_r8(pb) & MASK) == MARK;
        if (!is_read || avio_feof(pb)) // of a pipe only the beginning is kept
            return true;
        if (!is_marked)
            return n == 0; // which files without that mark begin with
    }
    return true;
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
        avio_skip(pb, 16);
        if (n == DATA && length <= size - position &&
            !are_packets_of_asf(pb, position + HEAD_OF_DATA, length - HEAD_OF_DATA,
                                (int64_t)avio_rl64(pb)))
            return WR_BEYOND;
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

// The length in the header tells the end only of a file that is not compressed. FFmpeg writes a
// length of 100 MiB into a pipe, where it cannot put in the real one later.
int64_t wr_end_of_swf(AVIOContext *pb, int64_t size)
{
    enum { PLACEHOLDER = 100 << 20 };
    (void)size;
    const bool is_plain = avio_rl24(pb) == MKTAG('F', 'W', 'S', 0);
    avio_skip(pb, 1);
    const int64_t length = avio_rl32(pb);
    return is_plain && length != PLACEHOLDER ? length : 0;
}

// Frames follow each other. The header tells their number, or their time; in what was sent live that is 0
// or UINT32_MAX.
int64_t wr_end_of_ivf(AVIOContext *pb, int64_t size)
{
    enum { HEAD = 32, HEAD_OF_FRAME = 12 };
    avio_skip(pb, 24);
    const uint32_t promised = avio_rl32(pb);
    uint64_t frames = 0, time = 0;
    int64_t position = HEAD;
    for (; position + HEAD_OF_FRAME <= size; frames++) {
        if (avio_seek(pb, position, SEEK_SET) < 0)
            return 0;
        position += HEAD_OF_FRAME + (int64_t)avio_rl32(pb);
        time = avio_rl64(pb);
    }
    const bool is_short = promised < UINT32_MAX && frames < promised && time + 1 < promised;
    return is_short ? WR_BEYOND : position;
}

// ---- those that mark their end

// The numbers of the pages, which rise by one in each stream.
struct ogg_streams {
    struct {
        uint32_t serial, page;
    } of[64];
    int count;
};

// True unless pages of its stream are missing before this one. Streams beyond those that there is
// room for are not checked.
static bool is_next_page(struct ogg_streams *streams, uint32_t serial, uint32_t page, bool is_first)
{
    enum { ROOM = sizeof streams->of / sizeof *streams->of };
    int n = 0;
    while (n < streams->count && streams->of[n].serial != serial)
        n++;
    const bool is_next = is_first || n == streams->count || page == streams->of[n].page + 1;
    if (n == streams->count && n < ROOM)
        streams->of[streams->count++].serial = serial;
    if (n < ROOM)
        streams->of[n].page = page;
    return is_next;
}

// Where the first page begins. What is kept of a pipe may begin within one.
static int64_t first_page(AVIOContext *pb, int64_t size)
{
    uint32_t tag = 0;
    for (int64_t position = 0; position < size; position++) {
        tag = tag >> 8 | (uint32_t)avio_r8(pb) << 24;
        if (tag == MKTAG('O', 'g', 'g', 'S'))
            return position + 1 - (int64_t)sizeof tag;
    }
    return 0;
}

// Pages follow each other. Behind the last one of a stream there may be something else.
int64_t wr_end_of_ogg(AVIOContext *pb, int64_t size)
{
    enum { HEAD = 27, IS_FIRST = 2, IS_LAST = 4 };
    struct ogg_streams streams = {.count = 0};
    int flags = 0;
    int64_t position = first_page(pb, size);
    while (position + HEAD <= size && avio_seek(pb, position, SEEK_SET) >= 0) {
        if (avio_rl32(pb) != MKTAG('O', 'g', 'g', 'S') || avio_r8(pb))
            return flags & IS_LAST ? position : WR_BEYOND;
        flags = avio_r8(pb);
        avio_skip(pb, 8);
        const uint32_t serial = avio_rl32(pb), page = avio_rl32(pb);
        if (!is_next_page(&streams, serial, page, flags & IS_FIRST))
            return WR_BEYOND;
        avio_skip(pb, 4);
        const int parts = avio_r8(pb);
        position += HEAD + parts;
        for (int n = 0; n < parts; n++)
            position += avio_r8(pb);
    }
    return position <= size && !(flags & IS_LAST) ? WR_BEYOND : position;
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

// The header of an animation says how many pictures there are.
int64_t wr_end_of_png(AVIOContext *pb, int64_t size)
{
    int64_t position = 8;
    uint32_t promised = 0, pictures = 0;
    while (position + 12 <= size && avio_seek(pb, position, SEEK_SET) >= 0) {
        position += 12 + (int64_t)avio_rb32(pb);
        const uint32_t type = avio_rl32(pb);
        if (type == MKTAG('a', 'c', 'T', 'L'))
            promised = avio_rb32(pb);
        pictures += type == MKTAG('f', 'c', 'T', 'L');
        if (type == MKTAG('I', 'E', 'N', 'D'))
            return pictures < promised ? WR_BEYOND : position;
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
