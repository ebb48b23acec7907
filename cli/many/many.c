// SPDX-License-Identifier: MIT
// Gathers the inputs, has a crew of threads run them, and sums up.
#include "cli/many/many.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/junit.h"
#include "cli/many/check.h"
#include "cli/many/crew.h"
#include "cli/many/entries.h"
#include "cli/many/gather.h"
#include "cli/many/jobs.h"
#include "cli/names.h"
#include "cli/many/result.h"
#include "cli/many/unused.h"
#include "cli/option_words.h"
#include "cli/paths.h"

#define INTERVAL 1.0  // seconds from one look for arrivals to the next
#define ARRIVALS 1000 // files that a watched folder is expected to get

struct many {
    struct wr_settings *settings;
    struct wr_console *console;
    struct wr_entries entries;
    struct wr_gather *gather;
    bool may_report; // the report is known to replace no file that is needed
    struct wr_journal *journal;
    bool made_folder; // of the outputs: there was none before
    struct wr_overview *overview;
    struct wr_signals *signals;
    struct wr_engine *engine;
    struct wr_engine_report work; // of the engine, once it is done
    struct wr_crew *crew;
    bool has_begun; // entries may have ended, which the table tells
};

static void show(void *opaque)
{
    const struct many *const many = opaque;
    if (many->overview)
        wr_overview_say(many->overview);
}

static void stop(void *opaque)
{
    struct many *const many = opaque;
    struct wr_crew *const crew = __atomic_load_n(&many->crew, __ATOMIC_ACQUIRE);
    if (crew)
        wr_crew_stop(crew);
}

static enum wr_status make_folder(const char *folder, const char *what, struct wr_error *error)
{
    if (!access(folder, F_OK) && !wr_path_is_folder(folder))
        return wr_fail(error, WR_USAGE, "\"%s\" is a file: with many inputs the %s is a folder",
                       folder, what);
    char *const inside = wr_name_join(folder, "x");
    const enum wr_status status =
        !inside ? wr_fail(error, WR_FAILED, "out of memory")
        : wr_name_make_folders(inside)
            ? wr_fail(error, WR_FAILED, "cannot make the %s folder \"%s\": %s", what, folder,
                      strerror(errno))
            : WR_OK;
    free(inside);
    return status;
}

// Everything up to the engine, before anything is made but the output folder.
static enum wr_status prepare(struct many *many, struct wr_error *error)
{
    struct wr_settings *const settings = many->settings;
    enum wr_status status = wr_gather_open(&many->gather, settings, &many->entries, error);
    if (!status)
        status = wr_gather_first(many->gather, error);
    if (!status)
        status = wr_unused_add(&many->entries, settings, error);
    if (!status)
        status = wr_many_check_paths(settings, &many->entries, error);
    many->may_report = !status;
    if (!status)
        status = wr_many_check_jobs(settings, &many->entries, error);
    many->made_folder = settings->job.output && access(settings->job.output, F_OK);
    if (!status && settings->job.output)
        status = make_folder(settings->job.output, "output", error);
    if (!status && settings->expect_update && settings->job.expect)
        status = make_folder(settings->job.expect, "expected", error);
    if (!status)
        status = wr_paths_check(settings, error);
    if (!status && settings->job.output)
        status = wr_journal_open(&many->journal, settings->job.output, error);
    return status;
}

// Entries that have not ended.
static int count_left(const struct wr_entries *entries)
{
    int left = 0;
    for (int n = 0; n < entries->count; n++)
        left += entries->items[n]->state == WR_ENTRY_WAITING ||
                entries->items[n]->state == WR_ENTRY_RUNNING;
    return left;
}

static enum wr_status open_crew(struct many *many, struct wr_error *error)
{
    const int jobs = wr_many_choose_jobs(many->settings, &many->entries);
    const enum wr_status shown =
        wr_overview_open(&many->overview, many->console, many->settings, jobs, error);
    if (shown)
        return shown;
    wr_overview_set_left(many->overview, count_left(&many->entries));
    wr_console_say(many->console, WR_SAY_INFO, "up to %d file%s at the same time", jobs,
                   jobs == 1 ? "" : "s");
    const struct wr_crew_options options = {
        .settings = many->settings,
        .entries = &many->entries,
        .engine = many->engine,
        .signals = many->signals,
        .console = many->console,
        .overview = many->overview,
        .journal = many->journal,
        .jobs = jobs,
    };
    struct wr_crew *crew;
    const enum wr_status status = wr_crew_open(&crew, &options, error);
    __atomic_store_n(&many->crew, crew, __ATOMIC_RELEASE);
    many->has_begun = !status;
    return status;
}

// Says what cannot even be tried, such as a folder that cannot be read, when it is found.
static void say_left_out(const struct many *many)
{
    for (int n = 0; n < many->entries.count; n++) {
        struct wr_entry *const entry = many->entries.items[n];
        const bool is_left_out = entry->is_other && (entry->state == WR_ENTRY_FAILED ||
                                                     entry->state == WR_ENTRY_DIFFERS);
        if (is_left_out && !entry->is_said)
            wr_console_say(many->console, WR_SAY_ERROR, "%s%s",
                           wr_entry_prefix(entry, entry->sentence), entry->sentence);
        entry->is_said |= is_left_out;
    }
}

// Adds files as they arrive, until a signal ends the run. That is the usual end, and no failure.
static enum wr_status watch(struct many *many, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    while (!status && wr_crew_wait(many->crew, INTERVAL)) {
        wr_crew_pause(many->crew);
        status = wr_gather_again(many->gather, error);
        wr_overview_set_left(many->overview, count_left(&many->entries));
        say_left_out(many);
        wr_crew_resume(many->crew);
    }
    return status;
}

static enum wr_status run(struct many *many, struct wr_error *error)
{
    const struct wr_signal_hooks hooks = {many, show, stop};
    enum wr_status status = wr_signals_open(&many->signals, &hooks, error);
    struct wr_engine_options engine = many->settings->engine;
    say_left_out(many);
    engine.jobs = many->settings->many.watch ? ARRIVALS : many->entries.count;
    if (!status)
        status = wr_engine_open(&many->engine, &engine, error);
    if (!status)
        status = open_crew(many, error);
    if (!status && many->settings->many.watch)
        status = watch(many, error);
    if (many->crew)
        wr_crew_finish(many->crew);
    return status;
}

// Where the run could not begin, the run is the one case that failed.
static enum wr_status write_junit(const struct many *many, const struct wr_error *reason,
                                  struct wr_error *error)
{
    const char *const path = many->settings->junit;
    const struct wr_junit_case run = {
        .name = wr_many_name(many->settings), .status = reason->status, .sentence = reason->text};
    return !path              ? WR_OK
           : !many->has_begun ? wr_junit_write(path, &run, 1, error)
                              : wr_result_write_junit(path, &many->entries, error);
}

// Says and writes what is asked for, also of a run that could not begin, or that was broken off.
static enum wr_status conclude(struct many *many, enum wr_status run, struct wr_error *error)
{
    const char *const path = many->settings->report;
    if (many->has_begun)
        wr_result_say(&many->entries, many->console);
    const enum wr_status status = run ? run : wr_result_status(&many->entries, error);
    struct wr_error trouble = {0};
    enum wr_status written = write_junit(many, error, &trouble);
    if (!written && path)
        written =
            wr_result_write(path, &many->entries, &many->work, status ? error : NULL, &trouble);
    if (written && run) {
        wr_console_say(many->console, WR_SAY_ERROR, "%s", trouble.text);
        return run;
    }
    if (written)
        *error = trouble;
    return written ? written : status;
}

// Signals stay ours: one that comes now would leave what is asked for unwritten. What is written
// may wait for a pipe for ever, so a first signal ends that, and a third in any case.
static enum wr_status conclude_undisturbed(struct many *many, enum wr_status run,
                                           struct wr_error *error)
{
    const bool ends_by_signal = many->signals && wr_signals_begin(many->signals);
    const enum wr_status status = conclude(many, run, error);
    if (ends_by_signal)
        wr_signals_end(many->signals, NULL);
    return status;
}

static void close_all(struct many *many)
{
    wr_signals_drop_hooks(many->signals);
    wr_crew_close(&many->crew);
    wr_overview_close(&many->overview);
    if (many->engine)
        wr_engine_report(many->engine, &many->work);
    wr_engine_close(&many->engine);
    wr_journal_close(&many->journal);
    if (many->made_folder) // where every file failed, nothing is in it
        wr_name_drop_empty_folders(many->settings->job.output);
    wr_gather_close(&many->gather);
}

enum wr_status wr_many_run(struct wr_settings *settings, struct wr_console *console,
                           struct wr_error *error)
{
    struct many many = {.settings = settings, .console = console};
    enum wr_status status = prepare(&many, error);
    if (!status)
        status = run(&many, error);
    close_all(&many);
    if (many.may_report)
        status = conclude_undisturbed(&many, status, error);
    wr_signals_close(&many.signals);
    wr_entries_close(&many.entries);
    return status;
}
