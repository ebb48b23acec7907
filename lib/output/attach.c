// SPDX-License-Identifier: MIT
// Reads the files that are to be attached.
#include "lib/output/attach.h"

#include <libavutil/avstring.h>
#include <libavutil/file.h>
#include <libavutil/mem.h>
#include <string.h>

#include "lib/output/containers.h"
#include "lib/output/mime.h"

enum wr_status wr_attach_check(const AVOutputFormat *container, const char *const *files,
                               struct wr_error *error)
{
    if (files && *files && !wr_container_row(container)->attachments)
        return wr_fail(error, WR_USAGE, "%s cannot be attached: %s holds no attached files", *files,
                       container->name);
    for (; files && *files; files++) {
        uint8_t *content = NULL;
        size_t size = 0;
        const int result = av_file_map(*files, &content, &size, AV_LOG_MAX_OFFSET, NULL);
        if (result < 0)
            return wr_fail(error, WR_USAGE, "%s cannot be attached: %s", *files,
                           av_err2str(result));
        av_file_unmap(content, size);
    }
    return WR_OK;
}

static int add_content(AVCodecParameters *parameters, const char *path)
{
    uint8_t *content = NULL;
    size_t size = 0;
    int result = av_file_map(path, &content, &size, AV_LOG_MAX_OFFSET, NULL);
    if (result < 0)
        return result;
    result = size < INT32_MAX - AV_INPUT_BUFFER_PADDING_SIZE ? 0 : AVERROR(EFBIG);
    parameters->extradata = result ? NULL : av_mallocz(size + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!result && !parameters->extradata)
        result = AVERROR(ENOMEM);
    if (!result) {
        memcpy(parameters->extradata, content, size);
        parameters->extradata_size = (int)size;
    }
    av_file_unmap(content, size);
    return result;
}

int wr_attach(AVFormatContext *file, const char *const *files)
{
    int result = 0;
    for (; files && *files && result >= 0; files++) {
        AVStream *stream = avformat_new_stream(file, NULL);
        if (!stream)
            return AVERROR(ENOMEM);
        stream->codecpar->codec_type = AVMEDIA_TYPE_ATTACHMENT;
        result = add_content(stream->codecpar, *files);
        if (result >= 0)
            result = av_dict_set(&stream->metadata, "filename", av_basename(*files), 0);
        if (result >= 0)
            result = av_dict_set(&stream->metadata, "mimetype", wr_mime_of_file(*files), 0);
    }
    return result;
}
