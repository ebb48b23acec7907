// SPDX-License-Identifier: MIT
// Looks for the one block of a GIF or APNG file that says how often it plays.
#include "lib/input/plays.h"

#include <libavutil/intreadwrite.h>
#include <stdbool.h>
#include <string.h>

// A GIF's blocks before its first picture, or all of them: one block may stand anywhere.
static void skip_sub_blocks(AVIOContext *pb)
{
    for (int size; (size = avio_r8(pb)) && !avio_feof(pb);)
        avio_skip(pb, size);
}

static void skip_colors(AVIOContext *pb, int flags)
{
    if (flags & 0x80)
        avio_skip(pb, 3 << ((flags & 7) + 1));
}

// The extension of Netscape, which all programs have taken over, counts repeats.
static int read_extension(AVIOContext *pb)
{
    uint8_t name[11];
    if (avio_r8(pb) != 0xff) {
        skip_sub_blocks(pb);
        return -1;
    }
    if (avio_r8(pb) != sizeof name || avio_read(pb, name, sizeof name) != sizeof name)
        return -1;
    const bool is_loop =
        !memcmp(name, "NETSCAPE2.0", sizeof name) || !memcmp(name, "ANIMEXTS1.0", sizeof name);
    const int size = avio_r8(pb);
    if (!is_loop || size != 3 || avio_r8(pb) != 1) {
        avio_skip(pb, size);
        skip_sub_blocks(pb);
        return -1;
    }
    const int repeats = (int)avio_rl16(pb);
    return repeats ? repeats + 1 : 0;
}

static int read_gif(AVIOContext *pb)
{
    avio_skip(pb, 10); // signature, size
    const int flags = avio_r8(pb);
    avio_skip(pb, 2);
    skip_colors(pb, flags);
    int plays = -1;
    while (plays < 0 && !avio_feof(pb)) {
        const int block = avio_r8(pb);
        if (block == 0x2c) { // a picture
            avio_skip(pb, 8);
            skip_colors(pb, avio_r8(pb));
            avio_skip(pb, 1);
            skip_sub_blocks(pb);
        } else if (block == 0x21) {
            plays = read_extension(pb);
        } else {
            break;
        }
    }
    return plays < 0 ? 1 : plays;
}

static int read_apng(AVIOContext *pb)
{
    avio_skip(pb, 8);
    while (!avio_feof(pb)) {
        const int64_t size = avio_rb32(pb);
        const uint32_t type = avio_rl32(pb);
        if (type == MKTAG('a', 'c', 'T', 'L')) {
            avio_skip(pb, 4); // frames
            return (int)avio_rb32(pb);
        }
        if (type == MKTAG('I', 'D', 'A', 'T'))
            break;
        avio_skip(pb, size + 4);
    }
    return -1;
}

int wr_read_plays(const AVFormatContext *file)
{
    static const struct {
        const char *demuxer;
        int (*read)(AVIOContext *pb);
    } readers[] = {{"gif", read_gif}, {"apng", read_apng}};
    AVIOContext *pb = file->pb;
    int plays = -1;
    if (!pb || !(pb->seekable & AVIO_SEEKABLE_NORMAL))
        return plays;
    for (size_t n = 0; n < sizeof readers / sizeof *readers; n++) {
        const int64_t position = avio_tell(pb);
        if (strcmp(file->iformat->name, readers[n].demuxer) || avio_seek(pb, 0, SEEK_SET) < 0)
            continue;
        plays = readers[n].read(pb);
        avio_seek(pb, position, SEEK_SET);
    }
    return plays;
}
