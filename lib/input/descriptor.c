// SPDX-License-Identifier: MIT
// Waits with poll() for data and for cancellation at the same time.
#include "lib/input/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <libavutil/error.h>
#include <libavutil/macros.h>
#include <libavutil/mem.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BUFFER_BYTES = 65536,          // as much as a pipe holds on Linux
    TAIL_BYTES = 2 * BUFFER_BYTES, // libavformat seeks to half a buffer before its own
};

struct wr_descriptor {
    AVIOContext *context;
    int number, cancelled;
    struct wr_live *live; // borrowed
    bool owned;           // to be closed; an inherited one is not
    int64_t origin;       // where it stood when it was opened, if it leads to a file
    int64_t total;        // bytes that were read
    uint8_t head[BUFFER_BYTES];
    int head_count;
    uint8_t tail[2 * TAIL_BYTES]; // the latest bytes, TAIL_BYTES of them or more
    int tail_count;
    int again; // how many of them are to be read again
};

static void keep_head(struct wr_descriptor *descriptor, const uint8_t *bytes, int count)
{
    const int kept = FFMIN(count, (int)sizeof descriptor->head - descriptor->head_count);
    memcpy(descriptor->head + descriptor->head_count, bytes, (size_t)kept);
    descriptor->head_count += kept;
}

static void keep_tail(struct wr_descriptor *descriptor, const uint8_t *bytes, int count)
{
    uint8_t *const tail = descriptor->tail;
    if (descriptor->tail_count + count > (int)sizeof descriptor->tail) {
        const int kept = FFMIN(descriptor->tail_count, TAIL_BYTES);
        memmove(tail, tail + descriptor->tail_count - kept, (size_t)kept);
        descriptor->tail_count = kept;
    }
    memcpy(tail + descriptor->tail_count, bytes, (size_t)count);
    descriptor->tail_count += count;
}

static int read_again(struct wr_descriptor *descriptor, uint8_t *bytes, int size)
{
    const int count = FFMIN(size, descriptor->again);
    memcpy(bytes, descriptor->tail + descriptor->tail_count - descriptor->again, (size_t)count);
    descriptor->again -= count;
    return count;
}

// What poll() is to wait at most, in milliseconds.
static int patience(const struct wr_live *live)
{
    return live->timeout > 0 && live->timeout < INT_MAX / 1000 ? (int)(1e3 * live->timeout) + 1
                                                               : -1;
}

static int await_data(const struct wr_descriptor *descriptor)
{
    while (!descriptor->live->has_stalled) {
        struct pollfd watched[] = {{descriptor->cancelled, POLLIN, 0},
                                   {descriptor->number, POLLIN, 0}};
        const int ready = poll(watched, 2, patience(descriptor->live));
        if (ready < 0 && errno != EINTR)
            return AVERROR(errno);
        if (ready < 0)
            continue;
        descriptor->live->has_stalled = ready == 0;
        if (watched[0].revents)
            return AVERROR_EXIT;
        if (watched[1].revents)
            return 0;
    }
    return AVERROR(ETIMEDOUT);
}

static int read_some(void *opaque, uint8_t *bytes, int size)
{
    struct wr_descriptor *descriptor = opaque;
    if (descriptor->again)
        return read_again(descriptor, bytes, size);
    size = FFMIN(size, TAIL_BYTES);
    for (;;) {
        const int result = await_data(descriptor);
        if (result < 0)
            return result;
        const ssize_t count = read(descriptor->number, bytes, (size_t)size);
        if (count > 0) {
            keep_head(descriptor, bytes, (int)count);
            keep_tail(descriptor, bytes, (int)count);
            descriptor->total += count;
            return (int)count;
        }
        if (count == 0)
            return AVERROR_EOF;
        if (errno != EAGAIN && errno != EINTR) // another reader was faster, or a signal
            return AVERROR(errno);
    }
}

// Some demuxers look ahead and go back by a little, in pipes, too.
static int64_t seek_in_tail(void *opaque, int64_t position, int whence)
{
    struct wr_descriptor *descriptor = opaque;
    const int64_t back = descriptor->total - position;
    if (whence != SEEK_SET || back < 0 || back > descriptor->tail_count)
        return AVERROR(ESPIPE);
    descriptor->again = (int)back;
    return position;
}

static int64_t seek(void *opaque, int64_t offset, int whence)
{
    const struct wr_descriptor *descriptor = opaque;
    struct stat status;
    if (whence == AVSEEK_SIZE)
        return fstat(descriptor->number, &status) ? AVERROR(errno)
                                                  : status.st_size - descriptor->origin;
    if (whence == SEEK_SET)
        offset += descriptor->origin;
    const off_t position = lseek(descriptor->number, offset, whence);
    return position < 0 ? AVERROR(errno) : position - descriptor->origin;
}

// The number of the inherited descriptor that name means; -1 if it is a path or an address.
static int inherited(const char *name)
{
    static const char scheme[] = "pipe:";
    if (!strcmp(name, "-"))
        return STDIN_FILENO;
    if (strncmp(name, scheme, sizeof scheme - 1))
        return -1;
    char *end;
    const long number = strtol(name + sizeof scheme - 1, &end, 10);
    return *end || number < 0 || number > INT_MAX ? -1 : (int)number;
}

static bool may_stall(const char *path)
{
    struct stat status;
    return !stat(path, &status) && (S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode));
}

enum wr_status wr_descriptor_open(struct wr_descriptor **descriptor, const char *name,
                                  int cancelled, struct wr_live *live, struct wr_error *error)
{
    int number = inherited(name);
    const bool owned = number < 0;
    *descriptor = NULL;
    if (owned && !may_stall(name))
        return WR_OK;
    if (owned) // without O_NONBLOCK, opening a FIFO waits for a process that writes to it
        number = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    struct stat status;
    if (number < 0 || fstat(number, &status))
        return wr_fail(error, WR_FAILED, "cannot read %s: %s", name, strerror(errno));
    const bool seekable = S_ISREG(status.st_mode);
    struct wr_descriptor *new = calloc(1, sizeof *new);
    if (!new)
        goto fail;
    *new = (struct wr_descriptor){
        .number = number,
        .cancelled = cancelled,
        .live = live,
        .owned = owned,
        .origin = seekable ? lseek(number, 0, SEEK_CUR) : 0,
    };
    uint8_t *buffer = av_malloc(BUFFER_BYTES);
    if (buffer)
        new->context = avio_alloc_context(buffer, BUFFER_BYTES, 0, new, read_some, NULL,
                                          seekable ? seek : seek_in_tail);
    if (new->context) {
        new->context->seekable = seekable ? AVIO_SEEKABLE_NORMAL : 0;
        *descriptor = new;
        return WR_OK;
    }
    av_free(buffer);
fail:
    free(new);
    if (owned)
        close(number);
    return wr_fail(error, WR_FAILED, "out of memory");
}

AVIOContext *wr_descriptor_context(const struct wr_descriptor *descriptor)
{
    return descriptor->context;
}

struct wr_kept_bytes wr_descriptor_head(const struct wr_descriptor *descriptor)
{
    return (struct wr_kept_bytes){descriptor->head, descriptor->head_count};
}

struct wr_kept_bytes wr_descriptor_tail(const struct wr_descriptor *descriptor)
{
    return (struct wr_kept_bytes){descriptor->tail, descriptor->tail_count};
}

void wr_descriptor_close(struct wr_descriptor **descriptor)
{
    struct wr_descriptor *old = *descriptor;
    if (!old)
        return;
    if (old->owned)
        close(old->number);
    av_freep(&old->context->buffer); // libavformat may have replaced it
    avio_context_free(&old->context);
    free(old);
    *descriptor = NULL;
}
