// SPDX-License-Identifier: MIT
// Gives packets to libavformat with times that it takes, and tells its refusals from failures.
#include "lib/output/muxer.h"

#include <libavutil/avstring.h>
#include <stdlib.h>

#include "lib/output/animation.h"
#include "lib/output/chapters.h"
#include "lib/output/container.h"

// FFmpeg's word for what muxers often return, -1, is that the operation is not permitted: what they
// have logged says more.
static const char *reason_of(const struct wr_muxer *muxer, int result, char *text)
{
    return result == AVERROR(EPERM) && muxer->reason.text[0]
               ? muxer->reason.text
               : av_make_error_string(text, AV_ERROR_MAX_STRING_SIZE, result);
}

static enum wr_status fail_writing(const struct wr_muxer *muxer, int result, struct wr_error *error)
{
    char text[AV_ERROR_MAX_STRING_SIZE];
    const char *name = muxer->target.name;
    if (result == AVERROR_EXIT)
        return wr_fail(error, WR_INTERRUPTED, "interrupted, %s was not written", name);
    if (wr_container_row(muxer->file->oformat)->holds_pictures && result == AVERROR(EINVAL))
        return wr_target_refuse_pictures(name, error);
    return wr_fail(error, WR_FAILED, "cannot write %s: %s", name, reason_of(muxer, result, text));
}

// ---- beginning

static enum wr_status open_streams(struct wr_muxer *muxer, struct wr_error *error)
{
    muxer->streams = calloc(muxer->file->nb_streams, sizeof *muxer->streams);
    if (!muxer->streams)
        return wr_fail(error, WR_FAILED, "out of memory");
    enum wr_status status = WR_OK;
    for (unsigned i = 0; i < muxer->file->nb_streams && !status; i++) {
        muxer->streams[i].next_dts = AV_NOPTS_VALUE;
        status =
            wr_packet_filter_open(&muxer->streams[i].filter, muxer->file, muxer->file->streams[i],
                                  muxer->options->packet_filters, muxer->headers_in_packets, error);
    }
    return status;
}

// Says which options "key?=value" the muxer has left over: it has none of that name.
static void tell_unknown_options(const struct wr_muxer *muxer, const AVDictionary *left)
{
    const char *const *pair = muxer->options->muxer_options;
    for (; pair && *pair; pair++) {
        const AVDictionaryEntry *entry = NULL;
        const char *rest;
        while ((entry = av_dict_get(left, "", entry, AV_DICT_IGNORE_SUFFIX)))
            if (av_strstart(*pair, entry->key, &rest) && *rest == '?')
                wr_say(&muxer->options->log, WR_LOG_WARNING,
                       "container %s has no option %s: it changes nothing",
                       muxer->file->oformat->name, entry->key);
    }
}

enum wr_status wr_muxer_begin(struct wr_muxer *muxer, struct wr_error *error)
{
    AVFormatContext *file = muxer->file;
    enum wr_status status = open_streams(muxer, error);
    if (!status)
        status = wr_target_begin(&muxer->target, error);
    if (status)
        return status;
    av_freep(&file->url);
    file->url = av_strdup(muxer->target.url);
    int result = file->url ? 0 : AVERROR(ENOMEM);
    if (result >= 0 && !(file->oformat->flags & AVFMT_NOFILE))
        result = avio_open2(&file->pb, file->url, AVIO_FLAG_WRITE, &file->interrupt_callback, NULL);
    return result < 0 ? fail_writing(muxer, result, error) : WR_OK;
}

enum wr_status wr_muxer_write_header(struct wr_muxer *muxer, const char *encoder,
                                     struct wr_error *error)
{
    AVFormatContext *file = muxer->file;
    wr_chapters_hold(file, muxer->options, &muxer->target, &muxer->chapters);
    AVDictionary *options = wr_container_options(
        file, &muxer->target, muxer->options->muxer_options, muxer->start_options);
    struct wr_reason reason;
    wr_reason_begin(&reason);
    int result = wr_animation_set_plays(&options, file->oformat, muxer->plays);
    if (result >= 0)
        result = avformat_write_header(file, &options);
    wr_reason_end(&reason, result);
    tell_unknown_options(muxer, options);
    av_dict_free(&options);
    if (result < 0)
        return wr_fail(error, WR_FAILED,
                       "%s cannot hold what %s makes, or %s cannot be written: %s",
                       file->oformat->name, encoder, muxer->target.name, reason.text);
    return wr_target_check(&muxer->target, error);
}

// ---- packets

void wr_muxer_repair_times(const AVOutputFormat *container, int64_t *next, AVPacket *packet)
{
    const bool strict = !(container->flags & AVFMT_TS_NONSTRICT);
    if (packet->dts == AV_NOPTS_VALUE)
        packet->dts = packet->pts != AV_NOPTS_VALUE ? packet->pts
                      : *next != AV_NOPTS_VALUE     ? *next
                                                    : 0;
    if (*next != AV_NOPTS_VALUE && packet->dts < *next)
        packet->dts = *next;
    if (packet->pts == AV_NOPTS_VALUE || packet->pts < packet->dts)
        packet->pts = packet->dts;
    *next = packet->dts + strict;
}

// True if the container has refused a packet, which is then left out. False for any failure after
// which writing makes no sense, such as a full disk.
static bool is_refusal(struct wr_muxer *muxer, int result)
{
    const AVFormatContext *file = muxer->file;
    const bool refused = result == AVERROR(EINVAL) || result == AVERROR_INVALIDDATA;
    if (!refused || file->nb_streams == 1 || (file->pb && file->pb->error < 0))
        return false;
    if (!muxer->refused++)
        wr_say(&muxer->options->log, WR_LOG_WARNING, "%s refused a packet, which is left out: %s",
               file->oformat->name, av_err2str(result));
    return true;
}

static enum wr_status write_packet(struct wr_muxer *muxer, AVPacket *packet, struct wr_error *error)
{
    struct wr_muxer_stream *stream = &muxer->streams[packet->stream_index];
    wr_muxer_repair_times(muxer->file->oformat, &stream->next_dts, packet);
    stream->given++;
    wr_reason_begin(&muxer->reason);
    const int result = av_interleaved_write_frame(muxer->file, packet);
    wr_reason_end(&muxer->reason, result);
    return result >= 0 || is_refusal(muxer, result) ? WR_OK : fail_writing(muxer, result, error);
}

// Writes what the filters of a stream make of a packet, which is left empty, or with NULL at the
// end.
static enum wr_status write_filtered(struct wr_muxer *muxer, int stream, AVPacket *packet,
                                     struct wr_error *error)
{
    AVBSFContext *const filter = muxer->streams[stream].filter;
    const AVRational time_base = muxer->file->streams[stream]->time_base;
    AVPacket *made = av_packet_alloc();
    int result = made ? wr_packet_filter_send(filter, packet, time_base) : AVERROR(ENOMEM);
    enum wr_status status = WR_OK;
    while (result >= 0 && !status) {
        result = wr_packet_filter_receive(filter, made, time_base);
        made->stream_index = stream;
        if (result >= 0)
            status = write_packet(muxer, made, error);
    }
    av_packet_free(&made);
    return status || result == AVERROR(EAGAIN) || result == AVERROR_EOF
               ? status
               : wr_fail(error, WR_FAILED, "the filter %s for packets failed: %s",
                         filter->filter->name, av_err2str(result));
}

enum wr_status wr_muxer_write(struct wr_muxer *muxer, AVPacket *packet, struct wr_error *error)
{
    const int stream = packet->stream_index;
    return muxer->streams[stream].filter ? write_filtered(muxer, stream, packet, error)
                                         : write_packet(muxer, packet, error);
}

int64_t wr_muxer_refused(const struct wr_muxer *muxer, int stream)
{
    // The muxer does not say which packet it has refused: it may be one that waited for its turn.
    const int64_t missing = muxer->streams[stream].given - muxer->file->streams[stream]->nb_frames;
    return muxer->refused && missing > 0 ? missing : 0;
}

// ---- ending

enum wr_status wr_muxer_flush(struct wr_muxer *muxer, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (unsigned i = 0; i < muxer->file->nb_streams && !status; i++)
        if (muxer->streams[i].filter)
            status = write_filtered(muxer, (int)i, NULL, error);
    if (status)
        return status;
    int result;
    do { // a refused packet is gone, but the others still wait to be written
        wr_reason_begin(&muxer->reason);
        result = av_interleaved_write_frame(muxer->file, NULL);
        wr_reason_end(&muxer->reason, result);
    } while (is_refusal(muxer, result));
    return result < 0 ? fail_writing(muxer, result, error) : WR_OK;
}

enum wr_status wr_muxer_end(struct wr_muxer *muxer, int64_t end, struct wr_error *error)
{
    AVFormatContext *file = muxer->file;
    wr_chapters_release(file, end, &muxer->chapters);
    wr_reason_begin(&muxer->reason);
    int result = av_write_trailer(file);
    wr_reason_end(&muxer->reason, result);
    if (result >= 0 && file->pb) {
        avio_flush(file->pb);
        result = file->pb->error;
        const int64_t size = avio_size(file->pb); // not known of a pipe
        muxer->bytes = size > 0 ? size : avio_tell(file->pb);
    }
    if (!(file->oformat->flags & AVFMT_NOFILE)) {
        const int closed = avio_closep(&file->pb);
        result = result < 0 ? result : closed;
    }
    return result < 0 ? fail_writing(muxer, result, error) : WR_OK;
}

void wr_muxer_close(struct wr_muxer *muxer)
{
    if (muxer->file && !(muxer->file->oformat->flags & AVFMT_NOFILE))
        avio_closep(&muxer->file->pb);
    if (muxer->file)
        wr_chapters_release(muxer->file, INT64_MAX, &muxer->chapters);
    for (unsigned i = 0; muxer->streams && i < muxer->file->nb_streams; i++)
        av_bsf_free(&muxer->streams[i].filter);
    avformat_free_context(muxer->file);
    muxer->file = NULL;
    wr_target_close(&muxer->target);
    free(muxer->streams);
    muxer->streams = NULL;
}
