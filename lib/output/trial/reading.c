// SPDX-License-Identifier: MIT
// Opens a trial of the output as a reader would, and reads all there is.
#include "lib/output/trial/reading.h"

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
    for (unsigned i = 0; r->decodings && i < r->stream_count; i++)
        wr_decoding_close(&r->decodings[i]);
    close_io(r);
    free(r->first);
    free(r->decodings);
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

// When a decoded picture is shown. Players show one without a time when the rate says.
static int64_t time_of(const struct wr_reading *r, const AVFrame *frame)
{
    const AVStream *stream = r->file->streams[r->video];
    const int64_t time = in_time_base(stream, frame->best_effort_timestamp);
    const AVRational rate = av_guess_frame_rate(r->file, r->file->streams[r->video], NULL);
    const bool is_guessed = time == AV_NOPTS_VALUE && !r->is_copied && r->count && rate.num > 0;
    return is_guessed ? r->times[r->count - 1] + av_rescale_q(1, av_inv_q(rate), AV_TIME_BASE_Q)
                      : time;
}

// Decodes a packet of the pictures, or with NULL what the decoder holds back.
static void decode(struct wr_reading *r, const AVPacket *packet)
{
    AVCodecContext *decoder = r->video >= 0 ? r->decodings[r->video].decoder : NULL;
    AVFrame *frame = av_frame_alloc();
    if (frame && decoder && avcodec_send_packet(decoder, packet) >= 0)
        while (avcodec_receive_frame(decoder, frame) >= 0) {
            r->told += frame->best_effort_timestamp != AV_NOPTS_VALUE;
            note_shown(r, time_of(r, frame));
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
    if (!r->decodings[r->video].decoder) {
        r->told += time != AV_NOPTS_VALUE;
        note_shown(r, time);
    }
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

// Reads all there is: the first times of all streams, the pictures and the sound.
static int read_all(struct wr_reading *r)
{
    r->stream_count = r->file->nb_streams;
    r->first = calloc(r->stream_count, sizeof *r->first);
    r->decodings = calloc(r->stream_count, sizeof *r->decodings);
    AVPacket *packet = av_packet_alloc();
    if (!r->first || !r->decodings || !packet) {
        av_packet_free(&packet);
        return AVERROR(ENOMEM);
    }
    for (unsigned i = 0; i < r->stream_count; i++) {
        const AVStream *stream = r->file->streams[i];
        r->first[i] = AV_NOPTS_VALUE;
        if ((int)i == r->video || stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO)
            wr_decoding_open(&r->decodings[i], stream->codecpar, stream->time_base);
    }
    r->end = AV_NOPTS_VALUE;
    while (av_read_frame(r->file, packet) >= 0) {
        const int n = packet->stream_index;
        if (n < (int)r->stream_count)
            note_packet(r, packet);
        if (n == r->video)
            decode(r, packet);
        else if (n < (int)r->stream_count)
            wr_decoding_send(&r->decodings[n], packet);
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    decode(r, NULL);
    for (unsigned i = 0; i < r->stream_count; i++)
        if ((int)i != r->video)
            wr_decoding_send(&r->decodings[i], NULL);
    note_duration(r);
    return 0;
}

// The video has the number that it was given; else it is what a reader would choose.
static int find_video(const struct wr_reading *r, const struct wr_trial *trial)
{
    const int wish = trial->video < (int)r->file->nb_streams ? trial->video : -1;
    const bool is_it = wish >= 0 && r->file->streams[wish]->codecpar->codec_id ==
                                        trial->file->streams[wish]->codecpar->codec_id;
    return is_it ? wish : av_find_best_stream(r->file, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
}

// Whether the content alone says what file it is. A trial may be too short for that, or look like
// something else.
static bool tells_format(const struct wr_trial *trial)
{
    const AVProbeData data = {.filename = "", .buf = trial->data, .buf_size = trial->size};
    int score = 0;
    return av_probe_input_format3(&data, 1, &score) && score > AVPROBE_SCORE_RETRY;
}

// Opens it by the muxer's name where the content does not tell, else by the content; the other way
// where that fails.
static int open_file(struct wr_reading *r, const struct wr_trial *trial)
{
    const AVInputFormat *const named = av_find_input_format(trial->file->oformat->name);
    const AVInputFormat *const first = tells_format(trial) ? NULL : named;
    const int result = try_to_open(r, "", first);
    if (result >= 0)
        return result;
    close_io(r);
    return try_to_open(r, "", first ? NULL : named);
}

int wr_reading_open(struct wr_reading *r, const struct wr_trial *trial)
{
    *r = (struct wr_reading){
        .memory = {trial->data, trial->size, 0},
        .is_copied = trial->is_copied,
        .video = -1, // until it is open
    };
    int result = trial->is_still ? try_to_open(r, trial->name, av_find_input_format("image2pipe"))
                                 : open_file(r, trial);
    if (result < 0)
        return result;
    r->video = find_video(r, trial);
    result = read_all(r);
    // The first pictures of a copied video may not be decodable, so its packets' times count.
    if (trial->is_copied && r->timed_packets == FFMIN(r->packets, WR_TRIAL_FRAMES)) {
        memcpy(r->times, r->packet_times, sizeof r->times);
        r->count = r->told = r->timed_packets;
    }
    return result;
}
