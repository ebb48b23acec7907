// SPDX-License-Identifier: MIT
// Gives frames to a graph of libavfilter and sends on what comes out.
#include "lib/run/host_stage.h"

#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/imgutils.h>
#include <libavutil/mem.h>
#include <libavutil/pixdesc.h>
#include <stdlib.h>

#include "lib/media/compat.h"
#include "lib/media/frame.h"

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

static bool is_as_described(const struct wr_host_stage *s, const AVFrame *frame)
{
    return frame->width == s->out.format.width && frame->height == s->out.format.height &&
           frame->format == s->like->format;
}

// Takes the frame over.
static int take_frame(struct wr_host_stage *s, AVFrame *frame)
{
    struct wr_error error;
    if (!is_as_described(s, frame)) {
        wr_fail(&error, WR_FAILED,
                "FFmpeg's filters '%s' change the picture to %dx%d %s in "
                "mid-stream",
                s->text, frame->width, frame->height, av_get_pix_fmt_name(frame->format));
        av_frame_free(&frame);
        wr_stage_fail(&s->stage, &error);
        return error.status;
    }
    if (wr_frame_unpack(&frame, s->pool, &error)) {
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
static int drain(struct wr_host_stage *s)
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

static enum wr_status fail_limit(const struct wr_host_stage *s, struct wr_error *error)
{
    return wr_fail(error, WR_FAILED,
                   "%s: holds all frames until the last has come, and more than %lld of them are "
                   "more than %.0f MB of memory: shorten the video before it with trim, or raise "
                   "--memory-limit",
                   s->holder, (long long)s->most_frames, (double)s->limit / 1e6);
}

// Takes the frame over. A graph that has all it wants (trim) lets the rest pass unseen.
static int take(struct wr_stage *stage, const struct wr_message *message)
{
    struct wr_host_stage *s = (struct wr_host_stage *)stage;
    AVFrame *frame = message->frame;
    struct wr_error error;
    if (s->holder && !s->done && s->stage.counts.in == s->most_frames) {
        fail_limit(s, &error);
        av_frame_free(&frame);
        wr_stage_fail(&s->stage, &error);
        return error.status;
    }
    s->stage.counts.in++;
    if (s->done) {
        av_frame_free(&frame);
        return 0;
    }
    if (wr_frame_pack(&frame, s->request.pix_fmt, &error)) {
        av_frame_free(&frame);
        wr_stage_fail(&s->stage, &error);
        return error.status;
    }
    s->end = frame->pts + wr_frame_duration(frame);
    const double start = wr_now();
    const int result = av_buffersrc_add_frame(s->graph.source, frame);
    wr_stage_account(&s->stage.seconds, s->stage.track, "host", start, "frame",
                     s->stage.counts.in - 1);
    av_frame_free(&frame);
    s->done |= result == AVERROR_EOF;
    return result < 0 && result != AVERROR_EOF ? fail(s, result) : drain(s);
}

static int end(struct wr_stage *stage)
{
    struct wr_host_stage *s = (struct wr_host_stage *)stage;
    struct wr_stage_report *counts = &stage->counts;
    const int result = s->done ? 0 : av_buffersrc_close(s->graph.source, s->end, 0);
    if (result < 0 && result != AVERROR_EOF)
        return fail(s, result);
    int status = drain(s);
    if (!status)
        status = send_pending(s, usual_duration(s));
    counts->dropped = counts->in > counts->out ? counts->in - counts->out : 0;
    counts->repeated = counts->out > counts->in ? counts->out - counts->in : 0;
    wr_host_graph_close(&s->graph); // some filters say what they found only now
    return status;
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
    .close = close_stage,
};

enum wr_status wr_host_stage_open(struct wr_host_stage **stage,
                                  const struct wr_host_request *request, const struct wr_stream *in,
                                  const struct wr_log *log, struct wr_error *error)
{
    struct wr_host_stage *s = *stage = calloc(1, sizeof *s);
    if (!s || !(s->text = av_strdup(request->text))) {
        free(s);
        *stage = NULL;
        return wr_fail(error, WR_FAILED, "out of memory");
    }
    s->stage.type = &type;
    s->request = *request;
    s->request.text = s->text;
    s->log = *log;
    enum wr_status status = wr_host_graph_open(&s->graph, &s->request, in, &s->log, error);
    if (!status)
        status = wr_host_graph_describe(&s->graph, &s->request, in, &s->out, &s->like, error);
    if (!status && !(s->pool = wr_frame_pool_open(&s->out.format, WR_ALL_PLANES)))
        status = wr_fail(error, WR_FAILED, "out of memory");
    if (status) {
        close_stage(&s->stage);
        *stage = NULL;
    }
    return status;
}

enum wr_status wr_host_stage_limit(struct wr_host_stage *s, const struct wr_format *format,
                                   int64_t limit, int64_t frames, const struct wr_log *notes,
                                   struct wr_error *error)
{
    if (!(s->holder = wr_host_graph_holder(&s->graph)))
        return WR_OK;
    const int64_t bytes =
        av_image_get_buffer_size(s->request.pix_fmt, format->width, format->height, 1);
    s->limit = limit;
    s->most_frames = bytes > 0 ? limit / bytes : 0;
    if (frames > s->most_frames)
        return fail_limit(s, error);
    const double megabytes = (double)(frames * bytes) / 1e6;
    if (frames)
        wr_say(notes, megabytes < 1000 ? WR_LOG_INFO : WR_LOG_WARNING,
               "%s: holds all %lld frames until the last has come, %.0f MB of memory", s->holder,
               (long long)frames, megabytes);
    return WR_OK;
}
