// SPDX-License-Identifier: MIT
// Gives frames to a graph of libavfilter and sends on what comes out.
#include "lib/run/stages/host_stage.h"

#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/mem.h>
#include <stdlib.h>

#include "lib/chain/host_traits.h"
#include "lib/media/compat.h"
#include "lib/media/frame.h"
#include "lib/media/frame_pool.h"
#include "lib/media/repack.h"
#include "lib/run/stages/host_describe.h"

static int fail(struct wr_host_stage *s, int result)
{
    struct wr_error error;
    wr_fail(&error, WR_FAILED, "FFmpeg's filters '%s' failed: %s", s->text, av_err2str(result));
    wr_stage_fail(&s->stage, &error);
    return error.status;
}

// ---- what comes out

static int send_pending(struct wr_host_stage *s, int64_t duration)
{
    if (!s->pending)
        return 0;
    wr_frame_set_duration(s->pending, duration);
    const struct wr_message message = {.frame = s->pending, .index = s->index};
    const int status = wr_stage_send(s->stage.out, &message, s->stage.track);
    if (status)
        return status;
    s->pending = NULL;
    s->index++;
    s->stage.counts.out++;
    return 0;
}

// A frame's length where no frame follows, or none that is later.
static int64_t usual_duration(const struct wr_host_stage *s)
{
    const AVRational rate = s->out.frame_rate;
    return rate.num ? av_rescale_q(1, av_inv_q(rate), s->out.time_base) : 1;
}

// The last frame's length: if it is shown from when the last one that went in was, as long as that.
static int64_t last_duration(const struct wr_host_stage *s)
{
    const AVRational from = s->time_base, to = s->out.time_base;
    if (!s->pending || av_compare_ts(s->pending->pts, to, s->begin, from))
        return usual_duration(s);
    const int64_t duration = av_rescale_q(s->end, from, to) - s->pending->pts;
    return duration > 0 ? duration : usual_duration(s);
}

static bool is_as_described(const struct wr_host_stage *s, const AVFrame *frame)
{
    return frame->width == s->out.format.width && frame->height == s->out.format.height &&
           frame->format == s->like->format;
}

// Takes the frame over.
static int take_frame(struct wr_host_stage *s, AVFrame *frame)
{
    struct wr_error error;
    wr_tally_count(&s->tally, frame);
    if (!is_as_described(s, frame)) {
        wr_fail(&error, WR_FAILED,
                "FFmpeg's filters '%s' change the picture to %dx%d %s in "
                "mid-stream",
                s->text, frame->width, frame->height, av_get_pix_fmt_name(frame->format));
        av_frame_free(&frame);
        wr_stage_fail(&s->stage, &error);
        return error.status;
    }
    wr_frame_keep_color(frame, s->like);
    if (!s->keeps_palette && wr_frame_unpack(&frame, s->pool, &error)) {
        av_frame_free(&frame);
        wr_stage_fail(&s->stage, &error);
        return error.status;
    }
    frame->time_base = s->out.time_base;
    if (frame->pts == AV_NOPTS_VALUE)
        frame->pts = s->pending ? s->pending->pts + usual_duration(s) : 0;
    const int64_t gap = s->pending ? frame->pts - s->pending->pts : 0;
    const int status = send_pending(s, gap > 0 ? gap : usual_duration(s));
    if (status)
        av_frame_free(&frame);
    else
        s->pending = frame;
    return status;
}

// Sends on all that the graph has ready.
static int send_ready(struct wr_host_stage *s)
{
    for (;;) {
        AVFrame *frame = av_frame_alloc();
        const double start = wr_now();
        const int result = frame ? av_buffersink_get_frame(s->graph.sink, frame) : AVERROR(ENOMEM);
        wr_stage_account(&s->stage.seconds, s->stage.track, "host", start, "frame", s->index);
        if (result >= 0) {
            const int status = take_frame(s, frame);
            if (status)
                return status;
            continue;
        }
        av_frame_free(&frame);
        s->done |= result == AVERROR_EOF;
        return result == AVERROR(EAGAIN) || result == AVERROR_EOF ? 0 : fail(s, result);
    }
}

// ---- what goes in

// Takes the frame over.
static int give(struct wr_host_stage *s, struct wr_host_source *source, AVFrame *frame)
{
    struct wr_error error;
    if (wr_host_source_is_full(source) ? wr_host_source_refuse(source, &error)
                                       : wr_frame_pack(&frame, source->pix_fmt, &error)) {
        av_frame_free(&frame);
        wr_stage_fail(&s->stage, &error);
        return error.status;
    }
    int result = s->graph.traits & WR_HOST_OVERWRITES ? av_frame_make_writable(frame) : 0;
    if (source == s->sources)
        wr_tally_mark(&s->tally, frame);
    source->frames++;
    source->end = frame->pts + wr_frame_duration(frame);
    const double start = wr_now();
    if (result >= 0)
        result = av_buffersrc_add_frame(source->context, frame);
    wr_stage_account(&s->stage.seconds, s->stage.track, "host", start, "frame",
                     s->stage.counts.in - 1);
    av_frame_free(&frame);
    source->is_closed |= result == AVERROR_EOF;
    return result < 0 && result != AVERROR_EOF ? fail(s, result) : 0;
}

static int close_source(struct wr_host_stage *s, struct wr_host_source *source)
{
    const int result = source->is_closed ? 0 : av_buffersrc_close(source->context, source->end, 0);
    source->is_closed = true;
    return result < 0 && result != AVERROR_EOF ? fail(s, result) : 0;
}

// The next frame of a further input, or its end. Where the job was cancelled, what is there is
// enough.
static int give_further(struct wr_host_stage *s, struct wr_host_source *source)
{
    struct wr_message message;
    const int status =
        atomic_load(&s->stage.cause->cancelled)
            ? WR_END
            : wr_stage_receive(wr_further_queue(source->further), &message, s->stage.track);
    return status == WR_END ? close_source(s, source)
           : status         ? status
                            : give(s, source, message.frame);
}

// The source from which the graph has asked for frames most often in vain, as ffmpeg chooses what
// to read next; NULL where it asks for none.
static struct wr_host_source *most_wanted(struct wr_host_stage *s)
{
    struct wr_host_source *best = NULL;
    unsigned most = 0;
    for (int n = 0; n < s->source_count; n++) {
        const unsigned requests = av_buffersrc_get_nb_failed_requests(s->sources[n].context);
        if (!s->sources[n].is_closed && requests > most) {
            most = requests;
            best = &s->sources[n];
        }
    }
    return best;
}

// Sends on what the graph has ready, and gives it what it asks for of further inputs, until it
// waits for a frame of the stage's own.
static int drain(struct wr_host_stage *s)
{
    int status = send_ready(s);
    while (!status && !(s->done |= wr_queue_has_enough(s->stage.out))) {
        struct wr_host_source *wanted = most_wanted(s);
        if (!wanted || !wanted->further)
            return 0;
        status = give_further(s, wanted);
        if (!status)
            status = send_ready(s);
    }
    for (int n = 1; n < s->source_count; n++)
        wr_further_stop(s->sources[n].further);
    return status;
}

// A graph that has all it wants (trim) lets the rest pass unseen, or ends the input. Stages before
// it learn that they need make no more frames, which those may do without end.
static int end_if_done(struct wr_host_stage *s)
{
    if (s->done)
        wr_queue_set_enough(s->stage.in);
    s->stage.has_enough = s->done && s->ends_input;
    if (!s->stage.has_enough)
        return 0;
    wr_cause_stop_before(s->stage.cause, s->stage.in, WR_END);
    return WR_END;
}

// Takes the frame over.
static int take(struct wr_stage *stage, const struct wr_message *message)
{
    struct wr_host_stage *s = (struct wr_host_stage *)stage;
    AVFrame *frame = message->frame;
    s->stage.counts.in++;
    if (s->done || s->sources[0].is_closed) {
        av_frame_free(&frame);
        return 0;
    }
    s->begin = frame->pts;
    s->end = frame->pts + wr_frame_duration(frame);
    int status = give(s, &s->sources[0], frame);
    if (!status)
        status = drain(s);
    return status ? status : end_if_done(s);
}

// What is left in the graph. It may ask for nothing and still wait for the end of an input.
static int finish(struct wr_host_stage *s)
{
    int status = 0;
    for (int n = 0; n < s->source_count && !status && !s->done; n++) {
        status = close_source(s, &s->sources[n]);
        if (!status)
            status = drain(s);
    }
    return status;
}

static int end(struct wr_stage *stage)
{
    struct wr_host_stage *s = (struct wr_host_stage *)stage;
    int status = finish(s);
    if (!status)
        status = send_pending(s, last_duration(s));
    for (int n = 1; n < s->source_count; n++)
        wr_further_stop(s->sources[n].further);
    wr_host_graph_close(&s->graph); // some filters say what they found only now
    return status;
}

static void stop(struct wr_stage *stage)
{
    wr_tally_sum(&((struct wr_host_stage *)stage)->tally, &stage->counts);
}

static void close_stage(struct wr_stage *stage)
{
    struct wr_host_stage *s = (struct wr_host_stage *)stage;
    wr_host_graph_close(&s->graph);
    av_frame_free(&s->pending);
    av_frame_free(&s->like);
    wr_frame_pool_close(&s->pool);
    av_free(s->text);
    free(s);
}

static const struct wr_stage_type type = {
    .kind = "host",
    .take = take,
    .end = end,
    .stop = stop,
    .close = close_stage,
};

bool wr_is_host_stage(const struct wr_stage *stage)
{
    return stage->type == &type;
}

static void connect_sources(struct wr_host_stage *s, const struct wr_host_request *request,
                            struct wr_further *const *further)
{
    s->source_count = request->input_count;
    for (int n = 0; n < s->source_count; n++)
        s->sources[n] = (struct wr_host_source){.context = s->graph.sources[n],
                                                .pix_fmt = request->inputs[n].pix_fmt,
                                                .further = n ? further[n - 1] : NULL};
}

enum wr_status wr_host_stage_open(struct wr_host_stage **stage,
                                  const struct wr_host_request *request,
                                  struct wr_further *const *further, struct wr_error *error)
{
    struct wr_host_stage *s = *stage = calloc(1, sizeof *s);
    if (!s || !(s->text = av_strdup(request->text))) {
        free(s);
        *stage = NULL;
        return wr_fail(error, WR_FAILED, "out of memory");
    }
    s->stage.type = &type;
    s->is_interlaced = wr_frame_interlaced(request->inputs[0].stream.like);
    s->time_base = request->inputs[0].stream.time_base;
    enum wr_status status = wr_host_graph_open(&s->graph, request, error);
    if (!status)
        status = wr_host_graph_describe(&s->graph, request, &s->out, &s->like, error);
    if (!status && !(s->pool = wr_frame_pool_open(&s->out.format, WR_ALL_PLANES, NULL)))
        status = wr_fail(error, WR_FAILED, "out of memory");
    if (status) {
        close_stage(&s->stage);
        *stage = NULL;
        return status;
    }
    connect_sources(s, request, further);
    return WR_OK;
}

enum wr_status wr_host_stage_limit(struct wr_host_stage *s, int64_t limit, int64_t frames,
                                   const struct wr_log *notes, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int n = 0; n < s->source_count && !status; n++) {
        const struct wr_further *further = s->sources[n].further;
        const int64_t count = further ? wr_reader_frames_total(further->reader) : frames;
        status = wr_host_source_limit(&s->sources[n], limit, count, notes, error);
    }
    return status;
}

int64_t wr_host_stage_held(const struct wr_host_stage *s)
{
    int64_t held = 0;
    for (int n = 0; n < s->source_count; n++)
        held = held < 0 || s->sources[n].held < 0 ? -1 : held + s->sources[n].held;
    return held;
}
