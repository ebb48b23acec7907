// SPDX-License-Identifier: MIT
// What all stages do alike: waiting at queues, accounting for time, failing.
#include "lib/run/stages/stage.h"

#include "lib/media/libav.h"

int wr_stage_receive(struct wr_queue *queue, struct wr_message *message, struct wr_track *track)
{
    const double start = wr_span_begin(track);
    const int status = wr_queue_receive(queue, message);
    wr_span_end(track, "wait", "queue", start, NULL, 0);
    return status;
}

int wr_stage_send(struct wr_queue *queue, const struct wr_message *message, struct wr_track *track)
{
    const double start = wr_span_begin(track);
    const int status = wr_queue_send(queue, message);
    wr_span_end(track, "wait", "queue", start, NULL, 0);
    return status;
}

void wr_stage_run(struct wr_stage *stage)
{
    int status = 0;
    wr_findings_go_to(stage->findings);
    while (!status) {
        struct wr_message message;
        status = wr_stage_receive(stage->in, &message, stage->track);
        if (status)
            break;
        if (message.frame)
            status = stage->type->take(stage, &message);
        else if (stage->type->take_packet)
            status = stage->type->take_packet(stage, &message);
        else if ((status = wr_stage_send(stage->out, &message, stage->track)))
            wr_message_drop(&message);
        if (wr_queue_has_enough(stage->out))
            wr_queue_set_enough(stage->in);
    }
    if (status == WR_END) {
        const int ended = stage->type->end(stage);
        status = ended ? ended : WR_END;
    }
    if (stage->type->stop)
        stage->type->stop(stage);
    wr_findings_go_to(NULL);
    wr_queue_finish(stage->out, status);
    wr_queue_finish(stage->in, status);
}

void wr_stage_account(double *seconds, struct wr_track *track, const char *name, double start,
                      const char *key, int64_t number)
{
    const double end = wr_now();
    *seconds += end - start;
    wr_track_add(track, &(struct wr_span){name, "stage", start, end, key, number});
}

void wr_stage_fail(const struct wr_stage *stage, const struct wr_error *error)
{
    wr_cause_note(stage->cause, error);
    wr_cause_stop(stage->cause, error->status);
}

void wr_stage_close(struct wr_stage **stage)
{
    if (*stage)
        (*stage)->type->close(*stage);
    *stage = NULL;
}
