// SPDX-License-Identifier: MIT
// Reads descriptors through poll(), which waits for data and for the end of waiting at once.
#include "lib/input/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <libavutil/error.h>
#include <libavutil/mem.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// As much as a pipe holds on Linux.
enum { BUFFER_BYTES = 65536 };

struct wr_input {
    AVIOContext *context;
    int descriptor, cancelled;
    bool own;       // the descriptor is to be closed
    int64_t origin; // where it stood at first, if it leads to a file
};

static int await_data(const struct wr_input *input)
{
    for (;;) {
        struct pollfd watched[] = {{input->cancelled, POLLIN, 0}, {input->descriptor, POLLIN, 0}};
        if (poll(watched, 2, -1) < 0 && errno != EINTR)
            return AVERROR(errno);
        if (watched[0].revents)
            return AVERROR_EXIT;
        if (watched[1].revents)
            return 0;
    }
}

static int read_some(void *opaque, uint8_t *bytes, int size)
{
    const struct wr_input *input = opaque;
    for (;;) {
        const int result = await_data(input);
        if (result < 0)
            return result;
        const ssize_t count = read(input->descriptor, bytes, (size_t)size);
        if (count > 0)
            return (int)count;
        if (count == 0)
            return AVERROR_EOF;
        if (errno != EAGAIN && errno != EINTR) // another reader was faster, or a signal
            return AVERROR(errno);
    }
}

static int64_t seek(void *opaque, int64_t offset, int whence)
{
    const struct wr_input *input = opaque;
    struct stat status;
    if (whence == AVSEEK_SIZE)
        return fstat(input->descriptor, &status) ? AVERROR(errno) : status.st_size - input->origin;
    if (whence == SEEK_SET)
        offset += input->origin;
    const off_t position = lseek(input->descriptor, offset, whence);
    return position < 0 ? AVERROR(errno) : position - input->origin;
}

// The descriptor that name means by its number; -1 if it is a path or an address.
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

enum wr_status wr_input_open(struct wr_input **input, const char *name, int cancelled,
                             struct wr_error *error)
{
    const int number = inherited(name);
    const bool own = number < 0;
    *input = NULL;
    if (own && !may_stall(name))
        return WR_OK;
    // Without O_NONBLOCK opening a FIFO would wait for somebody to write into it.
    const int descriptor = own ? open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : number;
    struct stat status;
    if (descriptor < 0 || fstat(descriptor, &status))
        return wr_fail(error, WR_FAILED, "cannot read %s: %s", name, strerror(errno));
    const bool seekable = S_ISREG(status.st_mode);
    struct wr_input *i = calloc(1, sizeof *i);
    if (!i)
        goto fail;
    *i = (struct wr_input){
        .descriptor = descriptor,
        .cancelled = cancelled,
        .own = own,
        .origin = seekable ? lseek(descriptor, 0, SEEK_CUR) : 0,
    };
    uint8_t *buffer = av_malloc(BUFFER_BYTES);
    if (buffer)
        i->context =
            avio_alloc_context(buffer, BUFFER_BYTES, 0, i, read_some, NULL, seekable ? seek : NULL);
    if (i->context) {
        *input = i;
        return WR_OK;
    }
    av_free(buffer);
fail:
    free(i);
    if (own)
        close(descriptor);
    return wr_fail(error, WR_FAILED, "out of memory");
}

AVIOContext *wr_input_context(const struct wr_input *input)
{
    return input->context;
}

void wr_input_close(struct wr_input **input)
{
    struct wr_input *i = *input;
    if (!i)
        return;
    if (i->own)
        close(i->descriptor);
    av_freep(&i->context->buffer); // libavformat may have put another in its place
    avio_context_free(&i->context);
    free(i);
    *input = NULL;
}
