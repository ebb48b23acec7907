// SPDX-License-Identifier: MIT
// Writes a header into memory and looks which tag is in it.
#include "lib/output/usual_tag.h"

#include <libavutil/mem.h>

#include "lib/media/memory_reader.h"

static int write_header(const AVOutputFormat *container, const AVStream *video, uint8_t **data)
{
    AVFormatContext *file = NULL;
    AVDictionary *options = NULL;
    int size = 0, result = avformat_alloc_output_context2(&file, container, NULL, NULL);
    AVStream *stream = result >= 0 ? avformat_new_stream(file, NULL) : NULL;
    if (stream)
        result = avcodec_parameters_copy(stream->codecpar, video->codecpar);
    if (stream && result >= 0)
        result = av_dict_set(&options, "movflags", "empty_moov+frag_keyframe", 0);
    if (stream && result >= 0)
        result = avio_open_dyn_buf(&file->pb);
    if (stream && result >= 0) {
        stream->time_base = video->time_base;
        stream->avg_frame_rate = video->avg_frame_rate;
        result = avformat_write_header(file, &options);
        size = avio_close_dyn_buf(file->pb, data);
    }
    av_dict_free(&options);
    avformat_free_context(file);
    return stream && result >= 0 ? size : 0;
}

static unsigned read_tag(const uint8_t *data, int size)
{
    struct wr_memory_bytes bytes = {.data = data, .size = size};
    AVIOContext *pb = wr_memory_reader_open(&bytes);
    AVFormatContext *file = pb ? avformat_alloc_context() : NULL;
    unsigned tag = 0;
    if (file) {
        file->pb = pb;
        if (avformat_open_input(&file, "", NULL, NULL) >= 0 && file->nb_streams)
            tag = file->streams[0]->codecpar->codec_tag;
        avformat_close_input(&file);
    }
    wr_memory_reader_close(&pb);
    return tag;
}

unsigned wr_usual_tag(const AVOutputFormat *container, const AVStream *video)
{
    uint8_t *data = NULL;
    const int size = write_header(container, video, &data);
    const unsigned tag = size > 0 ? read_tag(data, size) : 0;
    av_free(data);
    return tag;
}
