// SPDX-License-Identifier: MIT
// Decides for each frame how often it and the one before are sent, by ffmpeg's rule and with its
// thresholds: the same frames go out at the same times.
#include "lib/run/stages/rate_stage.h"

#include <libavutil/common.h>
#include <math.h>
#include <stdlib.h>

#include "lib/media/compat.h"

// How often a frame goes out, and how many of these times the one before goes instead.
struct count {
    int64_t all, before;
};

// When a frame is shown, in ticks of what comes out, with a fraction. Exact halves are avoided,
// since they would be rounded now up and now down.
static double ticks(const struct wr_rate_stage *s, int64_t pts)
{
    AVRational fine = s->out.time_base;
    const int bits = av_clip(29 - av_log2((unsigned)fine.den), 0, 16);
    fine.den <<= bits;
    const double time = (double)av_rescale_q(pts, s->time_base, fine) / (1 << bits);
    return time + (time > 0 ? 1 : time < 0 ? -1 : 0) / (double)(1 << 17);
}

static struct count constant_count(double early, double late)
{
    struct count count = {.all = late < -1.1 ? 0 : 1};
    if (late > 1.1) {
        count.all = lrintf((float)late);
        if (early > 1.1)
            count.before = llrintf((float)(early - 0.6));
    }
    return count;
}

static struct count count_frame(struct wr_rate_stage *s, const AVFrame *frame)
{
    double time = ticks(s, frame->pts), duration = s->usual_duration;
    const double own =
        (double)wr_frame_duration(frame) * av_q2d(s->time_base) / av_q2d(s->out.time_base);
    if (s->by_duration && lrintf((float)own) > 0)
        duration = (double)lrintf((float)own);
    double early = time - (double)s->next; // before 0: the tick has been taken
    const double late = early + duration;
    if (early < 0 && late > 0) {
        time = (double)s->next;
        early = 0;
    }
    if (s->is_constant)
        return constant_count(early, late);
    if (late > 0.6)
        s->next = llrint(time);
    return (struct count){.all = late <= -0.6 ? 0 : 1};
}

static bool is_over(const struct wr_rate_stage *s)
{
    return s->duration != INT64_MAX &&
           av_compare_ts(s->next, s->out.time_base, s->duration, AV_TIME_BASE_Q) >= 0;
}

static int send(struct wr_rate_stage *s, const AVFrame *frame)
{
    s->stage.has_enough = s->stage.counts.out == s->frames;
    if (s->stage.has_enough || is_over(s))
        return 0;
    AVFrame *copy = av_frame_clone(frame);
    if (!copy) {
        struct wr_error error;
        wr_fail(&error, WR_FAILED, "out of memory");
        wr_stage_fail(&s->stage, &error);
        return error.status;
    }
    copy->time_base = s->out.time_base;
    copy->pts = s->next;
    wr_frame_set_duration(copy, 1);
    const struct wr_message message = {.frame = copy, .index = s->stage.counts.out};
    const int status = wr_stage_send(s->stage.out, &message, s->stage.track);
    if (status) {
        av_frame_free(&copy);
        return status;
    }
    s->next++;
    s->stage.counts.out++;
    return 0;
}

// Sends what is to go out, and remembers how often the frame before went. frame is NULL at the end.
// *sent: how often the frame itself went.
static int send_all(struct wr_rate_stage *s, struct count count, const AVFrame *frame,
                    int64_t *sent)
{
    for (int n = WR_RATE_HISTORY - 1; n > 0; n--)
        s->repeated[n] = s->repeated[n - 1];
    s->repeated[0] = FFMIN(count.before, count.all);
    int status = 0;
    for (int64_t n = 0; n < count.all && !status; n++) {
        const bool is_before = n < count.before && s->last;
        const AVFrame *next = is_before ? s->last : frame;
        const int64_t out = s->stage.counts.out;
        if (next)
            status = send(s, next);
        *(is_before ? &s->last_count : sent) += s->stage.counts.out - out;
    }
    return status;
}

// Counts the frame before, which will not be sent again.
static void count_last(struct wr_rate_stage *s)
{
    if (s->last && !s->last_count)
        s->stage.counts.dropped += !s->stage.has_enough;
    else if (s->last)
        s->stage.counts.repeated += s->last_count - 1;
}

static int take(struct wr_stage *stage, const struct wr_message *message)
{
    struct wr_rate_stage *s = (struct wr_rate_stage *)stage;
    AVFrame *frame = message->frame;
    stage->counts.in++;
    int64_t sent = 0;
    const int status = send_all(s, count_frame(s, frame), frame, &sent);
    count_last(s);
    s->last_count = sent;
    av_frame_free(&s->last);
    s->last = frame;
    return status;
}

static int64_t middle(const int64_t values[WR_RATE_HISTORY])
{
    const int64_t a = values[0], b = values[1], c = values[2];
    return FFMAX(FFMIN(a, b), FFMIN(FFMAX(a, b), c));
}

static int end(struct wr_stage *stage)
{
    struct wr_rate_stage *s = (struct wr_rate_stage *)stage;
    int64_t sent = 0;
    const int64_t more = s->is_constant ? middle(s->repeated) : 0;
    const int status = send_all(s, (struct count){more, more}, NULL, &sent);
    return status;
}

static void stop(struct wr_stage *stage)
{
    count_last((struct wr_rate_stage *)stage);
}

static void close_stage(struct wr_stage *stage)
{
    struct wr_rate_stage *s = (struct wr_rate_stage *)stage;
    av_frame_free(&s->last);
    free(s);
}

static const struct wr_stage_type type = {
    .kind = "rate",
    .take = take,
    .end = end,
    .stop = stop,
    .close = close_stage,
};

enum wr_status wr_rate_stage_open(struct wr_rate_stage **stage, const struct wr_stream *in,
                                  AVRational rate, bool constant, bool by_duration,
                                  struct wr_error *error)
{
    struct wr_rate_stage *s = *stage = calloc(1, sizeof *s);
    if (!s)
        return wr_fail(error, WR_FAILED, "out of memory");
    const AVRational usual = in->frame_rate.num ? in->frame_rate : (AVRational){25, 1};
    const AVRational new_rate = rate.num ? rate : usual;
    *s = (struct wr_rate_stage){
        .stage.type = &type,
        .out = *in,
        .time_base = in->time_base,
        .frames = -1,
        .duration = INT64_MAX,
        .usual_duration = av_q2d(new_rate) / av_q2d(usual),
        .by_duration = by_duration,
        .is_constant = constant,
    };
    if (rate.num && s->usual_duration > 1)
        s->usual_duration = 1;
    s->out.time_base = av_inv_q(new_rate);
    s->out.frame_rate = new_rate;
    s->out.varies = false;
    return WR_OK;
}
