// SPDX-License-Identifier: MIT
// Converts sound: decodes, resamples where the encoder needs it, and encodes in whole frames.
//
// Times are the source's to the sample. libavcodec takes off what the old encoder had put before
// the first sample, and says with the new packets what the new encoder puts there. Where the
// source has a gap of more than a few hundredths of a second, there is silence; where sounds
// overlap, the later one is cut: so a container that only counts samples stays in step, too.
#include "lib/output/sound.h"

#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/audio_fifo.h>
#include <libavutil/avstring.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/chain/sound_part.h"
#include "lib/output/sound_encoder.h"
#include "lib/output/sound_filter.h"

enum { CHUNK_SAMPLES = 1024 }; // for encoders that take any number at a time

// A sound that comes.
struct input {
    AVCodecContext *decoder; // the first one's is the converter's
    AVRational time_base;    // of the packets
    int64_t newest;          // time of the newest decoded frame, for av_rescale_delta
    AVFrame *held;           // decoded, not yet in the graph: the end may cut it
    bool ended;
};

struct sound {
    struct wr_converter base;
    struct input inputs[WR_MOST_SOUNDS];
    AVFrame *like[WR_MOST_SOUNDS]; // without samples: what the graph is made for
    struct wr_sound_way way;       // of them through the filters that are asked for
    AVFilterGraph *graph;          // NULL until the first frame
    AVFilterContext *sources[WR_MOST_SOUNDS], *sink;
    AVFrame *frame;     // being decoded
    AVFrame *filtered;  // from the graph, then for the encoder
    AVAudioFifo *fifo;  // for the encoder
    int64_t next;       // time of the fifo's first sample, in the encoder's ticks
    bool begun;         // `next` is known
    bool ending, ended; // no more packets come; the encoder knows
};

static enum wr_status fail_sound(int result, const char *what, struct wr_error *error)
{
    return wr_fail(error, WR_FAILED, "sound cannot be %s: %s", what, av_err2str(result));
}

// ---- resampling

// What the encoder needs.
static char *write_last(const struct sound *s)
{
    const AVCodecContext *to = s->base.encoder;
    char layout[128], first[64] = "";
    av_channel_layout_describe(&to->ch_layout, layout, sizeof layout);
    if (s->begun || s->base.fill) // goes on exactly where the graph before ended
        snprintf(first, sizeof first, ":first_pts=%lld",
                 s->begun ? (long long)(s->next + av_audio_fifo_size(s->fifo)) : 0LL);
    return av_asprintf("aresample=async=1:min_hard_comp=0.03%s,"
                       "aformat=sample_fmts=%s:sample_rates=%d:channel_layouts=%s",
                       first, av_get_sample_fmt_name(to->sample_fmt), to->sample_rate, layout);
}

static int open_graph(struct sound *s)
{
    char *last = write_last(s);
    s->graph = avfilter_graph_alloc();
    int result = last && s->graph
                     ? wr_sound_graph_make(s->graph, s->sources, &s->sink, &s->way, last)
                     : AVERROR(ENOMEM);
    av_free(last);
    for (int n = 0; n < s->way.count && result >= 0; n++)
        if (s->inputs[n].ended)
            result = av_buffersrc_add_frame(s->sources[n], NULL);
    return result;
}

// Moves to the fifo what the graph has ready.
static int drain_graph(struct sound *s)
{
    int result;
    while ((result = av_buffersink_get_frame(s->sink, s->filtered)) >= 0) {
        if (!s->begun && s->filtered->pts != AV_NOPTS_VALUE)
            s->next = av_rescale_q(s->filtered->pts, av_buffersink_get_time_base(s->sink),
                                   s->base.encoder->time_base);
        s->begun = true;
        const int written = av_audio_fifo_write(s->fifo, (void **)s->filtered->extended_data,
                                                s->filtered->nb_samples);
        av_frame_unref(s->filtered);
        if (written < 0)
            return written;
    }
    return result == AVERROR(EAGAIN) || result == AVERROR_EOF ? 0 : result;
}

static int close_graph(struct sound *s)
{
    int result = 0;
    for (int n = 0; n < s->way.count && s->graph && result >= 0; n++)
        if (!s->inputs[n].ended)
            result = av_buffersrc_add_frame(s->sources[n], NULL);
    if (s->graph && result >= 0)
        result = drain_graph(s);
    avfilter_graph_free(&s->graph);
    return result;
}

static int set_like(AVFrame *like, int format, int sample_rate, const AVChannelLayout *layout)
{
    like->format = format;
    like->sample_rate = sample_rate;
    return av_channel_layout_copy(&like->ch_layout, layout);
}

// Opens a graph that suits the frame, where the present one does not.
static int suit_graph(struct sound *s, AVFrame *like, const AVFrame *frame)
{
    int result = 0;
    if (s->graph && like->format == frame->format && like->sample_rate == frame->sample_rate &&
        !av_channel_layout_compare(&like->ch_layout, &frame->ch_layout))
        return 0;
    result = close_graph(s);
    if (result >= 0)
        result = set_like(like, frame->format, frame->sample_rate, &frame->ch_layout);
    return result < 0 ? result : open_graph(s);
}

// Gives the input's held frame, up to `end` in AV_TIME_BASE, to a graph that suits it.
static int pass_held(struct sound *s, int number, int64_t end)
{
    struct input *input = &s->inputs[number];
    AVFrame *frame = input->held;
    if (!frame->nb_samples)
        return 0;
    // Times in the file may be rounded; those of samples follow from their number.
    const AVRational tick = {1, frame->sample_rate};
    if (frame->pts != AV_NOPTS_VALUE)
        frame->pts = av_rescale_delta(input->time_base, frame->pts, tick, frame->nb_samples,
                                      &input->newest, tick);
    if (end != INT64_MAX && frame->pts != AV_NOPTS_VALUE) {
        const int64_t left = av_rescale_q(end, AV_TIME_BASE_Q, tick) - frame->pts;
        frame->nb_samples = (int)av_clip64(left, 0, frame->nb_samples);
    }
    int result = frame->nb_samples ? suit_graph(s, s->like[number], frame) : 0;
    if (result >= 0 && frame->nb_samples)
        result = av_buffersrc_add_frame(s->sources[number], frame);
    av_frame_unref(frame);
    return result < 0 || !s->graph ? result : drain_graph(s);
}

// ---- decoding

static enum wr_status decode(struct sound *s, int number, const AVPacket *packet, int64_t end,
                             struct wr_error *error)
{
    AVCodecContext *decoder = s->inputs[number].decoder;
    int result = avcodec_send_packet(decoder, packet);
    s->base.undecodable += result < 0 && packet;
    while (result >= 0 && (result = avcodec_receive_frame(decoder, s->frame)) >= 0) {
        if (s->frame->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
            av_channel_layout_default(&s->frame->ch_layout, s->frame->ch_layout.nb_channels);
        result = pass_held(s, number, end);
        if (result < 0)
            return fail_sound(result, "resampled", error);
        av_frame_move_ref(s->inputs[number].held, s->frame);
    }
    return WR_OK; // what the decoder does not take is counted
}

static enum wr_status send_sound(struct wr_converter *converter, int input, const AVPacket *packet,
                                 struct wr_error *error)
{
    return decode((struct sound *)converter, input, packet, INT64_MAX, error);
}

// Decodes what is left of an input, up to `end`.
static enum wr_status end_one(struct sound *s, int number, int64_t end, struct wr_error *error)
{
    if (s->inputs[number].ended)
        return WR_OK;
    const enum wr_status status = decode(s, number, NULL, end, error);
    if (status)
        return status;
    int result = pass_held(s, number, end);
    s->inputs[number].ended = true;
    if (s->graph && result >= 0)
        result = av_buffersrc_add_frame(s->sources[number], NULL);
    if (s->graph && result >= 0)
        result = drain_graph(s);
    return result < 0 ? fail_sound(result, "resampled", error) : WR_OK;
}

static enum wr_status end_input(struct wr_converter *converter, int input, struct wr_error *error)
{
    return end_one((struct sound *)converter, input, INT64_MAX, error);
}

// Puts silence behind the sound.
static int fill_up(struct sound *s)
{
    const AVCodecContext *to = s->base.encoder;
    AVFrame *frame = s->filtered;
    const int64_t end = av_rescale_q(s->base.fill_to, AV_TIME_BASE_Q, to->time_base);
    int64_t missing = end - s->next - av_audio_fifo_size(s->fifo);
    frame->format = to->sample_fmt;
    frame->nb_samples = CHUNK_SAMPLES;
    int result = av_channel_layout_copy(&frame->ch_layout, &to->ch_layout);
    if (result >= 0)
        result = av_frame_get_buffer(frame, 0);
    if (result >= 0)
        result = av_samples_set_silence(frame->extended_data, 0, CHUNK_SAMPLES,
                                        to->ch_layout.nb_channels, to->sample_fmt);
    for (; result >= 0 && missing > 0; missing -= CHUNK_SAMPLES)
        result = av_audio_fifo_write(s->fifo, (void **)frame->extended_data,
                                     (int)FFMIN(missing, CHUNK_SAMPLES));
    av_frame_unref(frame);
    return result;
}

static enum wr_status end_sound(struct wr_converter *converter, int64_t end, struct wr_error *error)
{
    struct sound *s = (struct sound *)converter;
    enum wr_status status = WR_OK;
    for (int n = 0; n < s->way.count && !status; n++)
        status = end_one(s, n, end, error);
    if (status)
        return status;
    int result = close_graph(s);
    if (result >= 0 && s->base.fill)
        result = fill_up(s);
    s->ending = true;
    return result < 0 ? fail_sound(result, "resampled", error) : WR_OK;
}

// ---- encoding

// Makes `filtered` the next frame for the encoder; 0 where there is none yet.
static int next_chunk(struct sound *s)
{
    const AVCodecContext *encoder = s->base.encoder;
    const int waiting = av_audio_fifo_size(s->fifo);
    const int whole = encoder->frame_size ? encoder->frame_size : CHUNK_SAMPLES;
    const int count = FFMIN(waiting, whole);
    if (!count || (count < whole && !s->ending))
        return 0;
    AVFrame *chunk = s->filtered;
    chunk->format = encoder->sample_fmt;
    chunk->sample_rate = encoder->sample_rate;
    chunk->nb_samples = count;
    int result = av_channel_layout_copy(&chunk->ch_layout, &encoder->ch_layout);
    if (result >= 0)
        result = av_frame_get_buffer(chunk, 0);
    if (result >= 0)
        result = av_audio_fifo_read(s->fifo, (void **)chunk->extended_data, count);
    chunk->pts = s->next;
    s->next += count;
    return result < 0 ? result : count;
}

// Gives the encoder one more frame, or the end. Returns 0 where it has to wait for packets.
static int feed(struct sound *s)
{
    int result = next_chunk(s);
    if (result > 0) {
        result = avcodec_send_frame(s->base.encoder, s->filtered);
        result = result < 0 ? result : 1;
    } else if (result == 0 && s->ending && !s->ended) {
        s->ended = true;
        avcodec_send_frame(s->base.encoder, NULL);
        result = 1;
    }
    av_frame_unref(s->filtered);
    return result;
}

static int receive_sound(struct wr_converter *converter, AVPacket *packet, struct wr_error *error)
{
    struct sound *s = (struct sound *)converter;
    int result;
    while ((result = avcodec_receive_packet(s->base.encoder, packet)) == AVERROR(EAGAIN)) {
        const int fed = feed(s);
        if (fed <= 0)
            return fed ? (int)fail_sound(fed, "encoded", error) : WR_END;
    }
    return result == AVERROR_EOF ? WR_END
           : result < 0          ? (int)fail_sound(result, "encoded", error)
                                 : WR_OK;
}

// ---- opening and closing

static void close_sound(struct wr_converter *converter)
{
    struct sound *s = (struct sound *)converter;
    avfilter_graph_free(&s->graph);
    for (int n = 0; n < s->way.count; n++) {
        av_frame_free(&s->like[n]);
        av_frame_free(&s->inputs[n].held);
        if (n)
            avcodec_free_context(&s->inputs[n].decoder);
    }
    av_frame_free(&s->frame);
    av_frame_free(&s->filtered);
    av_audio_fifo_free(s->fifo);
}

static const struct wr_converter_type sound_type = {send_sound, end_input, end_sound, receive_sound,
                                                    close_sound};

static enum wr_status open_buffers(struct sound *s, struct wr_error *error)
{
    const AVCodecContext *encoder = s->base.encoder;
    s->frame = av_frame_alloc();
    s->filtered = av_frame_alloc();
    s->fifo =
        av_audio_fifo_alloc(encoder->sample_fmt, encoder->ch_layout.nb_channels, 2 * CHUNK_SAMPLES);
    return s->frame && s->filtered && s->fifo ? WR_OK : wr_fail(error, WR_FAILED, "out of memory");
}

static enum wr_status open_encoder(struct sound *s, const struct wr_conversion *conversion,
                                   struct wr_error *error)
{
    const AVCodecContext *decoder = s->base.decoder;
    AVCodecContext *behind = NULL;
    enum wr_status status =
        s->way.filters ? wr_sound_filter_try(&behind, decoder, &s->way, error) : WR_OK;
    const AVCodecContext *heard = behind ? behind : decoder;
    if (!status)
        status = wr_sound_encoder_open(&s->base.encoder, conversion, heard, error);
    s->base.channels = heard->ch_layout.nb_channels;
    s->base.sample_rate = heard->sample_rate;
    avcodec_free_context(&behind);
    return status;
}

static enum wr_status open_input(struct sound *s, int number, const AVStream *from,
                                 struct wr_error *error)
{
    struct input *input = &s->inputs[number];
    const enum wr_status status = wr_converter_open_decoder(&input->decoder, from, error);
    AVCodecContext *decoder = input->decoder;
    if (!number)
        s->base.decoder = decoder;
    if (status)
        return status;
    if (decoder->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
        av_channel_layout_default(&decoder->ch_layout, decoder->ch_layout.nb_channels);
    input->time_base = from->time_base;
    input->newest = AV_NOPTS_VALUE;
    input->held = av_frame_alloc();
    AVFrame *like = s->like[number] = av_frame_alloc();
    return input->held && like &&
                   set_like(like, decoder->sample_fmt, decoder->sample_rate, &decoder->ch_layout) >=
                       0
               ? WR_OK
               : wr_fail(error, WR_FAILED, "out of memory");
}

enum wr_status wr_sound_converter_open(struct wr_converter **converter,
                                       const struct wr_conversion *conversion,
                                       struct wr_error *error)
{
    struct sound *new = calloc(1, sizeof *new);
    *converter = (struct wr_converter *)new;
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    new->base.type = &sound_type;
    new->way = (struct wr_sound_way){.like = new->like,
                                     .from_zero = conversion->from_zero,
                                     .filters = conversion->filters,
                                     .is_graph = conversion->inputs};
    const AVStream *const *inputs = conversion->inputs ? conversion->inputs : &conversion->from;
    enum wr_status status = WR_OK;
    while (new->way.count < conversion->input_count && !status) {
        status = open_input(new, new->way.count, inputs[new->way.count], error);
        new->way.count++;
    }
    if (!status)
        status = open_encoder(new, conversion, error);
    if (!status)
        status = open_buffers(new, error);
    if (status)
        wr_converter_close(converter);
    return status;
}
