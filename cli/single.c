// SPDX-License-Identifier: MIT
// Opens an engine and a job for each output, runs the job and writes its report.
#include "cli/single.h"

#include <stdio.h>
#include <string.h>

#include "cli/estimate.h"
#include "cli/expect.h"
#include "cli/junit.h"
#include "cli/memory.h"
#include "cli/parts.h"
#include "cli/paths.h"
#include "cli/plot.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/resume.h"
#include "cli/signals.h"
#include "cli/summary.h"

static void say(void *opaque, enum wr_log_level level, const char *sentence)
{
    const struct wr_display *const display = opaque;
    static const enum wr_say kinds[] = {
        [WR_LOG_WARNING] = WR_SAY_WARNING,
        [WR_LOG_INFO] = WR_SAY_INFO,
        [WR_LOG_LOSS] = WR_SAY_LOSS,
        [WR_LOG_BLOCK] = WR_SAY_BLOCK,
    };
    wr_console_say(display->console, kinds[level], "%s", sentence);
}

static void show(void *opaque, const struct wr_progress *progress)
{
    wr_display_update(opaque, progress);
}

static void show_now(void *display)
{
    wr_display_say(display);
}

static void show_batch(void *opaque, const struct wr_batch_report *batch)
{
    const struct wr_display *const display = opaque;
    wr_memory_say(display->console, batch);
}

// Draws the plan of the filters' memory.
static enum wr_status plot_memory(struct wr_job *job, const struct wr_settings *settings,
                                  struct wr_error *error)
{
    const struct wr_memory_plan *const plan = wr_job_memory_plan(job);
    const struct wr_report *const report = wr_job_report(job);
    char title[4096];
    snprintf(title, sizeof(title), "%s%s%s", *report->chain ? report->chain : "no filters",
             *report->device ? " on " : "", report->device);
    return plan ? wr_plot_write(settings->memory_plot, plan, title, error)
                : wr_fail(error, WR_FAILED, "out of memory");
}

static enum wr_status write_junit(const struct wr_report *report,
                                  const struct wr_settings *settings, enum wr_status status,
                                  const struct wr_error *reason, struct wr_error *error)
{
    const struct wr_junit_case result = {.name = settings->job.input,
                                         .seconds = report->seconds_total,
                                         .status = status,
                                         .sentence = status ? reason->text : NULL};
    return settings->junit ? wr_junit_write(settings->junit, &result, 1, error) : WR_OK;
}

// Writes the report of a run, which may have failed.
static enum wr_status conclude(const struct wr_report *report, const struct wr_settings *settings,
                               struct wr_console *console, enum wr_status status,
                               struct wr_error *error)
{
    if (status == WR_OK || status == WR_DAMAGED || (status == WR_DIFFERS && settings->job.output))
        wr_summary_say(console, report);
    struct wr_error trouble = {0};
    enum wr_status written = write_junit(report, settings, status, error, &trouble);
    if (!written && settings->report)
        written = wr_report_write(settings->report, report, status, error, &trouble);
    if (written) {
        if (status)
            wr_console_say(console, WR_SAY_ERROR, "%s", trouble.text);
        else
            *error = trouble, status = trouble.status;
    }
    return status;
}

// What the parts of an output have in common.
struct run {
    const struct wr_settings *whole;
    struct wr_console *console;
    struct wr_display display;
    struct wr_signals *signals;
    struct wr_engine *engine;
};

static enum wr_status run_job(struct run *run, struct wr_job *job,
                              const struct wr_settings *settings, struct wr_error *error)
{
    wr_signals_hold(run->signals, job);
    const enum wr_status status = settings->memory_plot ? plot_memory(job, settings, error) : WR_OK;
    if (status)
        return status;
    wr_signals_watch(run->signals, job);
    return wr_job_run(job, error);
}

// Runs the job of one part. *has_next: `part` has become the next part, which is to be run.
static enum wr_status run_part(struct run *run, struct wr_part *part, bool *has_next,
                               struct wr_error *error)
{
    struct wr_settings *const settings = &part->settings;
    struct wr_job *job = NULL;
    settings->job.opaque = &run->display;
    settings->job.log = say;
    settings->job.progress = show;
    settings->job.batch_done = settings->memory ? show_batch : NULL;
    if (!wr_signals_begin(run->signals))
        return wr_fail(error, WR_INTERRUPTED, "interrupted");
    const enum wr_status opened = wr_job_open(&job, run->engine, &settings->job, error);
    enum wr_status status = opened ? opened : run_job(run, job, settings, error);
    wr_signals_end(run->signals, opened ? NULL : job);
    wr_display_finish(&run->display);
    // Writing the report cannot be cancelled and may wait for a pipe for ever: a signal ends it.
    const bool ends_by_signal = wr_signals_begin(run->signals);
    if (job)
        status = conclude(wr_job_report(job), settings, run->console, status, error);
    if (ends_by_signal)
        wr_signals_end(run->signals, NULL);
    const bool is_done = status == WR_OK || status == WR_DAMAGED;
    *has_next = is_done && wr_part_next(part, run->whole, wr_job_report(job));
    if (!*has_next)
        wr_progress_file_close(&run->display.file, &run->display.latest,
                               job ? wr_job_report(job) : NULL);
    wr_job_close(&job);
    return status;
}

static enum wr_status run_parts(struct run *run, struct wr_error *error)
{
    struct wr_part part = {.settings = *run->whole, .number = 1};
    struct wr_error damage = {0};
    enum wr_status status = WR_OK;
    bool has_next = true;
    while (!status && has_next) {
        status = run_part(run, &part, &has_next, error);
        if (status == WR_DAMAGED) {
            damage = *error;
            status = WR_OK;
        }
    }
    wr_part_free(&part);
    if (!status && damage.status)
        *error = damage;
    return status ? status : damage.status;
}

static enum wr_status process(const struct wr_settings *settings, struct wr_console *console,
                              struct wr_error *error)
{
    struct run run = {.whole = settings, .console = console};
    const struct wr_signal_hooks hooks = {&run.display, show_now, NULL};
    wr_display_open(&run.display, console, settings->progress);
    enum wr_status status = wr_paths_check(settings, error);
    if (!status)
        status = wr_parts_check(settings, error);
    if (!status)
        status = wr_progress_file_open(&run.display.file, settings->progress_to, error);
    if (!status)
        status = wr_signals_open(&run.signals, &hooks, error);
    if (!status)
        status = wr_engine_open(&run.engine, &settings->engine, error);
    if (!status)
        status = run_parts(&run, error);
    wr_signals_close(&run.signals);
    wr_progress_file_close(&run.display.file, &run.display.latest, NULL);
    wr_display_close(&run.display);
    wr_engine_close(&run.engine);
    return status;
}

// An output that is done already is left as it is.
static enum wr_status tell_done(const struct wr_resume *resume, struct wr_console *console,
                                struct wr_error *error)
{
    const struct wr_entry *const entry = &resume->entry;
    if (entry->state == WR_ENTRY_DAMAGED)
        return wr_fail(error, WR_DAMAGED, "%s is done already, of an input that is damaged",
                       entry->output);
    wr_console_say(console, WR_SAY_SUMMARY, "%s is done already", entry->output);
    return WR_OK;
}

enum wr_status wr_single_estimate(struct wr_settings *settings, struct wr_console *console,
                                  struct wr_error *error)
{
    struct wr_estimate estimate;
    struct wr_display display = {.console = console};
    settings->job.opaque = &display;
    settings->job.log = say;
    enum wr_status status = wr_paths_check(settings, error);
    if (status)
        return status;
    struct wr_resume resume;
    status = wr_resume_open(&resume, settings, error);
    const bool is_done = resume.is_done;
    if (!status && is_done)
        status = tell_done(&resume, console, error);
    wr_resume_close(&resume);
    if (status || is_done)
        return status;
    status = wr_estimate(&estimate, &settings->engine, &settings->job, error);
    if (status) {
        struct wr_report failed = {.batch = settings->engine.batch};
        snprintf(failed.input.path, sizeof(failed.input.path), "%s", settings->job.input);
        return conclude(&failed, settings, console, status, error);
    }
    const bool is_json = settings->report && !strcmp(settings->report, "-");
    if (!is_json)
        status = wr_estimate_print(&estimate, error);
    if (!status && settings->report)
        status = wr_report_write_estimate(settings->report, &estimate, error);
    return status;
}

// Finds what the input is compared with by its name without folders.
static enum wr_status settle_expected(struct wr_settings *settings, struct wr_error *error)
{
    const char *const input = settings->job.input, *const slash = strrchr(input, '/');
    const enum wr_status status = wr_expect_settle(settings, slash ? slash + 1 : input, error);
    return status ? status : wr_expect_make_folders(settings, error);
}

static enum wr_status make(struct wr_settings *settings, const struct wr_resume *resume,
                           struct wr_console *console, struct wr_error *error)
{
    settings->job.overwrite |= settings->many.resume;
    const enum wr_status status = process(settings, console, error);
    if (status != WR_OK && status != WR_DAMAGED)
        return status;
    const enum wr_status noted =
        wr_resume_note(resume, status == WR_OK ? WR_ENTRY_DONE : WR_ENTRY_DAMAGED, error);
    return noted ? noted : status;
}

enum wr_status wr_single_run(struct wr_settings *settings, struct wr_console *console,
                             struct wr_error *error)
{
    struct wr_resume resume = {0};
    enum wr_status status = settle_expected(settings, error);
    if (!status)
        status = wr_resume_open(&resume, settings, error);
    if (!status)
        status = resume.is_done ? tell_done(&resume, console, error)
                                : make(settings, &resume, console, error);
    wr_resume_close(&resume);
    return status;
}
