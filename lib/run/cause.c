// SPDX-License-Identifier: MIT
// Keeps the first failure of a job.
#include "lib/run/cause.h"

void wr_cause_open(struct wr_cause *cause, bool keep_partial)
{
    *cause = (struct wr_cause){.keep_partial = keep_partial};
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

int wr_cause_is_given_up(void *argument)
{
    struct wr_cause *cause = argument;
    return atomic_load(&cause->cancelled) > (cause->keep_partial ? 1 : 0);
}
