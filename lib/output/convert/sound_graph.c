// SPDX-License-Identifier: MIT
// Takes decoded sounds through filters to what the encoder needs: one graph after the other, where
// the sounds change.
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/avstring.h>
#include <stdio.h>

#include "lib/output/convert/sound_graph.h"

// What the encoder needs.
static char *write_last(const struct wr_sound_work *s)
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

static int open_graph(struct wr_sound_work *s)
{
    char *last = write_last(s);
    s->graph = avfilter_graph_alloc();
    int result = last && s->graph
                     ? wr_sound_graph_make(s->graph, s->sources, &s->sink, &s->way, last)
                     : AVERROR(ENOMEM);
    av_free(last);
    for (int n = 0; n < s->way.count; n++)
        s->inputs[n].closed = false;
    return result;
}

// Time behind the fifo's last sample, in the encoder's ticks.
static int64_t behind_fifo(const struct wr_sound_work *s)
{
    return s->next + av_audio_fifo_size(s->fifo);
}

// How many of the samples that follow the fifo's come before the end.
static int count_wanted(const struct wr_sound_work *s, int samples)
{
    if (s->until == INT64_MAX)
        return samples;
    const int64_t end = av_rescale_q(s->until, AV_TIME_BASE_Q, s->base.encoder->time_base);
    return (int)av_clip64(end - behind_fifo(s), 0, samples);
}

// Whether a graph whose sound never ends has given enough for now: until the end is known, as much
// as has come in.
static bool is_ahead(const struct wr_sound_work *s)
{
    const int64_t limit = s->until == INT64_MAX ? s->heard : s->until;
    return s->never_ends && s->begun &&
           behind_fifo(s) >= av_rescale_q(limit, AV_TIME_BASE_Q, s->base.encoder->time_base);
}

// Whether the frame is what the fifo holds, and the encoder needs.
static bool fits(const struct wr_sound_work *s, const AVFrame *frame)
{
    const AVCodecContext *to = s->base.encoder;
    return frame->format == (int)to->sample_fmt && frame->sample_rate == to->sample_rate &&
           frame->ch_layout.nb_channels == to->ch_layout.nb_channels;
}

// Moves what is ready to the fifo. Returns what libavfilter says last.
static int move_ready(struct wr_sound_work *s)
{
    int result = 0;
    while (!is_ahead(s) && (result = av_buffersink_get_frame(s->sink, s->filtered)) >= 0) {
        if (!fits(s, s->filtered))
            return AVERROR_BUG;
        if (!s->begun && s->filtered->pts != AV_NOPTS_VALUE)
            s->next = av_rescale_q(s->filtered->pts, av_buffersink_get_time_base(s->sink),
                                   s->base.encoder->time_base);
        s->begun = true;
        const int written = av_audio_fifo_write(s->fifo, (void **)s->filtered->extended_data,
                                                count_wanted(s, s->filtered->nb_samples));
        av_frame_unref(s->filtered);
        if (written < 0)
            return written;
    }
    return result;
}

// Gives the graph a frame, or NULL for the end. That it takes no more of this sound is no failure:
// libavfilter says so from version 10 on, before it drops what is not wanted.
static int give(struct wr_sound_work *s, int number, AVFrame *frame)
{
    struct wr_sound_source *input = &s->inputs[number];
    const int result = input->closed ? 0 : av_buffersrc_add_frame(s->sources[number], frame);
    input->closed |= !frame || result == AVERROR_EOF;
    return result == AVERROR_EOF ? 0 : result;
}

// The graph hears of the end of a sound when it asks for more of it, and not while it still waits
// for another: amix would drop what it has not mixed yet. Returns whether it has heard of one.
static bool tell_end(struct wr_sound_work *s)
{
    for (int n = 0; n < s->way.count; n++)
        if (s->inputs[n].ended && !s->inputs[n].closed &&
            av_buffersrc_get_nb_failed_requests(s->sources[n]))
            return give(s, n, NULL) >= 0;
    return false;
}

int wr_sound_drain_graph(struct wr_sound_work *s)
{
    int result;
    do
        result = move_ready(s);
    while (result == AVERROR(EAGAIN) && tell_end(s));
    s->base.has_enough |= result == AVERROR_EOF || (s->begun && !count_wanted(s, 1));
    return result == AVERROR(EAGAIN) || result == AVERROR_EOF ? 0 : result;
}

int wr_sound_close_graph(struct wr_sound_work *s)
{
    int result = 0;
    for (int n = 0; n < s->way.count && s->graph && result >= 0; n++)
        result = give(s, n, NULL);
    if (s->graph && result >= 0)
        result = move_ready(s);
    avfilter_graph_free(&s->graph);
    return result == AVERROR(EAGAIN) || result == AVERROR_EOF ? 0 : result;
}

int wr_sound_set_like(AVFrame *like, int format, int sample_rate, const AVChannelLayout *layout)
{
    like->format = format;
    like->sample_rate = sample_rate;
    return av_channel_layout_copy(&like->ch_layout, layout);
}

// Opens a graph that suits the frame, where the present one does not.
static int suit_graph(struct wr_sound_work *s, AVFrame *like, const AVFrame *frame)
{
    int result = 0;
    if (s->graph && like->format == frame->format && like->sample_rate == frame->sample_rate &&
        !av_channel_layout_compare(&like->ch_layout, &frame->ch_layout))
        return 0;
    result = wr_sound_close_graph(s);
    if (result >= 0)
        result = wr_sound_set_like(like, frame->format, frame->sample_rate, &frame->ch_layout);
    return result < 0 ? result : open_graph(s);
}

int wr_sound_pass_held(struct wr_sound_work *s, int number, int64_t end)
{
    struct wr_sound_source *input = &s->inputs[number];
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
    if (frame->pts != AV_NOPTS_VALUE)
        s->heard =
            FFMAX(s->heard, av_rescale_q(frame->pts + frame->nb_samples, tick, AV_TIME_BASE_Q));
    int result = frame->nb_samples ? suit_graph(s, s->like[number], frame) : 0;
    if (result >= 0 && frame->nb_samples)
        result = give(s, number, frame);
    av_frame_unref(frame);
    return result < 0 || !s->graph ? result : wr_sound_drain_graph(s);
}
