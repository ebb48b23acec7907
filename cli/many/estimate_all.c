// SPDX-License-Identifier: MIT
// Gathers the inputs as a run does, and sums up what jobs would hold that run at the same time.
#include "cli/many/estimate_all.h"

#include <string.h>

#include "cli/estimate.h"
#include "cli/many/check.h"
#include "cli/many/entries.h"
#include "cli/many/gather.h"
#include "cli/many/jobs.h"
#include "cli/report.h"

static enum wr_status gather(struct wr_entries *entries, const struct wr_settings *settings,
                             struct wr_error *error)
{
    struct wr_gather *gather = NULL;
    enum wr_status status = wr_gather_open(&gather, settings, entries, error);
    if (!status)
        status = wr_gather_first(gather, error);
    if (!status)
        status = wr_many_check_paths(settings, entries, error);
    if (!status)
        status = wr_many_check_jobs(settings, entries, error);
    wr_gather_close(&gather);
    return status;
}

// What is wrong with one input is said. What is wrong with the options holds for all.
static enum wr_status add_all(struct wr_estimates *estimates, const struct wr_entries *entries,
                              struct wr_console *console, int *failed, struct wr_error *error)
{
    for (int n = 0; n < entries->count; n++) {
        const struct wr_entry *const entry = entries->items[n];
        struct wr_error reason;
        const enum wr_status status =
            entry->is_other ? WR_OK : wr_estimates_add(estimates, &entry->settings.job, &reason);
        if (status == WR_USAGE)
            return wr_fail(error, status, "%s", reason.text);
        if (status)
            wr_console_say(console, WR_SAY_ERROR, "%s%s", wr_entry_prefix(entry, reason.text),
                           reason.text);
        *failed += status != WR_OK;
    }
    return WR_OK;
}

static enum wr_status tell(const struct wr_estimate *estimate, const char *report,
                           struct wr_error *error)
{
    const bool is_json = report && !strcmp(report, "-");
    const enum wr_status status = is_json ? WR_OK : wr_estimate_print(estimate, error);
    return status || !report ? status : wr_report_write_estimate(report, estimate, error);
}

enum wr_status wr_many_estimate(struct wr_settings *settings, struct wr_console *console,
                                struct wr_error *error)
{
    struct wr_entries entries = {0};
    struct wr_estimates *estimates = NULL;
    int failed = 0;
    enum wr_status status = gather(&entries, settings, error);
    struct wr_engine_options engine = settings->engine;
    engine.jobs = entries.count;
    if (!status)
        status = wr_estimates_open(&estimates, &engine, error);
    if (!status)
        status = add_all(estimates, &entries, console, &failed, error);
    if (!status) {
        struct wr_estimate estimate;
        wr_estimates_sum(estimates, wr_many_choose_jobs(settings, &entries), &estimate);
        status = tell(&estimate, settings->report, error);
    }
    if (!status && failed)
        status = wr_fail(error, WR_FAILED, "%d of %d files failed", failed, entries.count);
    wr_estimates_close(&estimates);
    wr_entries_close(&entries);
    return status;
}
