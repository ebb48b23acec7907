// SPDX-License-Identifier: MIT
// A thread that waits for signals, so that no code ever runs inside a signal handler.
//
// The first signal cancels the run. The second also cancels finishing the file, which
// --keep-partial asks for. The third removes the partial output and ends the program at once.
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
    struct wr_signals_target target; // without functions while it is being opened
    bool watching;                   // it can be cancelled
    bool closing;
};

static void give_up(const struct wr_signals_target *target)
{
    if (target->abandon)
        target->abandon(target->what);
    static const char sentence[] = "warpreel: interrupted\n";
    const ssize_t ignored = write(STDERR_FILENO, sentence, strlen(sentence));
    (void)ignored;
    _exit(WR_INTERRUPTED);
}

// Opening a job cannot be cancelled, and may wait for a network or a pipe for ever. So the program
// ends if that takes longer than PATIENCE.
static void await_job(struct wr_signals *signals)
{
    struct timespec deadline;
    timespec_get(&deadline, TIME_UTC);
    deadline.tv_sec += PATIENCE;
    int late = 0;
    while (!signals->watching && !signals->closing && !late)
        late = pthread_cond_timedwait(&signals->changed, &signals->lock, &deadline);
    if (!signals->watching && !signals->closing)
        give_up(&signals->target);
}

static void *wait_for_signals(void *argument)
{
    struct wr_signals *const signals = argument;
    bool closing = false;
    for (int count = 1; !closing; count++) {
        int number;
        sigwait(&signals->set, &number);
        pthread_mutex_lock(&signals->lock);
        await_job(signals);
        closing = signals->closing;
        if (!closing && count > 2)
            give_up(&signals->target);
        if (!closing)
            signals->target.cancel(signals->target.what);
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
    struct sigaction hangup;
    if (sigaction(SIGHUP, NULL, &hangup) || hangup.sa_handler != SIG_IGN) // nohup ignores it
        sigaddset(set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, set, &signals->before);
}

enum wr_status wr_signals_open(struct wr_signals **signals, struct wr_error *error)
{
    struct wr_signals *const new = calloc(1, sizeof(*new));
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
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

void wr_signals_hold(struct wr_signals *signals, const struct wr_signals_target *target)
{
    pthread_mutex_lock(&signals->lock);
    signals->target = *target;
    pthread_mutex_unlock(&signals->lock);
}

static void cancel_job(void *job)
{
    wr_job_cancel(job);
}

static void abandon_job(void *job)
{
    wr_job_abandon(job);
}

struct wr_signals_target wr_signals_job(struct wr_job *job)
{
    return (struct wr_signals_target){cancel_job, abandon_job, job};
}

void wr_signals_watch(struct wr_signals *signals)
{
    pthread_mutex_lock(&signals->lock);
    signals->watching = true;
    pthread_cond_signal(&signals->changed);
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
    pthread_sigmask(SIG_SETMASK, &old->before, NULL);
    free(old);
}
