// SPDX-License-Identifier: MIT
// Opens models: reads the file and hands it to the reader of its format.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernels/model/model.h"
#include "kernels/model/ncnn.h"
#include "kernels/model/onnx.h"

static const int64_t largest_file = 1 << 30; // 1 GiB

// Opens a file and looks at it. A named pipe is not waited for.
static FILE *open_file(const char *path, struct stat *about)
{
    const int number = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (number < 0)
        return NULL;
    FILE *const file = fstat(number, about) ? NULL : fdopen(number, "rb");
    if (!file)
        close(number);
    return file;
}

// The bytes of a file with a NUL behind them, the caller's to free.
static enum wr_status read_file(const char *path, char **data, size_t *size, struct wr_error *error)
{
    struct stat about;
    FILE *const file = open_file(path, &about);
    *data = NULL;
    if (!file)
        return wr_fail(error, WR_USAGE, "cannot read model '%s': %s", path, strerror(errno));
    enum wr_status status = WR_OK;
    if (S_ISDIR(about.st_mode))
        status = wr_fail(error, WR_USAGE, "model '%s': it is a folder", path);
    else if (!S_ISREG(about.st_mode))
        status = wr_fail(error, WR_USAGE, "model '%s': it is a pipe or a device, not a file", path);
    else if (about.st_size > largest_file)
        status = wr_fail(error, WR_USAGE, "model '%s': it is larger than 1 GiB", path);
    else if (!(*data = calloc(1, (size_t)about.st_size + 1)))
        status = wr_fail(error, WR_FAILED, "model '%s': out of memory", path);
    else if ((*size = fread(*data, 1, (size_t)about.st_size, file)) != (size_t)about.st_size)
        status = wr_fail(error, WR_USAGE, "cannot read model '%s': %s", path,
                         ferror(file) ? strerror(errno) : "it ends early");
    if (status) {
        free(*data);
        *data = NULL;
    }
    fclose(file);
    return status;
}

// The name of the file of weights beside an ncnn model, the caller's to free. Names of both may be
// in capitals.
static bool find_weights(const struct wr_model_file *model, char **path)
{
    const int stem = (int)(strlen(model->path) - strlen(WR_NCNN_ENDING));
    if (asprintf(path, "%.*s.bin", stem, model->path) < 0)
        return false;
    char *capitals;
    if (!access(*path, F_OK))
        return true;
    if (asprintf(&capitals, "%.*s.BIN", stem, model->path) < 0) {
        free(*path);
        return false;
    }
    const bool is_there = !access(capitals, F_OK);
    free(is_there ? *path : capitals);
    if (is_there)
        *path = capitals;
    return true;
}

static enum wr_status read_ncnn(struct wr_model_file *model, const char *text, size_t size,
                                struct wr_error *error)
{
    char *path = NULL, *weights = NULL;
    size_t weight_size;
    if (strlen(text) != size)
        return wr_model_refuse(model, error, "it is no text, as ncnn's .param files are");
    if (!find_weights(model, &path))
        return wr_fail(error, WR_FAILED, "model '%s': out of memory", model->path);
    enum wr_status status = read_file(path, &weights, &weight_size, error);
    if (!status)
        status = wr_ncnn_read(model, text, weights, weight_size, error);
    free(weights);
    free(path);
    return status;
}

static bool is_ncnn(const char *path)
{
    const size_t length = strlen(path), ending = strlen(WR_NCNN_ENDING);
    return length > ending && !strcasecmp(path + length - ending, WR_NCNN_ENDING);
}

enum wr_status wr_model_open(struct wr_model_file **model, const char *path, struct wr_error *error)
{
    char *data = NULL;
    size_t size = 0;
    struct wr_model_file *const m = *model = wr_model_new(path);
    enum wr_status status = m ? read_file(path, &data, &size, error)
                              : wr_fail(error, WR_FAILED, "model '%s': out of memory", path);
    if (!status)
        status =
            is_ncnn(path) ? read_ncnn(m, data, size, error) : wr_onnx_read(m, data, size, error);
    free(data);
    if (status)
        wr_model_close(model);
    return status;
}

const char *wr_model_format(const struct wr_model_file *model)
{
    return model->format;
}

struct wr_tensor wr_model_input(const struct wr_model_file *model)
{
    return model->size;
}
