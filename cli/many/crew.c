// SPDX-License-Identifier: MIT
// The entries are the queue: a thread takes the first that waits, and sleeps while none does.
#include "cli/many/crew.h"

#include <errno.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/expect.h"
#include "cli/many/copy.h"
#include "cli/many/names.h"
#include "cli/report.h"
#include "cli/summary.h"

struct worker {
    struct wr_crew *crew;
    int slot;
    pthread_t thread;
    struct wr_entry *entry; // that it works on
};

struct wr_crew {
    struct wr_crew_options with;
    pthread_mutex_t lock; // over the entries' states and what follows
    pthread_cond_t changed;
    bool stopped, closing;
    int started;
    int running;        // workers that work on an entry, without those that wait for memory
    int64_t ended;      // entries
    int64_t given_back; // times that memory was given back: by an end, or a job that was not opened
    struct worker workers[]; // with.jobs
};

// ---- one entry

static void say(void *opaque, enum wr_log_level level, const char *sentence)
{
    const struct worker *const worker = opaque;
    wr_console_say(worker->crew->with.console,
                   level == WR_LOG_WARNING ? WR_SAY_WARNING : WR_SAY_INFO, "%s%s",
                   wr_entry_prefix(worker->entry, sentence), sentence);
}

static void show(void *opaque, const struct wr_progress *progress)
{
    const struct worker *const worker = opaque;
    wr_overview_update(worker->crew->with.overview, worker->slot, progress);
}

static enum wr_status run_opened(struct worker *worker, struct wr_job *job, struct wr_error *error)
{
    const struct wr_crew_options *const with = &worker->crew->with;
    wr_signals_hold(with->signals, job);
    wr_signals_watch(with->signals, job);
    return wr_job_run(job, error);
}

// The threads of a job leave memory behind that those of the next one do not find: it would add up.
// The first call is to come while there is one thread: where another allocator stands in for
// glibc's, such as a sanitizer's, that call sets glibc's up, which two threads must not do at once.
static void give_back_memory(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

// After a job could not get its memory: waits until another entry has ended. False where none is
// under way that could give memory back. given_back: what the crew's count was before.
static bool wait_for_memory(struct worker *worker, int64_t given_back, const struct wr_error *error)
{
    struct wr_crew *const crew = worker->crew;
    pthread_mutex_lock(&crew->lock);
    bool again = crew->given_back != given_back;
    if (!again && crew->running > 1) {
        wr_console_say(crew->with.console, crew->given_back ? WR_SAY_INFO : WR_SAY_WARNING,
                       "%s%s; it waits until another file has ended",
                       wr_entry_prefix(worker->entry, error->text), error->text);
        const int64_t ended = crew->ended;
        crew->given_back++; // another that waits for memory may have failed for what this one had
        crew->running--;
        while (!crew->stopped && crew->ended == ended)
            pthread_cond_wait(&crew->changed, &crew->lock);
        crew->running++;
        again = true;
    }
    pthread_mutex_unlock(&crew->lock);
    return again;
}

static int64_t given_back(struct wr_crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    const int64_t count = crew->given_back;
    pthread_mutex_unlock(&crew->lock);
    return count;
}

static void report(struct wr_entry *entry, const struct wr_job *job, enum wr_status status,
                   const struct wr_error *error)
{
    if (!job)
        return;
    json_decref(entry->report);
    entry->report = wr_report_make(wr_job_report(job), status, error);
}

// Opens the job, as soon as there is memory for it. Once it is open wr_signals_end() is due.
static enum wr_status open_job(struct worker *worker, const struct wr_job_options *options,
                               struct wr_job **job, struct wr_error *error)
{
    const struct wr_crew_options *const with = &worker->crew->with;
    for (;;) {
        if (!wr_signals_begin(with->signals))
            return wr_fail(error, WR_INTERRUPTED, "interrupted");
        const int64_t before = given_back(worker->crew);
        const enum wr_status status = wr_job_open(job, with->engine, options, error);
        if (status)
            wr_signals_end(with->signals, NULL);
        if (status != WR_OUT_OF_MEMORY)
            return status;
        report(worker->entry, *job, WR_FAILED, error);
        wr_job_close(job);
        if (!wait_for_memory(worker, before, error))
            return error->status = WR_FAILED;
    }
}

static enum wr_status run_job(struct worker *worker, struct wr_error *error)
{
    const struct wr_crew_options *const with = &worker->crew->with;
    struct wr_entry *const entry = worker->entry;
    const enum wr_status made = wr_expect_make_folders(&entry->settings, error);
    if (made)
        return made;
    struct wr_job_options options = entry->settings.job;
    options.opaque = worker;
    options.log = say;
    options.progress = show;
    options.threads = with->settings->job.threads;
    if (entry->output && wr_name_make_folders(entry->output))
        return wr_fail(error, WR_FAILED, "cannot make the folder of \"%s\": %s", entry->output,
                       strerror(errno));
    struct wr_job *job = NULL;
    enum wr_status status = open_job(worker, &options, &job, error);
    if (!status) {
        status = run_opened(worker, job, error);
        wr_signals_end(with->signals, job);
    }
    report(entry, job, status, error);
    if (job && (status == WR_OK || status == WR_DAMAGED || (status == WR_DIFFERS && entry->output)))
        wr_summary_say(with->console, wr_job_report(job));
    wr_job_close(&job);
    give_back_memory();
    return status;
}

static enum wr_entry_state state_of(enum wr_status status)
{
    switch (status) {
    case WR_OK:
        return WR_ENTRY_DONE;
    case WR_DAMAGED:
        return WR_ENTRY_DAMAGED;
    case WR_DIFFERS:
        return WR_ENTRY_DIFFERS;
    case WR_INTERRUPTED:
        return WR_ENTRY_INTERRUPTED;
    default:
        return WR_ENTRY_FAILED;
    }
}

// A file that is no video: copied or left where it is.
static enum wr_entry_state pass_on(struct worker *worker, struct wr_error *error)
{
    const struct wr_settings *const settings = worker->crew->with.settings;
    const struct wr_entry *const entry = worker->entry;
    if (settings->many.others == WR_OTHERS_LIST) {
        wr_fail(error, WR_FAILED, "it is no video");
        return WR_ENTRY_SKIPPED;
    }
    const bool overwrite = settings->job.overwrite || settings->many.resume;
    if (wr_copy_beside(entry->input, entry->output, overwrite, error))
        return WR_ENTRY_FAILED;
    wr_fail(error, WR_FAILED, "it is no video, and was copied");
    return WR_ENTRY_SKIPPED;
}

// What an earlier run has made of the entry: WR_ENTRY_WAITING where it is to be made (anew).
static enum wr_entry_state find_made(const struct worker *worker)
{
    const struct wr_crew_options *const with = &worker->crew->with;
    if (!with->settings->many.resume)
        return WR_ENTRY_WAITING;
    worker->entry->settings.job.overwrite = true;
    return wr_journal_find(with->journal, worker->entry);
}

static enum wr_status make(struct worker *worker, struct wr_error *error)
{
    const struct wr_crew_options *const with = &worker->crew->with;
    struct wr_entry *const entry = worker->entry;
    wr_overview_begin(with->overview, worker->slot, entry->input);
    const enum wr_status status = run_job(worker, error);
    const bool is_made = status == WR_OK || status == WR_DAMAGED;
    struct wr_error trouble;
    if (is_made && with->journal &&
        wr_journal_add(with->journal, entry, state_of(status), &trouble)) {
        *error = trouble;
        return WR_FAILED;
    }
    return status;
}

// Gives the entry its end, with a sentence where it is not done.
static enum wr_entry_state run_entry(struct worker *worker, struct wr_error *error)
{
    struct wr_entry *const entry = worker->entry;
    if (entry->is_other)
        return pass_on(worker, error);
    enum wr_status status = wr_expect_settle(&entry->settings, entry->place, error);
    const enum wr_entry_state before = status ? WR_ENTRY_WAITING : find_made(worker);
    if (before != WR_ENTRY_WAITING) {
        wr_fail(error, WR_FAILED, "%s is done already%s", entry->output,
                before == WR_ENTRY_DAMAGED ? ", of an input that is damaged" : "");
        return before == WR_ENTRY_DONE ? WR_ENTRY_SKIPPED : before;
    }
    if (!status)
        status = make(worker, error);
    return state_of(status);
}

// Also with --quiet, where no table follows.
static void say_trouble(const struct worker *worker, enum wr_entry_state state,
                        const struct wr_error *error)
{
    if (state == WR_ENTRY_FAILED || state == WR_ENTRY_DIFFERS || state == WR_ENTRY_DAMAGED)
        wr_console_say(worker->crew->with.console, WR_SAY_ERROR, "%s%s",
                       wr_entry_prefix(worker->entry, error->text), error->text);
}

// ---- threads

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
    struct worker *const worker = argument;
    struct wr_crew *const crew = worker->crew;
    pthread_mutex_lock(&crew->lock);
    while ((worker->entry = take(crew))) {
        struct wr_error error = {0};
        pthread_mutex_unlock(&crew->lock);
        const enum wr_entry_state state = run_entry(worker, &error);
        say_trouble(worker, state, &error);
        wr_overview_end(crew->with.overview, worker->slot);
        pthread_mutex_lock(&crew->lock);
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
    struct wr_crew *const new = *crew = calloc(1, sizeof(*new) + jobs * sizeof(struct worker));
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    new->with = *options;
    pthread_mutex_init(&new->lock, NULL);
    pthread_cond_init(&new->changed, NULL);
    give_back_memory();
    for (int n = 0; n < options->jobs; n++) {
        new->workers[n] = (struct worker){.crew = new, .slot = n};
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
