// SPDX-License-Identifier: MIT
// Puts input, encoder and settings into words that are equal where the results are.
#include "lib/output/chunks/part_words.h"

#include <errno.h>
#include <libavutil/avstring.h>
#include <libavutil/mem.h>
#include <libavutil/pixdesc.h>
#include <libavutil/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { HASH_BYTES = 32, END_BYTES = 1 << 20 };

// In hexadecimal, to be freed with av_free.
static char *print_hash(struct AVSHA *sha)
{
    uint8_t sum[HASH_BYTES];
    char *text = av_mallocz(2 * HASH_BYTES + 1);
    av_sha_final(sha, sum);
    for (int n = 0; text && n < HASH_BYTES; n++)
        snprintf(text + 2 * n, 3, "%02x", sum[n]);
    return text;
}

static void hash_some(struct AVSHA *sha, FILE *file)
{
    static const size_t most = END_BYTES;
    uint8_t *bytes = av_malloc(most);
    const size_t count = bytes ? fread(bytes, 1, most, file) : 0;
    if (count)
        av_sha_update(sha, bytes, count);
    av_free(bytes);
}

// Size and hash of both ends; NULL and errno where the file cannot be read.
static char *describe_file(const char *path)
{
    struct stat status;
    FILE *file = stat(path, &status) || !S_ISREG(status.st_mode) ? NULL : fopen(path, "rb");
    struct AVSHA *sha = file ? av_sha_alloc() : NULL;
    char *text = NULL;
    if (sha) {
        av_sha_init(sha, 8 * HASH_BYTES);
        hash_some(sha, file);
        if (status.st_size > END_BYTES && !fseeko(file, -(off_t)END_BYTES, SEEK_END))
            hash_some(sha, file);
        char *sum = print_hash(sha);
        text = sum ? av_asprintf("%lld bytes, %s", (long long)status.st_size, sum) : NULL;
        av_free(sum);
    }
    av_free(sha);
    if (file)
        fclose(file);
    return text;
}

// Appends what a file holds to a text for av_free(), which is NULL once memory is short.
static void add_file(void *opaque, const char *path)
{
    char **text = opaque, *before = *text;
    char *file = before ? describe_file(path) : NULL;
    if (file)
        *text = av_asprintf("%s%s; ", before, file);
    if (file)
        av_free(before);
    av_free(file);
}

static char *describe_files(const struct wr_writer_options *options)
{
    char *text = av_strdup("");
    wr_chain_each_file(options->chain, add_file, &text);
    return text;
}

static char *describe_encoder(const struct wr_encoder *encoder)
{
    const AVCodecContext *context = encoder->context;
    struct AVSHA *sha = av_sha_alloc();
    if (!sha)
        return NULL;
    av_sha_init(sha, 8 * HASH_BYTES);
    if (context->extradata_size > 0)
        av_sha_update(sha, context->extradata, (size_t)context->extradata_size);
    char *sum = print_hash(sha);
    char *text =
        sum ? av_asprintf("%s %s, %s, %dx%d %s, %d threads, header %s", context->codec->name,
                          encoder->quality, encoder->plan->container->name, context->width,
                          context->height, av_get_pix_fmt_name(context->pix_fmt),
                          context->thread_count, sum)
            : NULL;
    av_free(sum);
    av_free(sha);
    return text;
}

enum wr_status wr_part_words_make(struct wr_part_head *head, const struct wr_encoder *encoder,
                                  const struct wr_writer_options *options,
                                  const struct wr_source *source, const char *chain,
                                  struct wr_error *error)
{
    const AVRational tick = encoder->time_base;
    const char *path = source->name;
    av_strstart(path, "file:", &path);
    char *absolute = realpath(path, NULL);
    *head = (struct wr_part_head){{
        [WR_PART_VERSION] = av_asprintf("%s, libavcodec %u", wr_version(), avcodec_version()),
        [WR_PART_SOURCE] = describe_file(path),
        [WR_PART_CHAIN] = av_strdup(chain ? chain : ""),
        [WR_PART_FILES] = describe_files(options),
        [WR_PART_ENCODER] = describe_encoder(encoder),
        [WR_PART_TIMES] =
            av_asprintf("%lld of %d/%d", (long long)options->chunk, tick.num, tick.den),
        [WR_PART_SETTINGS] = av_strdup(options->settings ? options->settings : ""),
        [WR_PART_INPUT] = av_strdup(absolute ? absolute : path),
        [WR_PART_NUMBER] = av_asprintf("%d/%d", options->part, options->parts),
    }};
    free(absolute);
    if (!head->words[WR_PART_SOURCE])
        return wr_fail(error, WR_FAILED,
                       "parts are made of a file that can be read again, which %s is not",
                       source->name);
    for (int n = 0; n < WR_PART_WORDS; n++)
        if (!head->words[n])
            return wr_fail(error, WR_FAILED, "out of memory");
    return WR_OK;
}
