// SPDX-License-Identifier: MIT
// Reads FFmpeg's lists of frame hashes, and hashes frames as its muxers do.
#include "lib/run/expect/expect_hashes.h"

#include <errno.h>
#include <libavutil/hash.h>
#include <libavutil/imgutils.h>
#include <libavutil/mem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct frame_hash {
    int64_t pts;
    char *hex;
};

struct wr_expect_hashes {
    const char *path; // borrowed
    int stream;       // the video's, -1 before it is known
    AVRational time_base;
    int width, height; // 0 where the file does not say
    char name[32];     // of the hash
    struct AVHashContext *context;
    struct frame_hash *frames;
    int64_t count, room;
    uint8_t *packed; // one frame as rawvideo writes it
    int packed_size;
};

static const char frame_list[] = "#format: frame checksums";

// What the first line of the file says of its kind.
enum kind { KIND_OTHER, KIND_FRAMES, KIND_CHECKSUMS };

static enum kind kind_of(const char *line)
{
    static const char *const others[] = {
        "#software:", "#tb ", "#extradata ", "MD5=", "SHA256=", "CRC=0x", "0,v,"};
    if (!strncmp(line, frame_list, sizeof frame_list - 1))
        return KIND_FRAMES;
    for (size_t n = 0; n < sizeof others / sizeof *others; n++)
        if (!strncmp(line, others[n], strlen(others[n])))
            return KIND_CHECKSUMS;
    return KIND_OTHER;
}

static enum kind kind_of_file(FILE *file)
{
    char line[64];
    return fgets(line, sizeof line, file) ? kind_of(line) : KIND_OTHER;
}

bool wr_expect_is_text(const char *path)
{
    FILE *file = fopen(path, "r");
    const bool is_text = file && kind_of_file(file) != KIND_OTHER;
    if (file)
        fclose(file);
    return is_text;
}

// ---- reading

// A line of the head: "#hash: SHA256", "#tb 0: 1/25", "#dimensions 0: 320x240".
static void read_head(struct wr_expect_hashes *h, const char *line)
{
    int stream, a, b;
    char word[32];
    if (sscanf(line, "#hash: %31s", h->name) == 1)
        return;
    if (sscanf(line, "#media_type %d: %31s", &stream, word) == 2 && !strcmp(word, "video") &&
        h->stream < 0)
        h->stream = stream;
    else if (sscanf(line, "#tb %d: %d/%d", &stream, &a, &b) == 3 && h->stream < 0)
        h->time_base = (AVRational){a, b}; // stands before the kind of its stream
    else if (sscanf(line, "#dimensions %d: %dx%d", &stream, &a, &b) == 3 && stream == h->stream)
        h->width = a, h->height = b;
}

static bool append(struct wr_expect_hashes *h, int64_t pts, const char *hex)
{
    if (h->count == h->room) {
        const int64_t room = h->room ? 2 * h->room : 256;
        struct frame_hash *longer = realloc(h->frames, (size_t)room * sizeof *longer);
        if (!longer)
            return false;
        h->frames = longer;
        h->room = room;
    }
    char *copy = strdup(hex);
    if (copy)
        h->frames[h->count++] = (struct frame_hash){pts, copy};
    return copy != NULL;
}

static enum wr_status read_line(struct wr_expect_hashes *h, const char *line, int number,
                                struct wr_error *error)
{
    int stream;
    long long dts, pts, duration, size;
    char hex[160];
    if (*line == '#') {
        read_head(h, line);
        return WR_OK;
    }
    if (line[strspn(line, " \r\n")] == '\0')
        return WR_OK;
    if (sscanf(line, "%d, %lld, %lld, %lld, %lld, %159[0-9a-fA-F]", &stream, &dts, &pts, &duration,
               &size, hex) != 6)
        return wr_fail(error, WR_FAILED, "%s, line %d: this is no frame's hash", h->path, number);
    if (stream != h->stream || append(h, pts, hex))
        return WR_OK;
    return wr_fail(error, WR_FAILED, "out of memory");
}

static enum wr_status read_lines(struct wr_expect_hashes *h, FILE *file, struct wr_error *error)
{
    char *line = NULL;
    size_t size = 0;
    enum wr_status status = WR_OK;
    for (int number = 1; !status && getline(&line, &size, file) >= 0; number++)
        status = read_line(h, line, number, error);
    free(line);
    if (!status && ferror(file))
        status = wr_fail(error, WR_FAILED, "cannot read %s: %s", h->path, strerror(errno));
    return status;
}

static enum wr_status check(struct wr_expect_hashes *h, struct wr_error *error)
{
    if (h->stream < 0 || !h->count)
        return wr_fail(error, WR_FAILED, "%s lists no frames of a video", h->path);
    if (h->time_base.num <= 0 || h->time_base.den <= 0)
        return wr_fail(error, WR_FAILED, "%s does not say what its times count", h->path);
    const int result = av_hash_alloc(&h->context, h->name);
    if (result == AVERROR(EINVAL))
        return wr_fail(error, WR_FAILED, "%s holds hashes of a kind that FFmpeg does not know: %s",
                       h->path, h->name);
    return result < 0 ? wr_fail(error, WR_FAILED, "out of memory") : WR_OK;
}

static enum wr_status read_file(struct wr_expect_hashes *h, FILE *file, struct wr_error *error)
{
    if (kind_of_file(file) != KIND_FRAMES)
        return wr_fail(error, WR_FAILED,
                       "%s has no hash of each frame: ffmpeg's framehash and framemd5 write them",
                       h->path);
    rewind(file);
    const enum wr_status status = read_lines(h, file, error);
    return status ? status : check(h, error);
}

enum wr_status wr_expect_hashes_open(struct wr_expect_hashes **hashes, const char *path,
                                     struct wr_error *error)
{
    FILE *file = fopen(path, "r");
    struct wr_expect_hashes *new = *hashes = file ? calloc(1, sizeof *new) : NULL;
    if (!file)
        return wr_fail(error, WR_FAILED, "cannot read %s: %s", path, strerror(errno));
    enum wr_status status = new ? WR_OK : wr_fail(error, WR_FAILED, "out of memory");
    if (!status) {
        new->path = path;
        new->stream = -1;
        status = read_file(new, file, error);
    }
    fclose(file);
    if (status)
        wr_expect_hashes_close(hashes);
    return status;
}

void wr_expect_hashes_close(struct wr_expect_hashes **hashes)
{
    struct wr_expect_hashes *old = *hashes;
    if (!old)
        return;
    for (int64_t n = 0; n < old->count; n++)
        free(old->frames[n].hex);
    free(old->frames);
    av_hash_freep(&old->context);
    av_free(old->packed);
    free(old);
    *hashes = NULL;
}

// ---- what they say

int64_t wr_expect_hashes_count(const struct wr_expect_hashes *hashes)
{
    return hashes->count;
}

bool wr_expect_hashes_size_is(const struct wr_expect_hashes *hashes, int width, int height)
{
    return !hashes->width || (hashes->width == width && hashes->height == height);
}

void wr_expect_hashes_size(const struct wr_expect_hashes *hashes, int *width, int *height)
{
    *width = hashes->width;
    *height = hashes->height;
}

int64_t wr_expect_hashes_pts(const struct wr_expect_hashes *hashes, int64_t n,
                             AVRational *time_base)
{
    *time_base = hashes->time_base;
    return hashes->frames[n].pts;
}

enum wr_status wr_expect_hashes_compare(struct wr_expect_hashes *h, int64_t n, const AVFrame *frame,
                                        bool *same, struct wr_error *error)
{
    const int size = av_image_get_buffer_size(frame->format, frame->width, frame->height, 1);
    if (size > h->packed_size) {
        av_free(h->packed);
        h->packed = av_malloc((size_t)size);
        h->packed_size = h->packed ? size : 0;
    }
    if (size < 0 || !h->packed ||
        av_image_copy_to_buffer(h->packed, size, (const uint8_t *const *)frame->data,
                                frame->linesize, frame->format, frame->width, frame->height, 1) < 0)
        return wr_fail(error, WR_FAILED, "out of memory for frames of %dx%d", frame->width,
                       frame->height);
    uint8_t hex[2 * AV_HASH_MAX_SIZE + 4];
    av_hash_init(h->context);
    av_hash_update(h->context, h->packed, (size_t)size);
    av_hash_final_hex(h->context, hex, sizeof hex);
    *same = !strcmp((const char *)hex, h->frames[n].hex);
    return WR_OK;
}
