// SPDX-License-Identifier: MIT
// Worker threads take tasks one after another; what became of them is counted and told.
#include "cli/many.h"

#include <errno.h>
#include <limits.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/journal.h"
#include "cli/many_report.h"
#include "cli/many_total.h"
#include "cli/report.h"
#include "cli/signals.h"
#include "cli/summary.h"
#include "cli/tasks.h"

enum { MOST_JOBS = WR_TOTAL_MOST };

struct many {
    const struct wr_settings *settings;
    struct wr_console *console;
    struct wr_tasks tasks;
    struct wr_results results;
    struct wr_engine *engine;
    struct wr_journal *journal;
    struct wr_total total;
    pthread_mutex_t lock; // of all that follows, and of the journal
    int next;             // task that nobody has taken
    bool interrupted;
    struct wr_job *running[MOST_JOBS];
};

// One thread, and the task it works on.
struct worker {
    struct many *many;
    pthread_t thread;
    int number;
    struct wr_task *task;
    struct wr_display display;
};

// ---- what a job says

static void say(void *opaque, enum wr_log_level level, const char *sentence)
{
    const struct worker *worker = opaque;
    const enum wr_say kind = level == WR_LOG_WARNING ? WR_SAY_WARNING : WR_SAY_INFO;
    wr_console_say(worker->many->console, kind, "%s: %s", worker->task->input, sentence);
}

static void show(void *opaque, const struct wr_progress *progress)
{
    struct worker *worker = opaque;
    if (worker->display.mode == WR_PROGRESS_JSON)
        wr_display_update(&worker->display, progress);
    wr_total_update(&worker->many->total, worker->number, progress);
}

// ---- one task

// A job's threads leave memory behind that the next job's do not find: it would add up.
static void give_back_memory(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

static enum wr_status make_folders(const char *path, struct wr_error *error)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    for (char *c = folder + 1; (c = strchr(c, '/')); *c++ = '/') {
        *c = '\0';
        if (mkdir(folder, 0777) && errno != EEXIST)
            return wr_fail(error, WR_FAILED, "cannot make the folder %s: %s", folder,
                           strerror(errno));
    }
    return WR_OK;
}

// A job that was opened while somebody interrupted the run is not begun.
static enum wr_status hold(struct worker *worker, struct wr_job *job, struct wr_error *error)
{
    struct many *many = worker->many;
    pthread_mutex_lock(&many->lock);
    many->running[worker->number] = job;
    const bool interrupted = many->interrupted;
    pthread_mutex_unlock(&many->lock);
    return job && interrupted ? wr_fail(error, WR_INTERRUPTED, "interrupted before it began")
                              : WR_OK;
}

static enum wr_status run_task(struct worker *worker, struct wr_result *result)
{
    struct many *many = worker->many;
    struct wr_job_options options = worker->task->job;
    struct wr_job *job = NULL;
    struct wr_error *error = &result->error;
    options.opaque = worker;
    options.log = say;
    options.progress = show;
    options.overwrite |= result->is_stale;
    wr_display_open(&worker->display, many->console, many->settings->progress);
    worker->display.job = worker->task->input;
    enum wr_status status = make_folders(options.output, error);
    if (!status)
        status = wr_job_open(&job, many->engine, &options, error);
    const bool is_open = !status;
    if (!status)
        status = hold(worker, job, error);
    if (!status)
        status = wr_job_run(job, error);
    hold(worker, NULL, NULL);
    if (worker->display.mode == WR_PROGRESS_JSON)
        wr_display_close(&worker->display);
    if (!is_open && status == WR_FAILED && worker->task->is_found &&
        !wr_might_be_video(options.input)) {
        worker->task->left_out = "no video";
        status = error->status = WR_OK;
    } else if (job) {
        wr_result_keep(result, wr_job_report(job), status);
        if (status == WR_OK || status == WR_DAMAGED)
            wr_summary_say(many->console, wr_job_report(job));
    }
    wr_job_close(&job);
    give_back_memory();
    return status;
}

static void finish_task(struct worker *worker, struct wr_result *result)
{
    struct many *many = worker->many;
    const bool is_done = result->status == WR_OK || result->status == WR_DAMAGED;
    struct wr_error trouble;
    pthread_mutex_lock(&many->lock);
    const bool is_noted = !is_done || worker->task->left_out ||
                          !wr_journal_add(many->journal, worker->task, &trouble);
    pthread_mutex_unlock(&many->lock);
    if (!is_noted)
        wr_console_say(many->console, WR_SAY_WARNING, "%s", trouble.text);
    if (!is_done)
        wr_console_say(many->console, WR_SAY_ERROR, "%s", result->error.text);
    wr_total_finish(&many->total, worker->number);
}

static struct wr_task *take_task(struct many *many)
{
    struct wr_task *task = NULL;
    pthread_mutex_lock(&many->lock);
    while (!task && !many->interrupted && many->next < many->tasks.count) {
        task = &many->tasks.items[many->next++];
        task = task->left_out ? NULL : task;
    }
    pthread_mutex_unlock(&many->lock);
    return task;
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct many *many = worker->many;
    while ((worker->task = take_task(many))) {
        struct wr_result *result = &many->results.items[worker->task - many->tasks.items];
        result->status = run_task(worker, result);
        result->is_begun = true;
        finish_task(worker, result);
    }
    return NULL;
}

// ---- signals

static void cancel(void *opaque)
{
    struct many *many = opaque;
    pthread_mutex_lock(&many->lock);
    many->interrupted = true;
    for (int n = 0; n < MOST_JOBS; n++)
        if (many->running[n])
            wr_job_cancel(many->running[n]);
    pthread_mutex_unlock(&many->lock);
}

static void abandon(void *opaque)
{
    struct many *many = opaque;
    for (int n = 0; n < MOST_JOBS; n++)
        if (many->running[n])
            wr_job_abandon(many->running[n]);
}

// ---- all of them

// What earlier runs have done is left out; what they made of other settings may be replaced.
static void resume(struct many *many)
{
    for (int n = 0; n < many->tasks.count; n++) {
        struct wr_task *task = &many->tasks.items[n];
        const enum wr_entry entry =
            task->left_out ? WR_ENTRY_NONE : wr_journal_find(many->journal, task);
        many->results.items[n].is_stale = entry == WR_ENTRY_OTHER;
        if (entry == WR_ENTRY_CURRENT)
            task->left_out = WR_DONE_BEFORE;
    }
}

// Several at once, so that one is read and opened while another is encoded; few, since decoders and
// encoders have threads of their own.
static int choose_jobs(const struct many *many)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    const int usual = processors < 8 ? 2 : processors < 32 ? (int)processors / 4 : 8;
    const int jobs = many->settings->jobs ? many->settings->jobs : usual;
    return jobs < many->tasks.count ? jobs : many->tasks.count;
}

static enum wr_status run_workers(struct many *many, struct wr_error *error)
{
    struct worker workers[MOST_JOBS];
    const int jobs = choose_jobs(many);
    int started = 0;
    for (; started < jobs; started++) {
        struct worker *worker = &workers[started];
        *worker = (struct worker){.many = many, .number = started};
        if (pthread_create(&worker->thread, NULL, work, worker))
            break;
    }
    for (int n = 0; n < started; n++)
        pthread_join(workers[n].thread, NULL);
    return started ? WR_OK : wr_fail(error, WR_FAILED, "cannot start a thread");
}

static enum wr_status open_parts(struct many *many, struct wr_signals **signals,
                                 struct wr_error *error)
{
    enum wr_status status = wr_tasks_collect(&many->tasks, many->settings, error);
    if (!status)
        status = wr_results_open(&many->results, many->tasks.count, error);
    if (!status)
        status = wr_journal_open(&many->journal, many->settings->job.output, error);
    if (!status && many->settings->resume)
        resume(many);
    if (!status)
        status = wr_engine_open(&many->engine, &many->settings->engine, error);
    if (!status)
        status = wr_signals_open(signals, error);
    return status;
}

enum wr_status wr_many_run(const struct wr_settings *settings, struct wr_console *console,
                           struct wr_error *error)
{
    struct many many = {.settings = settings, .console = console};
    struct wr_signals *signals = NULL;
    pthread_mutex_init(&many.lock, NULL);
    enum wr_status status = open_parts(&many, &signals, error);
    if (!status) {
        wr_signals_hold(signals, &(struct wr_signals_target){cancel, abandon, &many});
        wr_signals_watch(signals);
        wr_total_open(&many.total, console, settings->progress, &many.tasks);
        status = run_workers(&many, error);
        wr_total_close(&many.total);
    }
    wr_signals_close(&signals);
    if (!status) {
        struct wr_engine_report engine;
        wr_engine_report(many.engine, &engine);
        status = wr_results_tell(&many.results, &many.tasks, &engine, many.interrupted, settings,
                                 console, error);
    }
    wr_engine_close(&many.engine);
    wr_journal_close(&many.journal);
    wr_results_close(&many.results);
    wr_tasks_close(&many.tasks);
    pthread_mutex_destroy(&many.lock);
    return status;
}
