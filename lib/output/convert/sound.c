// SPDX-License-Identifier: MIT
// Converts sound: decodes, resamples where the encoder needs it, and encodes in whole frames.
//
// Times are the source's to the sample. libavcodec takes off what the old encoder had put before
// the first sample, and says with the new packets what the new encoder puts there. Where the
// source has a gap of more than a few hundredths of a second, there is silence; where sounds
// overlap, the later one is cut: so a container that only counts samples stays in step, too.
#include "lib/output/convert/sound.h"

#include <libavfilter/buffersrc.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/compat.h"
#include "lib/output/convert/sound_encoder.h"
#include "lib/output/convert/sound_graph.h"

enum { CHUNK_SAMPLES = 1024 }; // for encoders that take any number at a time

static enum wr_status fail_sound(int result, const char *what, struct wr_error *error)
{
    return wr_fail(error, WR_FAILED, "sound cannot be %s: %s", what, av_err2str(result));
}

// ---- decoding

static enum wr_status decode(struct wr_sound_work *s, int number, const AVPacket *packet,
                             int64_t end, struct wr_error *error)
{
    AVCodecContext *decoder = s->inputs[number].decoder;
    int result = avcodec_send_packet(decoder, packet);
    s->base.undecodable += result < 0 && packet;
    while (result >= 0 && (result = avcodec_receive_frame(decoder, s->frame)) >= 0) {
        if (s->frame->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
            av_channel_layout_default(&s->frame->ch_layout, s->frame->ch_layout.nb_channels);
        result = wr_sound_pass_held(s, number, end);
        if (result < 0)
            return fail_sound(result, "resampled", error);
        av_frame_move_ref(s->inputs[number].held, s->frame);
    }
    return WR_OK; // what the decoder does not take is counted
}

static enum wr_status send_sound(struct wr_converter *converter, int input, const AVPacket *packet,
                                 struct wr_error *error)
{
    return decode((struct wr_sound_work *)converter, input, packet, INT64_MAX, error);
}

// Decodes what is left of an input, up to `end`.
static enum wr_status end_one(struct wr_sound_work *s, int number, int64_t end,
                              struct wr_error *error)
{
    if (s->inputs[number].ended)
        return WR_OK;
    const enum wr_status status = decode(s, number, NULL, end, error);
    if (status)
        return status;
    int result = wr_sound_pass_held(s, number, end);
    s->inputs[number].ended = true;
    if (s->graph && result >= 0)
        result = wr_sound_drain_graph(s);
    return result < 0 ? fail_sound(result, "resampled", error) : WR_OK;
}

// Filters that go on without it are only ended when the end of all is known.
static enum wr_status end_input(struct wr_converter *converter, int input, struct wr_error *error)
{
    const struct wr_sound_work *s = (const struct wr_sound_work *)converter;
    return s->never_ends ? WR_OK
                         : end_one((struct wr_sound_work *)converter, input, INT64_MAX, error);
}

// Puts silence behind the sound.
static int fill_up(struct wr_sound_work *s)
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
    struct wr_sound_work *s = (struct wr_sound_work *)converter;
    enum wr_status status = WR_OK;
    s->until = s->never_ends ? FFMIN(s->until, end) : s->until;
    for (int n = 0; n < s->way.count && !status; n++)
        status = end_one(s, n, end, error);
    if (status)
        return status;
    int result = wr_sound_close_graph(s);
    if (result >= 0 && s->base.fill)
        result = fill_up(s);
    s->ending = true;
    return result < 0 ? fail_sound(result, "resampled", error) : WR_OK;
}

// ---- encoding

// Makes `filtered` the next frame for the encoder; 0 where there is none yet.
static int next_chunk(struct wr_sound_work *s)
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
    wr_frame_set_duration(chunk, count); // the encoder says of the last one where its sound ends
    s->next += count;
    return result < 0 ? result : count;
}

// Gives the encoder one more frame, or the end. Returns 0 where it has to wait for packets.
static int feed(struct wr_sound_work *s)
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
    struct wr_sound_work *s = (struct wr_sound_work *)converter;
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
    struct wr_sound_work *s = (struct wr_sound_work *)converter;
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

static enum wr_status open_buffers(struct wr_sound_work *s, struct wr_error *error)
{
    const AVCodecContext *encoder = s->base.encoder;
    s->frame = av_frame_alloc();
    s->filtered = av_frame_alloc();
    s->fifo =
        av_audio_fifo_alloc(encoder->sample_fmt, encoder->ch_layout.nb_channels, 2 * CHUNK_SAMPLES);
    return s->frame && s->filtered && s->fifo ? WR_OK : wr_fail(error, WR_FAILED, "out of memory");
}

static enum wr_status open_encoder(struct wr_sound_work *s, const struct wr_conversion *conversion,
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

static enum wr_status open_input(struct wr_sound_work *s, int number, const AVStream *from,
                                 struct wr_error *error)
{
    struct wr_sound_source *input = &s->inputs[number];
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
                   wr_sound_set_like(like, decoder->sample_fmt, decoder->sample_rate,
                                     &decoder->ch_layout) >= 0
               ? WR_OK
               : wr_fail(error, WR_FAILED, "out of memory");
}

enum wr_status wr_sound_converter_open(struct wr_converter **converter,
                                       const struct wr_conversion *conversion,
                                       struct wr_error *error)
{
    struct wr_sound_work *new = calloc(1, sizeof *new);
    *converter = (struct wr_converter *)new;
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    new->base.type = &sound_type;
    new->never_ends = conversion->never_ends;
    new->until = conversion->until;
    memcpy(new->cuts, conversion->cuts, sizeof new->cuts);
    new->way = (struct wr_sound_way){.like = new->like,
                                     .cuts = new->cuts,
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
