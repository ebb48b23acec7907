// SPDX-License-Identifier: MIT
// The entries are the queue: a thread takes the first that waits, and sleeps while none does.
#include "cli/many/crew.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/many/crew_entry.h"

static struct wr_entry *find_waiting(const struct wr_crew *crew)
{
    const struct wr_entries *const entries = crew->with.entries;
    for (int n = 0; n < entries->count; n++)
        if (entries->items[n]->state == WR_ENTRY_WAITING)
            return entries->items[n];
    return NULL;
}

// The next entry, NULL where there will be none.
static struct wr_entry *take(struct wr_crew *crew)
{
    struct wr_entry *entry = NULL;
    while (!crew->stopped && !(entry = find_waiting(crew)) && !crew->closing)
        pthread_cond_wait(&crew->changed, &crew->lock);
    if (entry) {
        entry->state = WR_ENTRY_RUNNING;
        crew->running++;
    }
    return entry;
}

static void *work(void *argument)
{
    struct wr_worker *const worker = argument;
    struct wr_crew *const crew = worker->crew;
    pthread_mutex_lock(&crew->lock);
    while ((worker->entry = take(crew))) {
        struct wr_error error = {0};
        pthread_mutex_unlock(&crew->lock);
        const enum wr_entry_state state = wr_crew_run_entry(worker, &error);
        wr_crew_say_trouble(worker, state, &error);
        pthread_mutex_lock(&crew->lock);
        wr_overview_end(crew->with.overview, worker->slot);
        crew->running--;
        crew->ended++;
        crew->given_back++;
        pthread_cond_broadcast(&crew->changed);
        worker->entry->state = state;
        worker->entry->is_said = true;
        memcpy(worker->entry->sentence, error.text, sizeof(error.text));
    }
    pthread_mutex_unlock(&crew->lock);
    return NULL;
}

enum wr_status wr_crew_open(struct wr_crew **crew, const struct wr_crew_options *options,
                            struct wr_error *error)
{
    const size_t jobs = (size_t)options->jobs;
    struct wr_crew *const new = *crew = calloc(1, sizeof(*new) + jobs * sizeof(struct wr_worker));
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    new->with = *options;
    pthread_mutex_init(&new->lock, NULL);
    pthread_cond_init(&new->changed, NULL);
    wr_crew_share_heaps();
    wr_crew_give_back_memory();
    for (int n = 0; n < options->jobs; n++) {
        new->workers[n] = (struct wr_worker){.crew = new, .slot = n};
        const int failure = pthread_create(&new->workers[n].thread, NULL, work, &new->workers[n]);
        if (failure) {
            wr_crew_stop(new);
            wr_crew_finish(new);
            wr_crew_close(crew);
            return wr_fail(error, WR_FAILED, "cannot start a thread: %s", strerror(failure));
        }
        new->started++;
    }
    return WR_OK;
}

void wr_crew_pause(struct wr_crew *crew)
{
    pthread_mutex_lock(&crew->lock);
}

void wr_crew_resume(struct wr_crew *crew)
{
    pthread_cond_broadcast(&crew->changed);
    pthread_mutex_unlock(&crew->lock);
}

bool wr_crew_wait(struct wr_crew *crew, double seconds)
{
    struct timespec until;
    timespec_get(&until, TIME_UTC);
    const double fraction = (double)until.tv_nsec * 1e-9 + seconds;
    until.tv_sec += (time_t)fraction;
    until.tv_nsec = (long)((fraction - (double)(time_t)fraction) * 1e9);
    pthread_mutex_lock(&crew->lock);
    int late = 0;
    while (!crew->stopped && !late)
        late = pthread_cond_timedwait(&crew->changed, &crew->lock, &until);
    const bool goes_on = !crew->stopped;
    pthread_mutex_unlock(&crew->lock);
    return goes_on;
}

void wr_crew_stop(struct wr_crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    crew->stopped = true;
    pthread_cond_broadcast(&crew->changed);
    pthread_mutex_unlock(&crew->lock);
}

void wr_crew_finish(struct wr_crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    crew->closing = true;
    pthread_cond_broadcast(&crew->changed);
    pthread_mutex_unlock(&crew->lock);
    for (int n = 0; n < crew->started; n++)
        pthread_join(crew->workers[n].thread, NULL);
    crew->started = 0;
}

void wr_crew_close(struct wr_crew **crew)
{
    struct wr_crew *const old = *crew;
    if (!old)
        return;
    pthread_cond_destroy(&old->changed);
    pthread_mutex_destroy(&old->lock);
    free(old);
    *crew = NULL;
}
