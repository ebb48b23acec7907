// SPDX-License-Identifier: MIT
// Goes from one part of an output to the next.
#include "cli/parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/paths.h"

enum wr_status wr_parts_check(const struct wr_settings *settings, struct wr_error *error)
{
    const struct wr_job_options *job = &settings->job;
    const char *stream = wr_path_is_stream(job->input)                   ? job->input
                         : job->output && wr_path_is_stream(job->output) ? job->output
                                                                         : NULL;
    return job->on_change == WR_ON_CHANGE_SPLIT && stream
               ? wr_fail(error, WR_USAGE, "--%s=split needs files, and \"%s\" is none",
                         wr_option_name(job.on_change), stream)
               : WR_OK;
}

// "folder/out.mp4" becomes "folder/out-2.mp4". To be freed; NULL for no name, or standard output.
static char *numbered(const char *path, int number)
{
    char *name = NULL;
    if (!path || !strcmp(path, "-"))
        return NULL;
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    const char *dot = strrchr(base, '.'), *suffix = dot && dot > base ? dot : path + strlen(path);
    return asprintf(&name, "%.*s-%d%s", (int)(suffix - path), path, number, suffix) < 0 ? NULL
                                                                                        : name;
}

bool wr_part_next(struct wr_part *part, const struct wr_settings *whole,
                  const struct wr_report *report)
{
    struct wr_settings *settings = &part->settings;
    const char *const names[] = {whole->job.output, whole->job.trace, whole->report,
                                 whole->memory_plot};
    const char **const fields[] = {&settings->job.output, &settings->job.trace, &settings->report,
                                   &settings->memory_plot};
    if (report->next_start <= 0)
        return false;
    part->number++;
    for (int n = 0; n < 4; n++) {
        free(part->names[n]);
        part->names[n] = numbered(names[n], part->number);
        *fields[n] = part->names[n] ? part->names[n] : names[n];
    }
    // Downwards: a start between two frames begins with the later one.
    snprintf(part->start, sizeof part->start, "%.6f", floor(report->next_start * 1e6) / 1e6);
    settings->job.start = part->start;
    if (settings->job.frames >= 0)
        settings->job.frames -= report->frames_out;
    return part->names[0] != NULL && settings->job.frames != 0;
}

void wr_part_free(struct wr_part *part)
{
    for (int n = 0; n < 4; n++)
        free(part->names[n]);
}
