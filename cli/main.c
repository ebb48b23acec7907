// SPDX-License-Identifier: MIT
// The program: read the command line, open, run, report, and say how it went.
#include <fcntl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/console.h"
#include "cli/estimate.h"
#include "cli/help.h"
#include "cli/many/many.h"
#include "cli/memory.h"
#include "cli/options.h"
#include "cli/paths.h"
#include "cli/plot.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/signals.h"
#include "cli/summary.h"
#include "lib/warpreel.h"

// Memory of freed frames is kept for the next ones. Given back to the system, it would have to be
// cleared page by page each time.
static void keep_memory(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
#endif
}

// If a standard stream is closed at the start, the output file must not get its number.
static void fill_standard_streams(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

static void say(void *opaque, enum wr_log_level level, const char *sentence)
{
    const struct wr_display *const display = opaque;
    const enum wr_say kind = level == WR_LOG_WARNING ? WR_SAY_WARNING : WR_SAY_INFO;
    wr_console_say(display->console, kind, "%s", sentence);
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
    snprintf(title, sizeof(title), "%s on %s", *report->chain ? report->chain : "no filters",
             report->device);
    return plan ? wr_plot_write(settings->memory_plot, plan, title, error)
                : wr_fail(error, WR_FAILED, "out of memory");
}

// Writes the report of a run, which may have failed.
static enum wr_status conclude(const struct wr_report *report, const struct wr_settings *settings,
                               struct wr_console *console, enum wr_status status,
                               struct wr_error *error)
{
    if (status == WR_OK || status == WR_DAMAGED)
        wr_summary_say(console, report);
    struct wr_error trouble = {0};
    if (settings->report && wr_report_write(settings->report, report, status, error, &trouble)) {
        if (status)
            wr_console_say(console, WR_SAY_ERROR, "%s", trouble.text);
        else
            *error = trouble, status = trouble.status;
    }
    return status;
}

static enum wr_status process(struct wr_settings *settings, struct wr_console *console,
                              struct wr_error *error)
{
    struct wr_engine *engine = NULL;
    struct wr_job *job = NULL;
    struct wr_signals *signals = NULL;
    struct wr_display display;
    wr_display_open(&display, console, settings->progress);
    wr_log_libav(settings->verbose);
    settings->job.opaque = &display;
    settings->job.log = say;
    settings->job.progress = show;
    settings->job.batch_done = settings->memory ? show_batch : NULL;

    enum wr_status status = wr_paths_check(settings, error);
    if (!status)
        status =
            wr_signals_open(&signals, &(struct wr_signal_hooks){&display, show_now, NULL}, error);
    if (!status)
        status = wr_engine_open(&engine, &settings->engine, error);
    if (!status && !wr_signals_begin(signals))
        status = wr_fail(error, WR_INTERRUPTED, "interrupted");
    if (!status)
        status = wr_job_open(&job, engine, &settings->job, error);
    if (!status)
        wr_signals_hold(signals, job);
    if (!status && settings->memory_plot)
        status = plot_memory(job, settings, error);
    if (!status) {
        wr_signals_watch(signals, job);
        status = wr_job_run(job, error);
    }
    wr_signals_close(&signals);
    wr_display_close(&display);
    if (job)
        status = conclude(wr_job_report(job), settings, console, status, error);
    wr_job_close(&job);
    wr_engine_close(&engine);
    return status;
}

static enum wr_status estimate_memory(struct wr_settings *settings, struct wr_console *console,
                                      struct wr_error *error)
{
    struct wr_estimate estimate;
    struct wr_display display = {.console = console};
    wr_log_libav(settings->verbose);
    settings->job.opaque = &display;
    settings->job.log = say;
    enum wr_status status = wr_paths_check(settings, error);
    if (status)
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

int main(int argc, char **argv)
{
    keep_memory();
    fill_standard_streams();
    struct wr_console console = WR_CONSOLE;
    struct wr_settings settings = wr_default_settings();
    struct wr_error error = {0};
    enum wr_status status = wr_settings_parse(&settings, argc, argv, &error);
    if (!status) {
        console.json = settings.progress == WR_PROGRESS_JSON;
        console.quiet = settings.quiet;
        console.verbose = settings.verbose;
        if (settings.repeated)
            wr_console_say(&console, WR_SAY_WARNING,
                           "--%s was given more than once: the last one counts", settings.repeated);
        settings.engine.cpu_level = getenv("WARPREEL_CPU");
        if (!settings.verbose)
            setenv("SVT_LOG", "0", 0); // of all encoders this one can be told in no other way
        status = settings.has_many     ? wr_many_run(&settings, &console, &error)
                 : !settings.job.input ? wr_help(&settings, &error)
                 : settings.estimate   ? estimate_memory(&settings, &console, &error)
                                       : process(&settings, &console, &error);
    }
    if (status)
        wr_console_say(&console, WR_SAY_ERROR, "%s", error.text);
    wr_settings_free(&settings);
    return (int)status;
}
