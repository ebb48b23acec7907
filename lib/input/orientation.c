// SPDX-License-Identifier: MIT
// Finds the orientation of photographs in files of which FFmpeg's decoders take the pixels alone.
#include "lib/input/orientation.h"

#include <libavutil/display.h>
#include <libavutil/intreadwrite.h>
#include <libavutil/macros.h>
#include <stddef.h>
#include <string.h>

struct bytes {
    const uint8_t *data;
    size_t size;
};

// Numbers that lie outside are 0, as is what does not say anything.
static uint32_t number_at(struct bytes bytes, size_t at, int width, bool is_little)
{
    if (at > bytes.size || bytes.size - at < (size_t)width)
        return 0;
    const uint8_t *data = bytes.data + at;
    if (width == 2)
        return is_little ? AV_RL16(data) : AV_RB16(data);
    return is_little ? AV_RL32(data) : AV_RB32(data);
}

// EXIF is a TIFF without a picture: a mark, then where its list of tags is.
static int orientation_in_tiff(struct bytes tiff)
{
    enum { ORIENTATION = 0x112, SHORT = 3, ENTRY = 12 };
    const bool is_little = number_at(tiff, 0, 4, false) == MKBETAG('I', 'I', 42, 0);
    if (!is_little && number_at(tiff, 0, 4, false) != MKBETAG('M', 'M', 0, 42))
        return 0;
    const size_t list = number_at(tiff, 4, 4, is_little);
    const uint32_t count = number_at(tiff, list, 2, is_little);
    for (uint32_t n = 0; n < count; n++) {
        const size_t entry = list + 2 + (size_t)n * ENTRY;
        if (number_at(tiff, entry, 2, is_little) == ORIENTATION &&
            number_at(tiff, entry + 2, 2, is_little) == SHORT)
            return (int)number_at(tiff, entry + 8, 2, is_little);
    }
    return 0;
}

// Chunks follow each other: length, name, data, sum.
static int orientation_in_png(struct bytes png)
{
    enum { SIGNATURE = 8, AROUND = 12 };
    for (size_t at = SIGNATURE; at < png.size && png.size - at >= AROUND;) {
        const size_t length = number_at(png, at, 4, false), rest = png.size - at - AROUND;
        if (length > rest)
            return 0;
        if (!memcmp(png.data + at + 4, "eXIf", 4))
            return orientation_in_tiff((struct bytes){png.data + at + 8, length});
        at += AROUND + length;
    }
    return 0;
}

int wr_orientation_of_packet(enum AVCodecID codec, const AVPacket *packet)
{
    const struct bytes bytes = {packet->data, (size_t)packet->size};
    const int number = codec == AV_CODEC_ID_PNG    ? orientation_in_png(bytes)
                       : codec == AV_CODEC_ID_TIFF ? orientation_in_tiff(bytes)
                                                   : 0;
    return number >= 1 && number <= 8 ? number : 0;
}

bool wr_turn_of_orientation(int number, int32_t matrix[9])
{
    static const struct {
        int degrees; // clockwise, before mirroring
        bool mirrored;
    } orientations[] = {[2] = {0, true},   [3] = {180, false}, [4] = {180, true}, [5] = {90, true},
                        [6] = {90, false}, [7] = {270, true},  [8] = {270, false}};
    if (number < 2 || number > 8)
        return false;
    av_display_rotation_set(matrix, orientations[number].degrees);
    av_display_matrix_flip(matrix, orientations[number].mirrored, 0);
    return true;
}
