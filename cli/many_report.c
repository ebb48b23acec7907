// SPDX-License-Identifier: MIT
// Counts what became of files, and puts it into sentences and JSON.
#include "cli/many_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json.h"
#include "cli/report.h"

enum fate { DONE, DAMAGED, FAILED, INTERRUPTED, DONE_BEFORE, LEFT_OUT, FATES };

static const char *const fate_names[] = {
    [DONE] = "done",
    [DAMAGED] = "damaged",
    [FAILED] = "failed",
    [INTERRUPTED] = "interrupted",
    [DONE_BEFORE] = "done before",
    [LEFT_OUT] = "left out",
};

static enum fate fate_of(const struct wr_task *task, const struct wr_result *result)
{
    if (task->left_out)
        return strcmp(task->left_out, WR_DONE_BEFORE) ? LEFT_OUT : DONE_BEFORE;
    if (!result->is_begun || result->status == WR_INTERRUPTED)
        return INTERRUPTED;
    return result->status == WR_OK ? DONE : result->status == WR_DAMAGED ? DAMAGED : FAILED;
}

// Why a file is not simply done; NULL where it is.
static const char *reason_of(const struct wr_task *task, const struct wr_result *result)
{
    if (task->left_out)
        return task->left_out;
    if (!result->is_begun)
        return "not begun";
    return result->status ? result->error.text : NULL;
}

enum wr_status wr_results_open(struct wr_results *results, int count, struct wr_error *error)
{
    results->items = calloc((size_t)count, sizeof *results->items);
    results->count = count;
    return results->items ? WR_OK : wr_fail(error, WR_FAILED, "out of memory");
}

void wr_result_keep(struct wr_result *result, const struct wr_report *report, enum wr_status status)
{
    result->report = wr_report_json(report, status, &result->error);
}

// ---- sentences

static void say_rows(const struct wr_results *results, const struct wr_tasks *tasks,
                     struct wr_console *console)
{
    for (int n = 0; n < results->count; n++) {
        const struct wr_task *task = &tasks->items[n];
        const enum fate fate = fate_of(task, &results->items[n]);
        const char *reason = reason_of(task, &results->items[n]);
        const enum wr_say kind = fate == DONE || fate == DONE_BEFORE ? WR_SAY_INFO : WR_SAY_SUMMARY;
        wr_console_say(console, kind, "%-11s %s%s%s", fate_names[fate], task->input,
                       reason && fate != DONE_BEFORE ? ": " : "",
                       reason && fate != DONE_BEFORE ? reason : "");
    }
}

static void say_counts(const int counts[FATES], int files, char *text, size_t size)
{
    int used = snprintf(text, size, "%d file%s", files, files == 1 ? "" : "s");
    for (int fate = 0; fate < FATES; fate++)
        if (counts[fate])
            used += snprintf(text + used, size - (size_t)used, "%s %d %s",
                             strchr(text, ':') ? "," : ":", counts[fate], fate_names[fate]);
}

// ---- JSON

static json_t *file_json(const struct wr_task *task, const struct wr_result *result)
{
    const char *reason = reason_of(task, result);
    json_t *o = json_object();
    json_object_set_new(o, "input", wr_json_text(task->input));
    json_object_set_new(o, "output", wr_json_text(task->output));
    json_object_set_new(o, "outcome", json_string(fate_names[fate_of(task, result)]));
    json_object_set_new(o, "reason", wr_json_text(reason));
    json_object_set_new(o, "report", result->report ? json_incref(result->report) : json_null());
    return o;
}

static json_t *run_json(const struct wr_results *results, const struct wr_tasks *tasks,
                        const struct wr_engine_report *engine, const int counts[FATES],
                        enum wr_status status)
{
    json_t *files = json_array(), *numbers = json_object();
    for (int n = 0; n < results->count; n++)
        json_array_append_new(files, file_json(&tasks->items[n], &results->items[n]));
    for (int fate = 0; fate < FATES; fate++)
        json_object_set_new(numbers, fate_names[fate], json_integer(counts[fate]));
    return json_pack("{s:s, s:i, s:o, s:{s:I, s:I, s:I}, s:o}", "warpreel", wr_version(),
                     "exit_code", (int)status, "counts", numbers, "batches", "batches",
                     (json_int_t)engine->batches, "slots", (json_int_t)engine->slots, "frames",
                     (json_int_t)engine->frames, "files", files);
}

// ---- the whole run

static enum wr_status status_of(const int counts[FATES], bool interrupted)
{
    return interrupted       ? WR_INTERRUPTED
           : counts[FAILED]  ? WR_FAILED
           : counts[DAMAGED] ? WR_DAMAGED
                             : WR_OK;
}

enum wr_status wr_results_tell(const struct wr_results *results, const struct wr_tasks *tasks,
                               const struct wr_engine_report *engine, bool interrupted,
                               const struct wr_settings *settings, struct wr_console *console,
                               struct wr_error *error)
{
    int counts[FATES] = {0};
    char text[256];
    for (int n = 0; n < results->count; n++)
        counts[fate_of(&tasks->items[n], &results->items[n])]++;
    const enum wr_status status = status_of(counts, interrupted);
    say_rows(results, tasks, console);
    say_counts(counts, results->count, text, sizeof text);
    wr_console_say(console, WR_SAY_INFO, "%lld of %lld slots of batches held a frame",
                   (long long)engine->frames, (long long)engine->slots);
    if (status)
        wr_fail(error, status, "%s", text);
    else
        wr_console_say(console, WR_SAY_SUMMARY, "%s", text);
    if (!settings->report)
        return status;
    struct wr_error trouble;
    const enum wr_status written = wr_report_write_json(
        settings->report, run_json(results, tasks, engine, counts, status), &trouble);
    if (written && status)
        wr_console_say(console, WR_SAY_ERROR, "%s", trouble.text);
    else if (written)
        *error = trouble;
    return status ? status : written;
}

void wr_results_close(struct wr_results *results)
{
    for (int n = 0; n < results->count && results->items; n++)
        json_decref(results->items[n].report);
    free(results->items);
    *results = (struct wr_results){0};
}
