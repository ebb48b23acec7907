// SPDX-License-Identifier: MIT
// Pixel formats: what they are made of, and that unpacking and packing lose no bit of any of them.
// And the frames of a batch.
#include <libavutil/pixdesc.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/program/state.h"
#include "lib/input/surfaces.h"
#include "lib/media/libav.h"
#include "lib/media/patched.h"
#include "lib/media/repack.h"
#include "lib/run/batches/batch.h"
#include "lib/run/batches/batcher.h"
#include "tests/support.h"

#define COUNT(array) ((int)(sizeof array / sizeof array[0]))

// One pixel, or two side by side, as the bytes of a packed format, and the samples it stands for in
// our order of planes.
static const struct {
    enum AVPixelFormat pix_fmt;
    int width;
    uint8_t bytes[2][16]; // of the first two planes of libavutil
    int samples[4][2];
} pixels[] = {
    {AV_PIX_FMT_GRAY8, 1, {{7}}, {{7}}},
    {AV_PIX_FMT_YA8, 1, {{7, 9}}, {{7}, {9}}},
    {AV_PIX_FMT_GRAY16BE, 1, {{0x12, 0x34}}, {{0x1234}}},
    {AV_PIX_FMT_GRAY10LE, 1, {{0x34, 0x02}}, {{0x234}}},
    {AV_PIX_FMT_RGB24, 1, {{1, 2, 3}}, {{2}, {3}, {1}}},
    {AV_PIX_FMT_BGR24, 1, {{3, 2, 1}}, {{2}, {3}, {1}}},
    {AV_PIX_FMT_RGBA, 1, {{1, 2, 3, 4}}, {{2}, {3}, {1}, {4}}},
    {AV_PIX_FMT_BGRA, 1, {{3, 2, 1, 4}}, {{2}, {3}, {1}, {4}}},
    {AV_PIX_FMT_ARGB, 1, {{4, 1, 2, 3}}, {{2}, {3}, {1}, {4}}},
    {AV_PIX_FMT_0RGB, 1, {{9, 1, 2, 3}}, {{2}, {3}, {1}}},
    {AV_PIX_FMT_RGB48BE, 1, {{1, 2, 3, 4, 5, 6}}, {{0x304}, {0x506}, {0x102}}},
    {AV_PIX_FMT_RGB48LE, 1, {{1, 2, 3, 4, 5, 6}}, {{0x403}, {0x605}, {0x201}}},
    {AV_PIX_FMT_X2RGB10LE, 1, {{0x03, 0x08, 0x10, 0x00}}, {{2}, {3}, {1}}},
    {AV_PIX_FMT_YUYV422, 2, {{1, 10, 2, 20}}, {{1, 2}, {10}, {20}}},
    {AV_PIX_FMT_UYVY422, 2, {{10, 1, 20, 2}}, {{1, 2}, {10}, {20}}},
    {AV_PIX_FMT_NV12, 2, {{1, 2}, {10, 20}}, {{1, 2}, {10}, {20}}},
    {AV_PIX_FMT_NV21, 2, {{1, 2}, {20, 10}}, {{1, 2}, {10}, {20}}},
    {AV_PIX_FMT_P010LE, 2, {{0x40, 0, 0x80, 0}, {0xc0, 0xff, 0, 0x40}}, {{1, 2}, {1023}, {256}}},
    {AV_PIX_FMT_Y210LE, 2, {{0x40, 0, 0x80, 0, 0xc0, 0, 0, 1}}, {{1, 3}, {2}, {4}}},
    {AV_PIX_FMT_YUV420P10BE, 2, {{0, 1, 3, 0xff}, {1, 0}}, {{1, 1023}, {256}, {0}}},
    {AV_PIX_FMT_NV16, 2, {{1, 2}, {10, 20}}, {{1, 2}, {10}, {20}}},
    {AV_PIX_FMT_NV24, 2, {{1, 2}, {10, 20, 30, 40}}, {{1, 2}, {10, 30}, {20, 40}}},
    {AV_PIX_FMT_NV42, 2, {{1, 2}, {10, 20, 30, 40}}, {{1, 2}, {20, 40}, {10, 30}}},
    {AV_PIX_FMT_P210LE, 2, {{0x40, 0, 0x80, 0}, {0xc0, 0xff, 0, 0x40}}, {{1, 2}, {1023}, {256}}},
    // Widened: 565 is red 3, green 5, blue 1; then all of them at their largest.
    {AV_PIX_FMT_RGB565LE, 2, {{0xa1, 0x18, 0xff, 0xff}}, {{20, 255}, {8, 255}, {24, 255}}},
    {AV_PIX_FMT_RGB565BE, 2, {{0x18, 0xa1, 0xff, 0xff}}, {{20, 255}, {8, 255}, {24, 255}}},
    {AV_PIX_FMT_BGR565LE, 2, {{0xa1, 0x18, 0xff, 0xff}}, {{20, 255}, {24, 255}, {8, 255}}},
    {AV_PIX_FMT_RGB555LE, 2, {{0xa1, 0x0c, 0xff, 0x7f}}, {{41, 255}, {8, 255}, {24, 255}}},
    {AV_PIX_FMT_RGB444BE, 2, {{0x03, 0x51, 0x0f, 0xff}}, {{85, 255}, {17, 255}, {51, 255}}},
    {AV_PIX_FMT_RGB8, 2, {{0x6d, 0xff}}, {{108, 252}, {85, 255}, {108, 252}}},
    {AV_PIX_FMT_BGR8, 2, {{0x6d, 0xff}}, {{180, 252}, {85, 255}, {180, 252}}},
    {AV_PIX_FMT_RGB4_BYTE, 2, {{0x0b, 0x04}}, {{85, 170}, {255, 0}, {255, 0}}},
    {AV_PIX_FMT_RGB4, 2, {{0xb4}}, {{85, 170}, {255, 0}, {255, 0}}},
    {AV_PIX_FMT_MONOBLACK, 2, {{0x40}}, {{0, 255}}},
    {AV_PIX_FMT_MONOWHITE, 2, {{0x40}}, {{255, 0}}},
    {AV_PIX_FMT_GRAYF32LE, 2, {{0, 0, 0, 0x3f, 0, 0, 0, 0x40}}, {{32768, 65535}}},
    {AV_PIX_FMT_GRAYF32BE, 2, {{0x3f, 0, 0, 0, 0xbf, 0, 0, 0}}, {{32768, 0}}},
    {AV_PIX_FMT_GRAYF32LE,
     2,
     {{0, 0, 0xc0, 0x7f, 0, 0, 0x80, 0x7f}},
     {{0, 65535}}}, // NaN, infinity
    {AV_PIX_FMT_XYZ12LE,
     2,
     {{0, 0, 0, 0, 0, 0, 0xf0, 0xff, 0xf0, 0xff, 0xf0, 0xff}},
     {{0, 3997}, {0, 3921}, {0, 4095}}},
    {AV_PIX_FMT_XYZ12BE, 1, {{0x80, 0, 0x80, 0, 0x80, 0}}, {{1761}, {1729}, {1965}}},
    {AV_PIX_FMT_UYYVYY411, 2, {{10, 1, 2, 20, 3, 4}}, {{1, 2}, {10}, {20}}},
};

static AVFrame *new_frame(enum AVPixelFormat pix_fmt, int width, int height)
{
    AVFrame *frame = av_frame_alloc();
    ck_assert_ptr_nonnull(frame);
    frame->format = pix_fmt;
    frame->width = width;
    frame->height = height;
    ck_assert_int_eq(av_frame_get_buffer(frame, 0), 0);
    for (int i = 0; i < AV_NUM_DATA_POINTERS && frame->buf[i]; i++)
        memset(frame->buf[i]->data, 0, frame->buf[i]->size);
    return frame;
}

static int look(const AVFrame *frame, const struct wr_format *format, int plane, int x, int y)
{
    const uint8_t *row = frame->data[plane] + (ptrdiff_t)y * frame->linesize[plane];
    return wr_format_bytes(format) == 1 ? row[x] : ((const uint16_t *)row)[x];
}

static void put(AVFrame *frame, const struct wr_format *format, int plane, int x, int y, int value)
{
    uint8_t *row = frame->data[plane] + (ptrdiff_t)y * frame->linesize[plane];
    if (wr_format_bytes(format) == 1)
        row[x] = (uint8_t)value;
    else
        ((uint16_t *)row)[x] = (uint16_t)value;
}

static void unpack(AVFrame **frame, struct wr_format *format)
{
    struct wr_error error;
    ck_assert(wr_frame_format(*frame, format));
    struct wr_frame_pool *pool = wr_frame_pool_open(format, WR_ALL_PLANES, NULL);
    ck_assert_msg(!wr_frame_unpack(frame, pool, &error), "%s", error.text);
    wr_frame_pool_close(&pool);
}

START_TEST(literal_pixels_are_unpacked)
{
    AVFrame *frame = new_frame(pixels[_i].pix_fmt, pixels[_i].width, 1);
    for (int plane = 0; plane < 2 && frame->data[plane]; plane++)
        memcpy(frame->data[plane], pixels[_i].bytes[plane], sizeof pixels[_i].bytes[plane]);
    struct wr_format format;
    unpack(&frame, &format);
    for (int plane = 0; plane < wr_format_planes(&format); plane++)
        for (int x = 0; x < wr_format_width(&format, plane); x++)
            ck_assert_msg(look(frame, &format, plane, x, 0) == pixels[_i].samples[plane][x],
                          "%s plane %d: %d", av_get_pix_fmt_name(pixels[_i].pix_fmt), plane,
                          look(frame, &format, plane, x, 0));
    av_frame_free(&frame);
}
END_TEST

START_TEST(palettes_are_looked_up)
{
    AVFrame *frame = new_frame(AV_PIX_FMT_PAL8, 2, 1);
    const uint32_t colors[] = {0x80112233, 0xff445566};
    memcpy(frame->data[1], colors, sizeof colors);
    frame->data[0][0] = 1;
    frame->data[0][1] = 0;
    struct wr_format format;
    unpack(&frame, &format);
    static const int expected[4][2] = {{0x55, 0x22}, {0x66, 0x33}, {0x44, 0x11}, {0xff, 0x80}};
    for (int plane = 0; plane < 4; plane++)
        for (int x = 0; x < 2; x++)
            ck_assert_int_eq(look(frame, &format, plane, x, 0), expected[plane][x]);
    av_frame_free(&frame);
}
END_TEST

static AVFrame *noise(const struct wr_format *format)
{
    struct wr_frame_pool *pool = wr_frame_pool_open(format, WR_ALL_PLANES, NULL);
    AVFrame *frame = wr_frame_pool_get(pool);
    wr_frame_pool_close(&pool);
    unsigned state = 1;
    for (int plane = 0; plane < wr_format_planes(format); plane++)
        for (int y = 0; y < wr_format_height(format, plane); y++)
            for (int x = 0; x < wr_format_width(format, plane); x++) {
                state = state * 1664525 + 1013904223;
                put(frame, format, plane, x, y, (int)(state >> (32 - format->depth)));
            }
    return frame;
}

static bool equal(const AVFrame *a, const AVFrame *b, const struct wr_format *format)
{
    for (int plane = 0; plane < wr_format_planes(format); plane++)
        for (int y = 0; y < wr_format_height(format, plane); y++)
            for (int x = 0; x < wr_format_width(format, plane); x++)
                if (look(a, format, plane, x, y) != look(b, format, plane, x, y))
                    return false;
    return true;
}

static void check_round_trip(enum AVPixelFormat pix_fmt, int width, int height)
{
    const AVFrame empty = {.format = pix_fmt, .width = width, .height = height};
    struct wr_format format;
    ck_assert(wr_frame_format(&empty, &format));
    AVFrame *before = noise(&format), *frame = noise(&format);
    struct wr_error error;
    ck_assert_msg(!wr_frame_pack(&frame, pix_fmt, &error), "%s", error.text);
    ck_assert_int_eq(frame->format, pix_fmt);
    unpack(&frame, &format);
    ck_assert_msg(equal(before, frame, &format), "%s %dx%d", av_get_pix_fmt_name(pix_fmt), width,
                  height);
    av_frame_free(&before);
    av_frame_free(&frame);
}

START_TEST(every_format_survives)
{
    int count = 0;
    const AVPixFmtDescriptor *desc = NULL;
    while ((desc = av_pix_fmt_desc_next(desc))) {
        const enum AVPixelFormat pix_fmt = av_pix_fmt_desc_get_id(desc);
        const AVFrame frame = {.format = pix_fmt, .width = 1, .height = 1};
        struct wr_format format;
        if (!wr_frame_format(&frame, &format) || !wr_pix_fmt_is_made(pix_fmt))
            continue;
        static const int sizes[][2] = {{1, 1}, {7, 5}, {64, 2}};
        for (int i = 0; i < COUNT(sizes); i++)
            check_round_trip(pix_fmt, sizes[i][0], sizes[i][1]);
        count++;
    }
    ck_assert_int_ge(count, 100);
}
END_TEST

START_TEST(planar_frames_are_not_copied)
{
    AVFrame *frame = new_frame(AV_PIX_FMT_YUV422P10, 16, 4);
    const uint8_t *const data = frame->data[0];
    struct wr_format format;
    unpack(&frame, &format);
    ck_assert_ptr_eq(frame->data[0], data);
    ck_assert(!wr_frame_pack(&frame, AV_PIX_FMT_YUV422P10, NULL));
    ck_assert_ptr_eq(frame->data[0], data);
    av_frame_free(&frame);
}
END_TEST

START_TEST(packing_refuses_frames_of_another_format)
{
    static const enum AVPixelFormat others[] = {AV_PIX_FMT_YUV444P16, AV_PIX_FMT_YUV420P,
                                                AV_PIX_FMT_GBRP10, AV_PIX_FMT_P010, AV_PIX_FMT_YA8};
    for (int i = 0; i < COUNT(others); i++) {
        AVFrame *frame = new_frame(AV_PIX_FMT_YUV422P10, 16, 4), *const before = frame;
        struct wr_error error;
        ck_assert_int_eq(wr_frame_pack(&frame, others[i], &error), WR_FAILED);
        ck_assert_msg(strstr(error.text, "yuv422p10"), "%s", error.text);
        ck_assert_ptr_eq(frame, before);
        ck_assert_int_eq(frame->format, AV_PIX_FMT_YUV422P10);
        av_frame_free(&frame);
    }
}
END_TEST

START_TEST(rows_from_last_to_first_are_turned_round)
{
    AVFrame *frame = new_frame(AV_PIX_FMT_YUV420P, 16, 4);
    for (int p = 0; p < 3; p++) {
        const int rows = p ? 2 : 4;
        for (int y = 0; y < rows; y++)
            memset(frame->data[p] + y * frame->linesize[p], 10 * p + y, p ? 8 : 16);
        frame->data[p] += (rows - 1) * frame->linesize[p];
        frame->linesize[p] *= -1;
    }
    struct wr_format format;
    unpack(&frame, &format);
    for (int p = 0; p < 3; p++) {
        ck_assert_int_gt(frame->linesize[p], 0);
        for (int y = 0, rows = p ? 2 : 4; y < rows; y++)
            ck_assert_int_eq(frame->data[p][y * frame->linesize[p] + 7], 10 * p + rows - 1 - y);
    }
    av_frame_free(&frame);
}
END_TEST

START_TEST(unknown_formats_are_refused)
{
    static const enum AVPixelFormat refused[] = {
        AV_PIX_FMT_NONE,
        AV_PIX_FMT_BAYER_BGGR8,
        AV_PIX_FMT_CUDA,
        AV_PIX_FMT_VAAPI,
    };
    AVFrame *frame = av_frame_alloc();
    for (int i = 0; i < COUNT(refused); i++) {
        frame->format = refused[i];
        frame->width = frame->height = 4;
        struct wr_format format;
        ck_assert(!wr_frame_format(frame, &format));
    }
    av_frame_free(&frame);
}
END_TEST

// Whether frames of the first can be handed to an encoder as the second.
static const struct {
    enum AVPixelFormat source, target;
    bool full_range, holds;
} pairs[] = {
    {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV420P, false, true},
    {AV_PIX_FMT_YUV420P, AV_PIX_FMT_NV12, false, true},
    {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ420P, false, false},
    {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ420P, true, true},
    {AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUV420P, true, true},
    {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV422P, false, false},
    {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVA420P, false, false},
    {AV_PIX_FMT_YUV420P10, AV_PIX_FMT_P010LE, false, true},
    {AV_PIX_FMT_YUV420P10, AV_PIX_FMT_YUV420P12, false, false},
    {AV_PIX_FMT_YUV420P10, AV_PIX_FMT_YUV420P, false, false},
    {AV_PIX_FMT_GBRP, AV_PIX_FMT_RGB24, true, true},
    {AV_PIX_FMT_GBRP, AV_PIX_FMT_YUV444P, true, false},
    {AV_PIX_FMT_GBRAP, AV_PIX_FMT_BGRA, true, true},
    {AV_PIX_FMT_GBRAP, AV_PIX_FMT_PAL8, true, false},
    {AV_PIX_FMT_PAL8, AV_PIX_FMT_RGBA, true, true},
    {AV_PIX_FMT_YA16BE, AV_PIX_FMT_YA16LE, false, true},
    {AV_PIX_FMT_GRAY8, AV_PIX_FMT_YUV420P, false, false},
};

START_TEST(formats_hold_what_they_can)
{
    const AVFrame frame = {.format = pairs[_i].source,
                           .width = 4,
                           .height = 4,
                           .color_range =
                               pairs[_i].full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG};
    struct wr_format format;
    ck_assert(wr_frame_format(&frame, &format));
    ck_assert_msg(wr_pix_fmt_holds(pairs[_i].target, &format) == pairs[_i].holds, "%s in %s",
                  av_get_pix_fmt_name(pairs[_i].source), av_get_pix_fmt_name(pairs[_i].target));
}
END_TEST

START_TEST(layouts_have_their_planar_format)
{
    static const struct {
        const char *layout;
        int depth;
        enum AVPixelFormat pix_fmt;
    } expected[] = {
        {"gray", 8, AV_PIX_FMT_GRAY8},         {"gray", 12, AV_PIX_FMT_GRAY12},
        {"yuv420p", 8, AV_PIX_FMT_YUV420P},    {"yuv422p", 10, AV_PIX_FMT_YUV422P10},
        {"yuv444p", 16, AV_PIX_FMT_YUV444P16}, {"gbrp", 8, AV_PIX_FMT_GBRP},
        {"gbrap", 16, AV_PIX_FMT_GBRAP16},     {"yuva420p", 10, AV_PIX_FMT_YUVA420P10},
    };
    for (int i = 0; i < COUNT(expected); i++) {
        const struct wr_format format = test_format(expected[i].layout, expected[i].depth, 8, 8);
        ck_assert_int_eq(wr_format_pix_fmt(&format), expected[i].pix_fmt);
    }
}
END_TEST

START_TEST(pools_serve_aligned_planes)
{
    struct wr_format format = test_format("yuv420p", 10, 33, 17);
    struct wr_frame_pool *pool = wr_frame_pool_open(&format, WR_ALL_PLANES, NULL);
    AVFrame *frames[3];
    for (int i = 0; i < 3; i++) {
        frames[i] = wr_frame_pool_get(pool);
        ck_assert_ptr_nonnull(frames[i]);
        ck_assert_int_eq(frames[i]->format, AV_PIX_FMT_YUV420P10);
        for (int plane = 0; plane < 3; plane++) {
            ck_assert_uint_eq((uintptr_t)frames[i]->data[plane] % 64, 0);
            ck_assert_int_eq(frames[i]->linesize[plane] % 64, 0);
        }
    }
    wr_frame_pool_close(&pool);
    for (int i = 0; i < 3; i++) { // frames outlive their pool
        put(frames[i], &format, 2, 16, 8, i);
        ck_assert_int_eq(look(frames[i], &format, 2, 16, 8), i);
        av_frame_free(&frames[i]);
    }
}
END_TEST

// Stands for pinned memory: where its blocks are is remembered.
static struct {
    unsigned char *start, *end;
} blocks[64];
static int block_count;

static void *get_block(int device, size_t bytes)
{
    ck_assert_int_eq(device, 3);
    if (block_count == COUNT(blocks))
        return NULL;
    unsigned char *block = malloc(bytes);
    blocks[block_count].start = block;
    blocks[block_count++].end = block + bytes;
    return block;
}

static void release_block(int device, void *block)
{
    ck_assert_int_eq(device, 3);
    for (int n = 0; n < block_count; n++)
        if (blocks[n].start == block)
            blocks[n].start = blocks[n].end = NULL;
    free(block);
}

static bool holds_address(int device, const void *address)
{
    ck_assert_int_eq(device, 3);
    for (int n = 0; n < block_count; n++)
        if ((const unsigned char *)address >= blocks[n].start &&
            (const unsigned char *)address < blocks[n].end)
            return true;
    return false;
}

static const struct wr_host_memory_type remembered = {get_block, release_block, holds_address};

START_TEST(pools_keep_to_the_limit_of_host_memory)
{
    const struct wr_format format = test_format("gray", 8, 64, 32);
    struct wr_host_memory memory;
    wr_host_memory_open(&memory);
    memory.type = &remembered;
    memory.device = 3;
    ck_assert_int_gt(memory.limit, 1 << 20);
    memory.limit = 3 * 64 * 32; // two frames, with what rounding adds
    struct wr_frame_pool *pool = wr_frame_pool_open(&format, WR_ALL_PLANES, &memory);
    AVFrame *frames[3];
    for (int n = 0; n < 3; n++) {
        ck_assert_ptr_nonnull(frames[n] = wr_frame_pool_get(pool));
        ck_assert_int_eq(wr_host_memory_holds(&memory, frames[n]->data[0]), n < 2);
    }
    ck_assert_int_ge(memory.held, 2 * 64 * 32);
    ck_assert_int_le(memory.held, memory.limit);
    const int64_t peak = memory.held;
    for (int n = 0; n < 3; n++)
        av_frame_free(&frames[n]);
    wr_frame_pool_close(&pool);
    ck_assert_int_eq(memory.held, 0);
    ck_assert_int_eq(memory.peak, peak);
}
END_TEST

// A packet of one frame of noise.
static AVPacket *encode(const AVFrame *frame)
{
    AVCodecContext *encoder = avcodec_alloc_context3(avcodec_find_encoder(AV_CODEC_ID_FFV1));
    encoder->width = frame->width;
    encoder->height = frame->height;
    encoder->pix_fmt = frame->format;
    encoder->time_base = (AVRational){1, 25};
    encoder->level = 1; // later ones need a header that is no part of the packet
    AVPacket *packet = av_packet_alloc();
    ck_assert_int_ge(avcodec_open2(encoder, NULL, NULL), 0);
    ck_assert_int_ge(avcodec_send_frame(encoder, frame), 0);
    ck_assert_int_ge(avcodec_send_frame(encoder, NULL), 0);
    ck_assert_int_ge(avcodec_receive_packet(encoder, packet), 0);
    avcodec_free_context(&encoder);
    return packet;
}

static AVFrame *decode(const AVPacket *packet, const AVFrame *like,
                       struct wr_decoder_opaque *opaque)
{
    AVCodecContext *decoder = avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_FFV1));
    decoder->width = like->width;
    decoder->height = like->height;
    decoder->opaque = opaque;
    decoder->get_buffer2 = wr_surfaces_get;
    AVFrame *frame = av_frame_alloc();
    ck_assert_int_ge(avcodec_open2(decoder, NULL, NULL), 0);
    ck_assert_int_ge(avcodec_send_packet(decoder, packet), 0);
    ck_assert_int_ge(avcodec_send_packet(decoder, NULL), 0);
    ck_assert_int_ge(avcodec_receive_frame(decoder, frame), 0);
    avcodec_free_context(&decoder);
    return frame;
}

// Widths and heights that no block of a codec divides.
START_TEST(decoders_write_into_host_memory)
{
    atomic_int complaints = 0;
    struct wr_surfaces surfaces;
    struct wr_patched patched = {0};
    struct wr_decoder_opaque opaque = {&complaints, &patched, &surfaces};
    struct wr_host_memory memory;
    wr_host_memory_open(&memory);
    memory.type = &remembered;
    memory.device = 3;
    wr_surfaces_open(&surfaces);
    static const enum AVPixelFormat formats[] = {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV444P16,
                                                 AV_PIX_FMT_BGRA};
    int linesizes[4] = {0};
    for (int n = 0; n < 2 * COUNT(formats); n++) {
        AVFrame *frame = new_frame(formats[n / 2], 61, 35);
        struct wr_format format;
        ck_assert(wr_frame_format(frame, &format));
        for (int y = 0; y < frame->height; y++)
            for (int x = 0; x < 61; x++)
                frame->data[0][y * frame->linesize[0] + x] = (uint8_t)(x * 7 + y * 13 + n);
        AVPacket *packet = encode(frame);
        atomic_store(&surfaces.memory, n % 2 ? &memory : NULL);
        AVFrame *decoded = decode(packet, frame, &opaque);
        for (int p = 0; p < 4 && decoded->data[p]; p++) {
            ck_assert_int_eq(wr_host_memory_holds(&memory, decoded->data[p]), n % 2);
            ck_assert(n % 2 == 0 || decoded->linesize[p] == linesizes[p]);
            linesizes[p] = decoded->linesize[p]; // which decoders may not change
        }
        for (int y = 0; y < frame->height; y++)
            ck_assert_mem_eq(decoded->data[0] + y * decoded->linesize[0],
                             frame->data[0] + y * frame->linesize[0], 61);
        av_packet_free(&packet);
        av_frame_free(&decoded);
        av_frame_free(&frame);
    }
    ck_assert_int_eq(complaints, 0);
    wr_surfaces_close(&surfaces);
    ck_assert_int_eq(memory.held, 0);
}
END_TEST

// What the executor is given after `count` more frames of a run.
static void add_frames(struct wr_frames *frames, struct wr_program_state *state,
                       struct wr_frame_pool *pool, int first, int count)
{
    struct wr_error error;
    union wr_value *values = malloc((size_t)frames->program->value_count * sizeof *values);
    for (int n = 0; n < count; n++) {
        const struct wr_slot slot = {.in = new_frame(AV_PIX_FMT_GRAY8, 4, 4), .pool = pool};
        wr_program_compute(state, &(struct wr_moment){first + n, 0}, values);
        ck_assert(wr_frames_has_room(frames));
        wr_frames_add(frames, &slot, values);
    }
    free(values);
    wr_frames_begin(frames);
    ck_assert(!wr_frames_seal(frames, &error));
}

// A row for each frame of two portions, not of the batch; the last portion is filled up.
START_TEST(portions_have_their_own_values)
{
    const struct wr_format format = test_format("gray", 8, 4, 4);
    struct wr_program program;
    struct wr_frames frames;
    struct wr_error error;
    ck_assert(!test_lower("eq=brightness=n/9:eval=frame", &format, &program, NULL, &error));
    const size_t bytes = (size_t)program.value_count * sizeof(union wr_value);
    union wr_value *expected = malloc(bytes);
    struct wr_frame_pool *pool = wr_frame_pool_open(&format, WR_ALL_PLANES, NULL);
    struct wr_program_state *state, *expected_state;
    ck_assert(!wr_program_state_open(&state, &program, &error));
    ck_assert(!wr_program_state_open(&expected_state, &program, &error));
    ck_assert(!wr_frames_open(&frames, &program, 16, 2, &error));
    ck_assert_uint_lt(malloc_usable_size(frames.values), 6 * bytes);
    for (int first = 0; first < 6; first += 2) {
        const int count = first < 4 ? 2 : 1;
        add_frames(&frames, state, pool, first, count);
        for (int n = 0; n < 2; n++) {
            const struct wr_moment moment = {first + (n < count ? n : count - 1), 0};
            wr_program_compute(expected_state, &moment, expected);
            ck_assert(!memcmp(frames.batch.values + n * program.value_count, expected, bytes));
        }
        frames.done = frames.valid;
    }
    ck_assert_ptr_eq(frames.in_images[5].data[0], frames.in_images[4].data[0]);
    ck_assert_ptr_null(frames.in_images[6].data[0]);
    wr_frames_close(&frames);
    wr_frame_pool_close(&pool);
    free(expected);
    wr_program_state_close(&expected_state);
    wr_program_state_close(&state);
    wr_program_close(&program);
}
END_TEST

// A job counts every batch with frames of its own, also one that was run while it filled the next.
START_TEST(a_batch_knows_whose_frames_it_has)
{
    const struct wr_format format = test_format("gray", 8, 4, 4);
    struct wr_feed *feeds = calloc(3, sizeof *feeds);
    struct wr_program program;
    struct wr_frames frames;
    struct wr_error error;
    ck_assert(!test_lower("negate", &format, &program, NULL, &error));
    ck_assert(!wr_frames_open(&frames, &program, 8, 8, &error));
    for (int n = 0; n < 6; n++) {
        const struct wr_slot slot = {.in = new_frame(AV_PIX_FMT_GRAY8, 4, 4),
                                     .feed = feeds + n % 2};
        wr_frames_add(&frames, &slot, NULL);
        if (n == 2)
            wr_frames_begin(&frames);
    }
    ck_assert(wr_frames_has(&frames, feeds) && wr_frames_has(&frames, feeds + 1));
    ck_assert(!wr_frames_has(&frames, feeds + 2));
    wr_frames_drop(&frames, feeds);
    ck_assert_int_eq(frames.valid, 5); // those of the portion that has begun stay
    ck_assert(!wr_frames_has(&frames, feeds) && wr_frames_has(&frames, feeds + 1));
    wr_frames_close(&frames);
    wr_program_close(&program);
    free(feeds);
}
END_TEST

// Planes that nobody computes are the input's own memory, for as long as the output lives.
START_TEST(untouched_planes_are_handed_over)
{
    const struct wr_format format = test_format("yuv420p", 8, 64, 48);
    struct wr_program program;
    struct wr_frames frames;
    struct wr_error error;
    ck_assert(!test_lower("crop=32:16:8:4,negate=y,vflip", &format, &program, NULL, &error));
    ck_assert(!wr_program_hands_over(&program, 0));
    struct wr_frame_pool *pool = wr_frame_pool_open(&program.output.format, 1, NULL);
    ck_assert(!wr_frames_open(&frames, &program, 1, 1, &error));
    AVFrame *const in = new_frame(AV_PIX_FMT_YUV420P, 64, 48);
    memset(in->data[1] + 9 * in->linesize[1] + 4, 77, 16);
    wr_frames_add(&frames, &(struct wr_slot){.in = in, .pool = pool}, NULL);
    wr_frames_begin(&frames);
    ck_assert(!wr_frames_seal(&frames, &error));
    AVFrame *out = frames.slots[0].out;
    frames.slots[0].out = NULL;
    for (int p = 1; p < 3; p++) {
        ck_assert_ptr_eq(out->data[p], in->data[p] + 9 * in->linesize[p] + 4);
        ck_assert_int_eq(out->linesize[p], -in->linesize[p]);
        ck_assert_ptr_nonnull(av_frame_get_plane_buffer(out, p));
    }
    ck_assert_ptr_ne(out->data[0], in->data[0] + 19 * in->linesize[0] + 8);
    ck_assert_int_gt(out->linesize[0], 0);
    wr_frames_close(&frames); // with the input
    wr_frame_pool_close(&pool);
    ck_assert_int_eq(out->data[1][15], 77);
    av_frame_free(&out);
    wr_program_close(&program);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("frame");
    TCase *tests = tcase_create("pixel formats");
    tcase_add_loop_test(tests, literal_pixels_are_unpacked, 0, COUNT(pixels));
    tcase_add_test(tests, palettes_are_looked_up);
    tcase_add_test(tests, every_format_survives);
    tcase_add_test(tests, planar_frames_are_not_copied);
    tcase_add_test(tests, packing_refuses_frames_of_another_format);
    tcase_add_test(tests, rows_from_last_to_first_are_turned_round);
    tcase_add_test(tests, unknown_formats_are_refused);
    tcase_add_loop_test(tests, formats_hold_what_they_can, 0, COUNT(pairs));
    tcase_add_test(tests, layouts_have_their_planar_format);
    tcase_add_test(tests, pools_serve_aligned_planes);
    tcase_add_test(tests, pools_keep_to_the_limit_of_host_memory);
    tcase_add_test(tests, decoders_write_into_host_memory);
    tcase_add_test(tests, portions_have_their_own_values);
    tcase_add_test(tests, a_batch_knows_whose_frames_it_has);
    tcase_add_test(tests, untouched_planes_are_handed_over);
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
