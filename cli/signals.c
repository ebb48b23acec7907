// SPDX-License-Identifier: MIT
// A thread that waits for signals, so that no code ever runs inside a signal handler.
//
// The first signal cancels all jobs. The second also cancels finishing their files, which
// --keep-partial asks for. The third removes the partial outputs and ends the program at once.
#include "cli/signals.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE 1 // seconds in which getting ready may finish after a signal

struct wr_signals {
    pthread_t thread;
    sigset_t set, before; // the signals that are ours, and those that were blocked already
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct wr_signal_hooks hooks;
    struct held {
        struct wr_job *job; // NULL where there is none
        bool watched;       // it can be cancelled
    } held[WR_SIGNAL_JOBS];
    int opening; // jobs that cannot be cancelled yet
    int count;   // of the signals so far that end the run
    bool closing;
};

static void give_up(const struct wr_signals *signals)
{
    for (int n = 0; n < WR_SIGNAL_JOBS; n++)
        if (signals->held[n].job)
            wr_job_abandon(signals->held[n].job);
    static const char sentence[] = "warpreel: interrupted\n";
    const ssize_t ignored = write(STDERR_FILENO, sentence, strlen(sentence));
    (void)ignored;
    _exit(WR_INTERRUPTED);
}

// Opening a job cannot be cancelled, and may wait for a network or a pipe for ever. So the program
// ends if that takes longer than PATIENCE.
static void await_jobs(struct wr_signals *signals)
{
    struct timespec deadline;
    timespec_get(&deadline, TIME_UTC);
    deadline.tv_sec += PATIENCE;
    int late = 0;
    while (signals->opening && !signals->closing && !late)
        late = pthread_cond_timedwait(&signals->changed, &signals->lock, &deadline);
    if (signals->opening && !signals->closing)
        give_up(signals);
}

static void cancel_jobs(const struct wr_signals *signals)
{
    for (int n = 0; n < WR_SIGNAL_JOBS; n++)
        if (signals->held[n].job)
            wr_job_cancel(signals->held[n].job);
}

// A signal that ends the run.
static void stop(struct wr_signals *signals)
{
    if (++signals->count == 1 && signals->hooks.stopped)
        signals->hooks.stopped(signals->hooks.opaque);
    await_jobs(signals);
    if (!signals->closing && signals->count > 2)
        give_up(signals);
    if (!signals->closing)
        cancel_jobs(signals);
}

static void *wait_for_signals(void *argument)
{
    struct wr_signals *const signals = argument;
    bool closing = false;
    while (!closing) {
        int number;
        sigwait(&signals->set, &number);
        pthread_mutex_lock(&signals->lock);
        if (number != SIGUSR1 && !signals->closing)
            stop(signals);
        else if (number == SIGUSR1 && signals->hooks.show)
            signals->hooks.show(signals->hooks.opaque);
        closing = signals->closing;
        pthread_mutex_unlock(&signals->lock);
    }
    return NULL;
}

static void block(struct wr_signals *signals)
{
    sigset_t *const set = &signals->set;
    signal(SIGPIPE, SIG_IGN); // a reader that goes away is an error of write(), with a sentence
    signal(SIGINT, SIG_DFL);  // shells have it ignored in the background: it might never arrive
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGUSR1);
    struct sigaction hangup;
    if (sigaction(SIGHUP, NULL, &hangup) || hangup.sa_handler != SIG_IGN) // nohup ignores it
        sigaddset(set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, set, &signals->before);
}

enum wr_status wr_signals_open(struct wr_signals **signals, const struct wr_signal_hooks *hooks,
                               struct wr_error *error)
{
    struct wr_signals *const new = calloc(1, sizeof(*new));
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    new->hooks = *hooks;
    block(new);
    pthread_mutex_init(&new->lock, NULL);
    pthread_cond_init(&new->changed, NULL);
    const int failure = pthread_create(&new->thread, NULL, wait_for_signals, new);
    if (failure) {
        pthread_sigmask(SIG_SETMASK, &new->before, NULL);
        free(new);
        return wr_fail(error, WR_FAILED, "cannot start a thread: %s", strerror(failure));
    }
    *signals = new;
    return WR_OK;
}

// The place that a job has, or for NULL a free one.
static struct held *find(struct wr_signals *signals, const struct wr_job *job)
{
    int n = 0;
    while (n < WR_SIGNAL_JOBS - 1 && signals->held[n].job != job)
        n++;
    return &signals->held[n];
}

bool wr_signals_begin(struct wr_signals *signals)
{
    pthread_mutex_lock(&signals->lock);
    const bool stopped = signals->count > 0;
    signals->opening += !stopped;
    pthread_mutex_unlock(&signals->lock);
    return !stopped;
}

void wr_signals_hold(struct wr_signals *signals, struct wr_job *job)
{
    pthread_mutex_lock(&signals->lock);
    *find(signals, NULL) = (struct held){job, false};
    pthread_mutex_unlock(&signals->lock);
}

static void opened(struct wr_signals *signals)
{
    signals->opening--;
    pthread_cond_signal(&signals->changed);
}

void wr_signals_watch(struct wr_signals *signals, struct wr_job *job)
{
    pthread_mutex_lock(&signals->lock);
    find(signals, job)->watched = true;
    opened(signals);
    pthread_mutex_unlock(&signals->lock);
}

void wr_signals_end(struct wr_signals *signals, struct wr_job *job)
{
    pthread_mutex_lock(&signals->lock);
    struct held *const held = job ? find(signals, job) : NULL;
    if (!held || !held->watched)
        opened(signals);
    if (held)
        *held = (struct held){0};
    pthread_mutex_unlock(&signals->lock);
}

void wr_signals_drop_hooks(struct wr_signals *signals)
{
    if (!signals)
        return;
    pthread_mutex_lock(&signals->lock);
    signals->hooks = (struct wr_signal_hooks){0};
    pthread_mutex_unlock(&signals->lock);
}

void wr_signals_close(struct wr_signals **signals)
{
    struct wr_signals *const old = *signals;
    if (!old)
        return;
    *signals = NULL;
    pthread_mutex_lock(&old->lock);
    old->closing = true;
    pthread_cond_signal(&old->changed);
    pthread_mutex_unlock(&old->lock);
    pthread_kill(old->thread, SIGTERM); // wakes sigwait()
    pthread_join(old->thread, NULL);
    pthread_cond_destroy(&old->changed);
    pthread_mutex_destroy(&old->lock);
    // Drops signals that came while the thread ended: one that is still pending would end the
    // program once it is unblocked, with another exit status.
    const struct timespec now = {0};
    while (sigtimedwait(&old->set, NULL, &now) > 0)
        ;
    pthread_sigmask(SIG_SETMASK, &old->before, NULL);
    free(old);
}
