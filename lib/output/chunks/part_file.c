// SPDX-License-Identifier: MIT
// Writes and reads the blocks of a part.
#include "lib/output/chunks/part_file.h"

#include <libavutil/avstring.h>
#include <libavutil/error.h>
#include <libavutil/intreadwrite.h>
#include <libavutil/mem.h>
#include <libavutil/sha.h>
#include <string.h>

#include "lib/base/queue.h"
#include "lib/media/memory_reader.h"

enum { HASH_BYTES = 32, TAG_BYTES = 4, MOST_BLOCK_BYTES = INT32_MAX - 64 };

static bool hash(const uint8_t *data, size_t size, uint8_t result[HASH_BYTES])
{
    struct AVSHA *sha = av_sha_alloc();
    if (!sha)
        return false;
    av_sha_init(sha, 8 * HASH_BYTES);
    av_sha_update(sha, data, size);
    av_sha_final(sha, result);
    av_free(sha);
    return true;
}

void wr_part_head_close(struct wr_part_head *head)
{
    for (int n = 0; n < WR_PART_WORDS; n++)
        av_freep(&head->words[n]);
}

// ---- writing

// Ends the block that was gathered, and writes it.
static bool write_block(AVIOContext *file, const char *tag, AVIOContext **block)
{
    uint8_t *data = NULL, sum[HASH_BYTES];
    const int size = avio_close_dyn_buf(*block, &data);
    *block = NULL;
    const bool whole = data && size >= 0 && hash(data, (size_t)size, sum);
    if (whole) {
        avio_write(file, (const uint8_t *)tag, TAG_BYTES);
        avio_wb32(file, (unsigned)size);
        avio_write(file, data, size);
        avio_write(file, sum, HASH_BYTES);
    }
    av_free(data);
    return whole;
}

static void put_bytes(AVIOContext *block, const void *data, size_t size)
{
    avio_wb32(block, (unsigned)size);
    avio_write(block, data, (int)size);
}

bool wr_part_write_head(AVIOContext *file, const struct wr_part_head *head)
{
    AVIOContext *block;
    if (avio_open_dyn_buf(&block) < 0)
        return false;
    for (int n = 0; n < WR_PART_WORDS; n++)
        put_bytes(block, head->words[n], strlen(head->words[n]));
    return write_block(file, "WRP2", &block);
}

static void put_packet(AVIOContext *block, const AVPacket *packet)
{
    avio_wb64(block, (uint64_t)packet->pts);
    avio_wb64(block, (uint64_t)packet->dts);
    avio_wb64(block, (uint64_t)packet->duration);
    avio_wb32(block, (unsigned)packet->flags);
    put_bytes(block, packet->data, (size_t)packet->size);
    avio_wb32(block, (unsigned)packet->side_data_elems);
    for (int n = 0; n < packet->side_data_elems; n++) {
        avio_wb32(block, packet->side_data[n].type);
        put_bytes(block, packet->side_data[n].data, packet->side_data[n].size);
    }
}

bool wr_part_write_piece(AVIOContext *file, const struct wr_piece *piece)
{
    AVIOContext *block;
    if (avio_open_dyn_buf(&block) < 0)
        return false;
    const int64_t numbers[] = {piece->number, piece->frames, piece->begin,
                               piece->end,    piece->last,   piece->count};
    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
        avio_wb64(block, (uint64_t)numbers[n]);
    for (int n = 0; n < piece->count; n++)
        put_packet(block, piece->packets[n]);
    return write_block(file, "WRPP", &block);
}

bool wr_part_write_tail(AVIOContext *file, const struct wr_part_tail *tail)
{
    AVIOContext *block;
    if (avio_open_dyn_buf(&block) < 0)
        return false;
    avio_wb64(block, (uint64_t)tail->frames);
    avio_wb64(block, (uint64_t)tail->damaged);
    return write_block(file, "WRPE", &block);
}

// ---- reading

static enum wr_status fail_part(const struct wr_part_file *part, struct wr_error *error)
{
    return wr_fail(error, WR_FAILED,
                   "%s is not a whole part: it was cut or changed, or is no file that --part wrote",
                   part->path);
}

// Reads one block; its bytes are the caller's to free.
static enum wr_status read_block(struct wr_part_file *part, char tag[TAG_BYTES],
                                 struct wr_memory_bytes *bytes, struct wr_error *error)
{
    uint8_t sum[HASH_BYTES], want[HASH_BYTES];
    if (avio_read(part->file, (uint8_t *)tag, TAG_BYTES) != TAG_BYTES || memcmp(tag, "WRP", 3))
        return fail_part(part, error);
    const unsigned size = avio_rb32(part->file);
    const int64_t left = avio_size(part->file) - avio_tell(part->file);
    if (size > MOST_BLOCK_BYTES || size > left)
        return fail_part(part, error);
    uint8_t *data = av_malloc(size + 1);
    *bytes = (struct wr_memory_bytes){.data = data, .size = size};
    if (!data)
        return wr_fail(error, WR_FAILED, "out of memory");
    if (avio_read(part->file, data, (int)size) != (int)size ||
        avio_read(part->file, want, HASH_BYTES) != HASH_BYTES || !hash(data, size, sum) ||
        memcmp(sum, want, HASH_BYTES)) {
        av_free(data);
        return fail_part(part, error);
    }
    return WR_OK;
}

// The size of what comes next; -1 where it is more than there is.
static int next_size(AVIOContext *block)
{
    const unsigned size = avio_rb32(block);
    return size <= avio_size(block) - avio_tell(block) ? (int)size : -1;
}

static char *get_text(AVIOContext *block)
{
    const int size = next_size(block);
    char *text = size < 0 ? NULL : av_mallocz((size_t)size + 1);
    if (text && avio_read(block, (uint8_t *)text, size) < 0 && size)
        av_freep(&text);
    return text;
}

enum wr_status wr_part_open(struct wr_part_file *part, const char *path, struct wr_error *error)
{
    *part = (struct wr_part_file){.path = path};
    char tag[TAG_BYTES];
    struct wr_memory_bytes bytes = {0};
    char *url = av_asprintf("file:%s", path);
    const int result = url ? avio_open(&part->file, url, AVIO_FLAG_READ) : AVERROR(ENOMEM);
    av_free(url);
    if (result < 0)
        return wr_fail(error, WR_FAILED, "cannot read %s: %s", path, av_err2str(result));
    const enum wr_status status = read_block(part, tag, &bytes, error);
    if (status)
        return status;
    AVIOContext *block = wr_memory_reader_open(&bytes);
    bool whole = block && !memcmp(tag, "WRP2", TAG_BYTES);
    for (int n = 0; n < WR_PART_WORDS && whole; n++)
        whole = (part->head.words[n] = get_text(block));
    wr_memory_reader_close(&block);
    av_free((void *)bytes.data);
    return whole ? WR_OK : fail_part(part, error);
}

static bool get_side_data(AVIOContext *block, AVPacket *packet)
{
    const enum AVPacketSideDataType type = (enum AVPacketSideDataType)avio_rb32(block);
    const int size = next_size(block);
    uint8_t *data = size < 0 ? NULL : av_packet_new_side_data(packet, type, (size_t)size);
    return data && avio_read(block, data, size) == size;
}

static bool get_packet(AVIOContext *block, AVPacket *packet)
{
    const int64_t pts = (int64_t)avio_rb64(block), dts = (int64_t)avio_rb64(block);
    const int64_t duration = (int64_t)avio_rb64(block);
    const int flags = (int)avio_rb32(block);
    const int size = next_size(block);
    if (size < 0 || av_new_packet(packet, size) < 0 || avio_read(block, packet->data, size) != size)
        return false;
    packet->pts = pts;
    packet->dts = dts;
    packet->duration = duration;
    packet->flags = flags;
    const int count = next_size(block);
    for (int n = 0; n < count; n++)
        if (!get_side_data(block, packet))
            return false;
    return count >= 0;
}

static bool get_piece(AVIOContext *block, struct wr_piece *piece)
{
    int64_t numbers[6];
    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
        numbers[n] = (int64_t)avio_rb64(block);
    *piece = (struct wr_piece){.number = numbers[0],
                               .frames = numbers[1],
                               .begin = numbers[2],
                               .end = numbers[3],
                               .last = numbers[4]};
    for (int64_t n = 0; n < numbers[5]; n++) {
        AVPacket *packet = av_packet_alloc();
        if (!packet || !get_packet(block, packet) || wr_piece_add(piece, &packet, NULL)) {
            av_packet_free(&packet);
            wr_piece_close(piece);
            return false;
        }
    }
    return true;
}

int wr_part_read(struct wr_part_file *part, struct wr_piece *piece, struct wr_error *error)
{
    char tag[TAG_BYTES];
    struct wr_memory_bytes bytes = {0};
    const enum wr_status status = read_block(part, tag, &bytes, error);
    if (status)
        return (int)status;
    AVIOContext *block = wr_memory_reader_open(&bytes);
    const bool is_tail = block && !memcmp(tag, "WRPE", TAG_BYTES);
    bool whole = is_tail || (block && !memcmp(tag, "WRPP", TAG_BYTES) && get_piece(block, piece));
    if (is_tail) {
        part->tail.frames = (int64_t)avio_rb64(block);
        part->tail.damaged = (int64_t)avio_rb64(block);
    }
    wr_memory_reader_close(&block);
    av_free((void *)bytes.data);
    return !whole ? (int)fail_part(part, error) : is_tail ? WR_END : WR_OK;
}

void wr_part_close(struct wr_part_file *part)
{
    avio_closep(&part->file);
    wr_part_head_close(&part->head);
}
