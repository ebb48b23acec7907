// SPDX-License-Identifier: MIT
// From an entry to a job, and from the job's end to the entry's.
#include "cli/many/crew_entry.h"

#include <errno.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <string.h>
#include <unistd.h>

#include "cli/expect.h"
#include "cli/many/copy.h"
#include "cli/names.h"
#include "cli/report.h"
#include "cli/summary.h"

static void say(void *opaque, enum wr_log_level level, const char *sentence)
{
    const struct wr_worker *const worker = opaque;
    const bool is_told = level == WR_LOG_WARNING || level == WR_LOG_BLOCK;
    wr_console_say(worker->crew->with.console, is_told ? WR_SAY_WARNING : WR_SAY_INFO, "%s%s",
                   wr_entry_prefix(worker->entry, sentence), sentence);
}

static void show(void *opaque, const struct wr_progress *progress)
{
    const struct wr_worker *const worker = opaque;
    wr_overview_update(worker->crew->with.overview, worker->slot, progress);
}

static enum wr_status run_opened(struct wr_worker *worker, struct wr_job *job,
                                 struct wr_error *error)
{
    const struct wr_crew_options *const with = &worker->crew->with;
    wr_signals_hold(with->signals, job);
    wr_signals_watch(with->signals, job);
    return wr_job_run(job, error);
}

void wr_crew_share_heaps(void)
{
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, (int)sysconf(_SC_NPROCESSORS_ONLN));
#endif
}

void wr_crew_give_back_memory(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

// After a job could not get its memory: waits until another entry has ended. False where none is
// under way that could give memory back. given_back: what the crew's count was before.
static bool wait_for_memory(struct wr_worker *worker, int64_t given_back,
                            const struct wr_error *error)
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
static enum wr_status open_job(struct wr_worker *worker, const struct wr_job_options *options,
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

static enum wr_status run_job(struct wr_worker *worker, struct wr_error *error)
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
    wr_crew_give_back_memory();
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
static enum wr_entry_state pass_on(struct wr_worker *worker, struct wr_error *error)
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
static enum wr_entry_state find_made(const struct wr_worker *worker)
{
    const struct wr_crew_options *const with = &worker->crew->with;
    if (!with->settings->many.resume)
        return WR_ENTRY_WAITING;
    worker->entry->settings.job.overwrite = true;
    return wr_journal_find(with->journal, worker->entry);
}

static enum wr_status make(struct wr_worker *worker, struct wr_error *error)
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

// A reader of a long list looks for the line.
static void name_line(const struct wr_worker *worker, struct wr_error *error)
{
    const struct wr_error reason = *error;
    if (worker->entry->line)
        wr_fail(error, reason.status, "%s (%s, line %d)", reason.text,
                worker->crew->with.settings->many.list, worker->entry->line);
}

enum wr_entry_state wr_crew_run_entry(struct wr_worker *worker, struct wr_error *error)
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
    const enum wr_entry_state state = state_of(status);
    if (state == WR_ENTRY_FAILED)
        name_line(worker, error);
    return state;
}

void wr_crew_say_trouble(const struct wr_worker *worker, enum wr_entry_state state,
                         const struct wr_error *error)
{
    if (state == WR_ENTRY_FAILED || state == WR_ENTRY_DIFFERS || state == WR_ENTRY_DAMAGED)
        wr_console_say(worker->crew->with.console, WR_SAY_ERROR, "%s%s",
                       wr_entry_prefix(worker->entry, error->text), error->text);
}
