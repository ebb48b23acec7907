// SPDX-License-Identifier: MIT
// Keeps the first failure of a job.
#include "lib/run/cause.h"

void wr_cause_open(struct wr_cause *cause, bool keep_partial, struct wr_queue *const *queues,
                   int queue_count)
{
    *cause = (struct wr_cause){
        .keep_partial = keep_partial, .queues = queues, .queue_count = queue_count};
    pthread_mutex_init(&cause->lock, NULL);
}

void wr_cause_close(struct wr_cause *cause)
{
    pthread_mutex_destroy(&cause->lock);
}

void wr_cause_note(struct wr_cause *cause, const struct wr_error *error)
{
    pthread_mutex_lock(&cause->lock);
    if (!cause->first.status)
        cause->first = *error;
    pthread_mutex_unlock(&cause->lock);
}

void wr_cause_stop(struct wr_cause *cause, int status)
{
    for (int n = 0; n < cause->queue_count; n++)
        if (cause->queues[n])
            wr_queue_finish(cause->queues[n], status);
}

void wr_cause_stop_before(struct wr_cause *cause, const struct wr_queue *last, int status)
{
    bool is_before = true;
    for (int n = 0; n < cause->queue_count && is_before; n++) {
        wr_queue_finish(cause->queues[n], status);
        is_before = cause->queues[n] != last;
    }
}

int wr_cause_is_given_up(void *argument)
{
    struct wr_cause *cause = argument;
    return atomic_load(&cause->cancelled) > (cause->keep_partial ? 1 : 0);
}
