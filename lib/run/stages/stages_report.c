// SPDX-License-Identifier: MIT
// Collects what the stages know. Programs are told of by the batchers that run them.
#include "lib/run/stages/stages_report.h"

#include <stdio.h>

static const char host_place[] = "cpu (FFmpeg's filters)";

// The number of the program's stage, the count of stages for a program of a further input.
static int place_of(const struct wr_stages *stages, const struct wr_stage *program)
{
    int k = 0;
    while (k < stages->count && stages->items[k] != program)
        k++;
    return k;
}

void wr_stages_count(const struct wr_stages *stages, struct wr_report *report)
{
    report->memory = (struct wr_memory){0};
    report->instances = 0;
    report->batches = report->padded_frames = report->redone_batches = 0;
    report->seconds_filter = 0;
    report->stage_count = stages->count;
    snprintf(report->device, sizeof report->device, "%s", host_place); // unless a program says
    for (int k = 0; k < stages->count; k++) {
        const struct wr_stage *stage = stages->items[k];
        struct wr_stage_report *told = &report->stages[k];
        report->seconds_filter += stage->seconds;
        *told = stage->counts;
        snprintf(told->kind, sizeof told->kind, "%s", stage->type->kind);
        snprintf(told->place, sizeof told->place, "%s",
                 wr_is_host_stage(stage) ? host_place : "cpu");
    }
    for (int n = 0; n < stages->program_count; n++) {
        const struct wr_stage *stage = &stages->programs[n]->stage;
        const int k = place_of(stages, stage);
        stage->type->report(stage, report);
        if (k < stages->count)
            snprintf(report->stages[k].place, sizeof report->stages[k].place, "%.100s",
                     report->device);
    }
}

void wr_stages_tell(const struct wr_stages *stages, const struct wr_report *report,
                    const struct wr_log *log)
{
    for (int k = 0; k < stages->count; k++) {
        const struct wr_stage_report *stage = &report->stages[k];
        if (*stage->filters)
            wr_say(log, WR_LOG_INFO, "stage %d, %s, runs on %s: %s", k + 1, stage->filters,
                   stage->place, *stage->why ? stage->why : "warpreel has kernels for this");
    }
}
