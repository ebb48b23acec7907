// SPDX-License-Identifier: MIT
// Opens a trial of the output as a reader would, and reads all there is.
#include "lib/output/reading.h"

#include <stdlib.h>
#include <string.h>

static int try_to_open(struct wr_reading *r, const char *name, const AVInputFormat *format)
{
    r->memory.position = 0;
    r->io = wr_memory_reader_open(&r->memory);
    r->file = r->io ? avformat_alloc_context() : NULL;
    if (!r->file)
        return AVERROR(ENOMEM);
    r->file->pb = r->io;
    const int result = avformat_open_input(&r->file, name, format, NULL);
    return result < 0 ? result : avformat_find_stream_info(r->file, NULL);
}

static void close_io(struct wr_reading *r)
{
    avformat_close_input(&r->file);
    wr_memory_reader_close(&r->io);
}

void wr_reading_close(struct wr_reading *r)
{
    av_frame_free(&r->picture);
    avcodec_free_context(&r->decoder);
    close_io(r);
    free(r->first);
}

static int open_decoder(struct wr_reading *r)
{
    if (r->video < 0)
        return AVERROR_STREAM_NOT_FOUND;
    const AVStream *stream = r->file->streams[r->video];
    const AVCodec *codec = avcodec_find_decoder(stream->codecpar->codec_id);
    r->decoder = codec ? avcodec_alloc_context3(codec) : NULL;
    if (!r->decoder)
        return AVERROR_DECODER_NOT_FOUND;
    const int result = avcodec_parameters_to_context(r->decoder, stream->codecpar);
    r->decoder->thread_count = 1;
    r->decoder->pkt_timebase = stream->time_base;
    return result < 0 ? result : avcodec_open2(r->decoder, codec, NULL);
}

static int64_t in_time_base(const AVStream *stream, int64_t time)
{
    return time == AV_NOPTS_VALUE ? time : av_rescale_q(time, stream->time_base, AV_TIME_BASE_Q);
}

static void note_shown(struct wr_reading *r, int64_t time)
{
    if (time != AV_NOPTS_VALUE)
        wr_trial_note_shown(r->times, &r->count, time);
}

// Decodes the packet, or with NULL what the decoder holds back.
static void decode(struct wr_reading *r, const AVPacket *packet)
{
    AVFrame *frame = av_frame_alloc();
    if (frame && r->decoder && avcodec_send_packet(r->decoder, packet) >= 0)
        while (avcodec_receive_frame(r->decoder, frame) >= 0) {
            note_shown(r, in_time_base(r->file->streams[r->video], frame->best_effort_timestamp));
            if (r->frames < WR_TRIAL_FRAMES)
                r->fields[r->frames++] = wr_fields_of(frame);
            if (!r->picture)
                r->picture = av_frame_clone(frame);
            av_frame_unref(frame);
        }
    av_frame_free(&frame);
}

static void note_packet(struct wr_reading *r, const AVPacket *packet)
{
    const AVStream *stream = r->file->streams[packet->stream_index];
    const int64_t time = in_time_base(stream, packet->pts);
    int64_t *first = &r->first[packet->stream_index];
    if (time != AV_NOPTS_VALUE && (*first == AV_NOPTS_VALUE || time < *first))
        *first = time;
    if (packet->stream_index != r->video)
        return;
    r->packets++;
    if (!r->decoder)
        note_shown(r, time);
    if (time != AV_NOPTS_VALUE)
        wr_trial_note_shown(r->packet_times, &r->timed_packets, time);
    if (time != AV_NOPTS_VALUE && packet->duration > 0)
        r->end = FFMAX(r->end, time + in_time_base(stream, packet->duration));
}

// A duration that is guessed from a bit rate says nothing.
static void note_duration(struct wr_reading *r)
{
    const AVFormatContext *file = r->file;
    if (file->duration > 0 && file->duration_estimation_method != AVFMT_DURATION_FROM_BITRATE)
        r->end = FFMAX(r->end, file->duration +
                                   (file->start_time == AV_NOPTS_VALUE ? 0 : file->start_time));
}

// Reads all there is: the first times of all streams and the pictures.
static int read_all(struct wr_reading *r)
{
    const unsigned count = r->file->nb_streams;
    r->first = calloc(count, sizeof *r->first);
    AVPacket *packet = av_packet_alloc();
    for (unsigned i = 0; i < count && r->first; i++)
        r->first[i] = AV_NOPTS_VALUE;
    r->end = AV_NOPTS_VALUE;
    const bool enough = r->first && packet;
    if (enough && open_decoder(r) < 0)
        avcodec_free_context(&r->decoder);
    while (enough && av_read_frame(r->file, packet) >= 0) {
        if (packet->stream_index < (int)count)
            note_packet(r, packet);
        if (packet->stream_index == r->video)
            decode(r, packet);
        av_packet_unref(packet);
    }
    if (enough) {
        decode(r, NULL);
        note_duration(r);
    }
    av_packet_free(&packet);
    return enough ? 0 : AVERROR(ENOMEM);
}

// The video has the number that it was given; else it is what a reader would choose.
static int find_video(const struct wr_reading *r, const struct wr_trial *trial)
{
    const int wish = trial->video < (int)r->file->nb_streams ? trial->video : -1;
    const bool is_it = wish >= 0 && r->file->streams[wish]->codecpar->codec_id ==
                                        trial->file->streams[wish]->codecpar->codec_id;
    return is_it ? wish : av_find_best_stream(r->file, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
}

int wr_reading_open(struct wr_reading *r, const struct wr_trial *trial)
{
    *r = (struct wr_reading){.memory = {trial->data, trial->size, 0}};
    int result;
    if (trial->is_still) { // by its content, or else by its name
        result = try_to_open(r, trial->name, av_find_input_format("image2pipe"));
    } else if ((result = try_to_open(r, "", NULL)) < 0) { // too short to be told by its content
        close_io(r);
        result = try_to_open(r, "", av_find_input_format(trial->file->oformat->name));
    }
    if (result < 0)
        return result;
    r->video = find_video(r, trial);
    result = read_all(r);
    // Of copied pictures those at the beginning need not be decodable.
    if (trial->is_copied && r->timed_packets == FFMIN(r->packets, WR_TRIAL_FRAMES)) {
        memcpy(r->times, r->packet_times, sizeof r->times);
        r->count = r->timed_packets;
    }
    return result;
}
