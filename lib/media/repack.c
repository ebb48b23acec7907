// SPDX-License-Identifier: MIT
// Takes samples out of the words that pixel formats store them in, and puts them there.
#include "lib/media/repack.h"

#include <libavutil/bswap.h>
#include <libavutil/pixdesc.h>
#include <string.h>

#include "lib/media/frame.h"
#include "lib/media/widen.h"

// A palette entry is one native 32-bit ARGB word: the byte of it that holds our plane's sample.
static int palette_byte_of(int plane)
{
    static const int little[] = {1, 0, 2, 3}, big[] = {2, 3, 1, 0};
    return AV_PIX_FMT_GRAY16 == AV_PIX_FMT_GRAY16BE ? big[plane] : little[plane];
}

// Where one component's samples lie in a packed frame.
struct component {
    ptrdiff_t step;   // bytes from one sample to the next
    int word;         // bytes of what a sample is part of: 1, 2 or 4
    int shift, depth; // the sample's bits in it
    bool swapped;     // the word's bytes are in the other machines' order
};

static struct component locate_component(const AVPixFmtDescriptor *desc, int component)
{
    const AVComponentDescriptor *comp = &desc->comp[component];
    const int bits = comp->shift + comp->depth;
    const bool big = desc->flags & AV_PIX_FMT_FLAG_BE;
    return (struct component){
        .step = comp->step,
        .word = bits <= 8    ? 1
                : bits <= 16 ? 2
                             : 4,
        .shift = comp->shift,
        .depth = comp->depth,
        .swapped = big != (AV_PIX_FMT_GRAY16 == AV_PIX_FMT_GRAY16BE),
    };
}

static uint8_t *packed_row(const AVFrame *packed, const AVPixFmtDescriptor *desc, int component,
                           int y)
{
    const AVComponentDescriptor *comp = &desc->comp[component];
    return packed->data[comp->plane] + (ptrdiff_t)y * packed->linesize[comp->plane] + comp->offset;
}

static inline uint32_t load_word(const uint8_t *from, int bytes, bool swapped)
{
    uint16_t two;
    uint32_t four;
    switch (bytes) {
    case 1:
        return *from;
    case 2:
        memcpy(&two, from, sizeof two);
        return swapped ? av_bswap16(two) : two;
    default:
        memcpy(&four, from, sizeof four);
        return swapped ? av_bswap32(four) : four;
    }
}

// Adds bits to a word that holds other samples, or nothing, so far.
static inline void add_to_word(uint8_t *to, int bytes, bool swapped, uint32_t bits)
{
    const uint32_t word = load_word(to, bytes, swapped) | bits;
    const uint16_t two = swapped ? av_bswap16((uint16_t)word) : (uint16_t)word;
    const uint32_t four = swapped ? av_bswap32(word) : word;
    switch (bytes) {
    case 1:
        *to = (uint8_t)word;
        break;
    case 2:
        memcpy(to, &two, sizeof two);
        break;
    default:
        memcpy(to, &four, sizeof four);
    }
}

// It is fast where it is inlined with fields of `layout` that are constants.
static inline void unpack_row(struct component layout, const uint8_t *restrict packed,
                              void *restrict row, int bytes, int width)
{
    const uint32_t mask = (1u << layout.depth) - 1;
    for (int x = 0; x < width; x++) {
        const uint32_t word = load_word(packed + x * layout.step, layout.word, layout.swapped);
        const uint32_t sample = word >> layout.shift & mask;
        if (bytes == 1)
            ((uint8_t *)row)[x] = (uint8_t)sample;
        else
            ((uint16_t *)row)[x] = (uint16_t)sample;
    }
}

// Whole words of this machine, `stride` of them from one sample to the next. Where bytes and stride
// are constants, as below, the compiler can do many samples at once.
static inline void unpack_words(struct component layout, const uint8_t *packed, void *row,
                                int bytes, int stride, int width)
{
    layout.word = bytes;
    layout.swapped = false;
    layout.step = bytes * stride;
    unpack_row(layout, packed, row, bytes, width);
}

static inline void unpack_usual(struct component layout, const uint8_t *packed, void *row,
                                int bytes, int width)
{
    switch (layout.step / bytes) {
    case 1: // luma of nv12 and p010
        unpack_words(layout, packed, row, bytes, 1, width);
        break;
    case 2: // their chroma, luma of yuyv422
        unpack_words(layout, packed, row, bytes, 2, width);
        break;
    case 4: // chroma of yuyv422
        unpack_words(layout, packed, row, bytes, 4, width);
        break;
    default:
        unpack_row(layout, packed, row, bytes, width);
    }
}

static void unpack_any_row(struct component layout, const uint8_t *packed, void *row, int bytes,
                           int width)
{
    if (layout.swapped || layout.word != bytes || layout.step % bytes)
        unpack_row(layout, packed, row, bytes, width);
    else if (bytes == 1)
        unpack_usual(layout, packed, row, 1, width);
    else
        unpack_usual(layout, packed, row, 2, width);
}

static void pack_row(struct component layout, uint8_t *restrict packed, const void *restrict row,
                     int bytes, int width)
{
    for (int x = 0; x < width; x++) {
        const uint32_t sample = bytes == 1 ? ((const uint8_t *)row)[x] : ((const uint16_t *)row)[x];
        add_to_word(packed + x * layout.step, layout.word, layout.swapped, sample << layout.shift);
    }
}

static void unpack_plane(AVFrame *planar, const AVFrame *packed, const struct wr_format *format,
                         int plane)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(packed->format);
    const bool palette = desc->flags & AV_PIX_FMT_FLAG_PAL;
    const int component = palette ? 0 : wr_pix_fmt_component(desc, plane);
    const uint8_t *colors = palette ? packed->data[1] + palette_byte_of(plane) : NULL;
    const struct component layout = locate_component(desc, component);
    const int width = wr_format_width(format, plane);
    for (int y = 0; y < wr_format_height(format, plane); y++) {
        uint8_t *row = planar->data[plane] + (ptrdiff_t)y * planar->linesize[plane];
        unpack_any_row(layout, packed_row(packed, desc, component, y), row, wr_format_bytes(format),
                       width);
        for (int x = 0; palette && x < width; x++)
            row[x] = colors[4 * row[x]];
    }
}

static void pack_plane(const AVFrame *planar, AVFrame *packed, const struct wr_format *format,
                       int plane)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(packed->format);
    const int component = wr_pix_fmt_component(desc, plane);
    const struct component layout = locate_component(desc, component);
    for (int y = 0; y < wr_format_height(format, plane); y++) {
        const uint8_t *row = planar->data[plane] + (ptrdiff_t)y * planar->linesize[plane];
        pack_row(layout, packed_row(packed, desc, component, y), row, wr_format_bytes(format),
                 wr_format_width(format, plane));
    }
}

// Decoders may hand pictures out from the last row to the first; encoders need not take them so.
static bool counts_rows_backwards(const AVFrame *frame)
{
    bool backwards = false;
    for (int plane = 0; plane < WR_MAX_PLANES && frame->data[plane]; plane++)
        backwards |= frame->linesize[plane] < 0;
    return backwards;
}

enum wr_status wr_frame_unpack(AVFrame **frame, struct wr_frame_pool *pool, struct wr_error *error)
{
    if (wr_pix_fmt_is_planar((*frame)->format) && !counts_rows_backwards(*frame))
        return WR_OK;
    AVFrame *planar = wr_frame_pool_get(pool);
    if (!planar || av_frame_copy_props(planar, *frame) < 0) {
        av_frame_free(&planar);
        return wr_fail(error, WR_FAILED, "out of memory");
    }
    struct wr_format widened;
    if (wr_widened_format((*frame)->format, &widened))
        wr_widen(planar, *frame);
    else
        for (int plane = 0; plane < wr_format_planes(wr_frame_pool_format(pool)); plane++)
            unpack_plane(planar, *frame, wr_frame_pool_format(pool), plane);
    av_frame_free(frame);
    *frame = planar;
    return WR_OK;
}

// Whether pix_fmt, or none where libavutil has none, is how planes of format come: yuvj420p, too,
// where yuv420p is meant.
static bool is_planar_form(enum AVPixelFormat pix_fmt, const struct wr_format *format)
{
    struct wr_format given;
    if (!wr_pix_fmt_is_planar(pix_fmt) || !wr_pix_fmt_describe(pix_fmt, &given))
        return pix_fmt == wr_format_pix_fmt(format);
    return wr_format_pix_fmt(&given) == wr_format_pix_fmt(format);
}

// Planes of 16 bits become planes of floats: 0 to 65535 are 0 to 1.
static enum wr_status pack_floats(AVFrame **frame, enum AVPixelFormat pix_fmt,
                                  struct wr_error *error)
{
    AVFrame *floats = av_frame_alloc();
    if (!floats)
        return wr_fail(error, WR_FAILED, "out of memory");
    floats->format = pix_fmt;
    floats->width = (*frame)->width;
    floats->height = (*frame)->height;
    if (av_frame_get_buffer(floats, 0) < 0 || av_frame_copy_props(floats, *frame) < 0) {
        av_frame_free(&floats);
        return wr_fail(error, WR_FAILED, "out of memory");
    }
    for (int plane = 0; plane < WR_MAX_PLANES && floats->data[plane]; plane++)
        for (int y = 0; y < floats->height; y++) {
            const uint16_t *from = (const uint16_t *)((*frame)->data[plane] +
                                                      (ptrdiff_t)y * (*frame)->linesize[plane]);
            float *to = (float *)(floats->data[plane] + (ptrdiff_t)y * floats->linesize[plane]);
            for (int x = 0; x < floats->width; x++)
                to[x] = (float)from[x] / 65535;
        }
    av_frame_free(frame);
    *frame = floats;
    return WR_OK;
}

enum wr_status wr_frame_pack(AVFrame **frame, enum AVPixelFormat pix_fmt, struct wr_error *error)
{
    struct wr_format format;
    const enum AVPixelFormat integers = wr_pix_fmt_without_floats(pix_fmt);
    if (integers != AV_PIX_FMT_NONE && (*frame)->format == integers)
        return pack_floats(frame, pix_fmt, error);
    if (pix_fmt == AV_PIX_FMT_PAL8 && (*frame)->format == pix_fmt)
        return WR_OK;
    if (!wr_pix_fmt_describe(pix_fmt, &format) ||
        av_pix_fmt_desc_get(pix_fmt)->flags & AV_PIX_FMT_FLAG_PAL)
        return wr_fail(error, WR_FAILED, "cannot pack frames as %s", av_get_pix_fmt_name(pix_fmt));
    if (!is_planar_form((*frame)->format, &format)) {
        const char *given = av_get_pix_fmt_name((*frame)->format);
        return wr_fail(error, WR_FAILED, "cannot pack frames of %s as %s",
                       given ? given : "gray with alpha", av_get_pix_fmt_name(pix_fmt));
    }
    format.width = (*frame)->width;
    format.height = (*frame)->height;
    if (wr_pix_fmt_is_planar(pix_fmt)) {
        (*frame)->format = pix_fmt;
        return WR_OK;
    }
    AVFrame *packed = av_frame_alloc();
    if (!packed)
        return wr_fail(error, WR_FAILED, "out of memory");
    packed->format = pix_fmt;
    packed->width = format.width;
    packed->height = format.height;
    if (av_frame_get_buffer(packed, 0) < 0 || av_frame_copy_props(packed, *frame) < 0)
        goto fail;
    // Samples narrower than their word are or-ed in, and padding has to be the same every time.
    for (int i = 0; i < AV_NUM_DATA_POINTERS && packed->buf[i]; i++)
        memset(packed->buf[i]->data, 0, packed->buf[i]->size);
    for (int plane = 0; plane < wr_format_planes(&format); plane++)
        pack_plane(*frame, packed, &format, plane);
    av_frame_free(frame);
    *frame = packed;
    return WR_OK;
fail:
    av_frame_free(&packed);
    return wr_fail(error, WR_FAILED, "out of memory");
}
