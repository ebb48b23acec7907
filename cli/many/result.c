// SPDX-License-Identifier: MIT
// Counts the entries by their states.
#include "cli/many/result.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/json.h"
#include "cli/junit.h"
#include "cli/report.h"

enum { STATES = WR_ENTRY_INTERRUPTED + 1 };

static void count_states(const struct wr_entries *entries, int counts[STATES])
{
    for (int state = 0; state < STATES; state++)
        counts[state] = 0;
    for (int n = 0; n < entries->count; n++)
        counts[entries->items[n]->state]++;
}

void wr_result_say(const struct wr_entries *entries, struct wr_console *console)
{
    int counts[STATES];
    count_states(entries, counts);
    for (int n = 0; n < entries->count; n++) {
        const struct wr_entry *const entry = entries->items[n];
        if (entry->state != WR_ENTRY_DONE)
            wr_console_say(console, WR_SAY_SUMMARY, "%-11s  %s%s",
                           wr_entry_state_name(entry->state),
                           wr_entry_prefix(entry, entry->sentence),
                           *entry->sentence ? entry->sentence : entry->input);
    }
    char differing[48] = "";
    if (counts[WR_ENTRY_DIFFERS])
        snprintf(differing, sizeof(differing), "%d not as expected, ", counts[WR_ENTRY_DIFFERS]);
    wr_console_say(console, WR_SAY_SUMMARY,
                   "%d file%s: %d done, %s%d damaged, %d failed, %d skipped, %d not done",
                   entries->count, entries->count == 1 ? "" : "s", counts[WR_ENTRY_DONE], differing,
                   counts[WR_ENTRY_DAMAGED], counts[WR_ENTRY_FAILED], counts[WR_ENTRY_SKIPPED],
                   counts[WR_ENTRY_WAITING] + counts[WR_ENTRY_INTERRUPTED]);
}

enum wr_status wr_result_status(const struct wr_entries *entries, struct wr_error *error)
{
    int counts[STATES];
    count_states(entries, counts);
    if (counts[WR_ENTRY_INTERRUPTED] || counts[WR_ENTRY_WAITING])
        return wr_fail(error, WR_INTERRUPTED, "interrupted");
    if (counts[WR_ENTRY_FAILED])
        return wr_fail(error, WR_FAILED, "%d of %d files failed", counts[WR_ENTRY_FAILED],
                       entries->count);
    if (counts[WR_ENTRY_DIFFERS])
        return wr_fail(error, WR_DIFFERS, "%d of %d files %s not as expected",
                       counts[WR_ENTRY_DIFFERS], entries->count,
                       counts[WR_ENTRY_DIFFERS] == 1 ? "is" : "are");
    if (counts[WR_ENTRY_DAMAGED])
        return wr_fail(error, WR_DAMAGED, "%d of %d files %s damaged", counts[WR_ENTRY_DAMAGED],
                       entries->count, counts[WR_ENTRY_DAMAGED] == 1 ? "was" : "were");
    return WR_OK;
}

static json_t *describe(const struct wr_entry *entry)
{
    json_t *const o =
        json_pack("{s:o, s:o, s:s}", "input", wr_json_text(entry->input), "output",
                  wr_json_text(entry->output), "state", wr_entry_state_name(entry->state));
    json_object_set_new(o, "reason",
                        *entry->sentence ? wr_json_text(entry->sentence) : json_null());
    json_object_set_new(o, "report", entry->report ? json_incref(entry->report) : json_null());
    return o;
}

enum wr_status wr_result_write(const char *path, const struct wr_entries *entries,
                               const struct wr_engine_report *engine, const struct wr_error *reason,
                               struct wr_error *error)
{
    int counts[STATES];
    count_states(entries, counts);
    json_t *const jobs = json_array(), *const states = json_object();
    for (int n = 0; n < entries->count; n++)
        json_array_append_new(jobs, describe(entries->items[n]));
    for (int state = 0; state < STATES; state++)
        if (state != WR_ENTRY_RUNNING)
            json_object_set_new(states, wr_entry_state_name(state), json_integer(counts[state]));
    json_t *const all =
        json_pack("{s:s, s:s, s:i, s:o, s:i, s:o, s:o}", "warpreel", wr_version(), "ffmpeg",
                  wr_libav_version(), "exit_code", reason ? (int)reason->status : 0, "reason",
                  reason ? wr_json_text(reason->text) : json_null(), "files", entries->count,
                  "states", states, "jobs", jobs);
    if (all)
        json_object_set_new(
            all, "engine",
            json_pack("{s:I, s:I, s:I, s:I}", "batches", (json_int_t)engine->batches, "slots",
                      (json_int_t)engine->slots, "frames", (json_int_t)engine->frames,
                      "peak_held_bytes", (json_int_t)engine->peak_bytes));
    return wr_report_write_json(path, all, error);
}

// ---- JUnit

static enum wr_status status_of(enum wr_entry_state state)
{
    switch (state) {
    case WR_ENTRY_DONE:
    case WR_ENTRY_SKIPPED:
    case WR_ENTRY_WAITING:
        return WR_OK;
    case WR_ENTRY_DAMAGED:
        return WR_DAMAGED;
    case WR_ENTRY_DIFFERS:
        return WR_DIFFERS;
    default:
        return WR_FAILED;
    }
}

enum wr_status wr_result_write_junit(const char *path, const struct wr_entries *entries,
                                     struct wr_error *error)
{
    struct wr_junit_case *const cases = calloc((size_t)entries->count + 1, sizeof(*cases));
    if (!cases)
        return wr_fail(error, WR_FAILED, "out of memory");
    for (int n = 0; n < entries->count; n++) {
        const struct wr_entry *const entry = entries->items[n];
        const bool is_left = entry->state == WR_ENTRY_WAITING; // the run was interrupted before
        const json_t *const seconds = json_object_get(entry->report, "seconds");
        cases[n] = (struct wr_junit_case){
            .name = entry->input,
            .seconds = json_number_value(json_object_get(seconds, "total")),
            .status = status_of(entry->state),
            .is_skipped = is_left || entry->state == WR_ENTRY_SKIPPED,
            .sentence = is_left ? wr_entry_state_name(entry->state) : entry->sentence,
        };
    }
    const enum wr_status status = wr_junit_write(path, cases, entries->count, error);
    free(cases);
    return status;
}
