// SPDX-License-Identifier: MIT
// Writes what is known of ffmpeg's keys.
#include "cli/progress_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INTERVAL 0.5 // seconds between two blocks

// The number of the descriptor that a URL means, -1 for a file.
static int descriptor_of(const char *url)
{
    static const char scheme[] = "pipe:";
    if (!strcmp(url, "-") || !strcmp(url, scheme))
        return STDOUT_FILENO;
    return strncmp(url, scheme, strlen(scheme)) ? -1 : atoi(url + strlen(scheme));
}

const char *wr_progress_file_path(const char *url)
{
    static const char scheme[] = "file:";
    const size_t length = strlen(scheme);
    return !url || descriptor_of(url) >= 0 ? NULL
           : strncmp(url, scheme, length)  ? url
                                           : url + length;
}

enum wr_status wr_progress_file_open(struct wr_progress_file *file, const char *url,
                                     struct wr_error *error)
{
    *file = (struct wr_progress_file){.shown = -INTERVAL};
    if (!url)
        return WR_OK;
    const int number = descriptor_of(url);
    const int copy = number < 0 ? -1 : dup(number);
    const char *const path = wr_progress_file_path(url);
    file->stream = path ? fopen(path, "w") : copy < 0 ? NULL : fdopen(copy, "w");
    return file->stream ? WR_OK
                        : wr_fail(error, WR_FAILED, "cannot write the progress to \"%s\": %s", url,
                                  strerror(errno));
}

// The numbers that are known only at the end; before that "N/A", ffmpeg's word for not known.
static void write_totals(const struct wr_progress_file *file, const struct wr_progress *p,
                         const struct wr_report *report)
{
    if (!report || !report->output.bytes) {
        fprintf(file->stream, "bitrate=N/A\ntotal_size=N/A\n");
        return;
    }
    const double bits = 8 * (double)report->output.bytes;
    fprintf(file->stream, "bitrate=%.1fkbits/s\ntotal_size=%lld\n",
            p->position > 0 ? bits / p->position / 1000 : 0, (long long)report->output.bytes);
}

static void write_frame_counts(const struct wr_progress_file *file, const struct wr_report *report)
{
    int64_t repeated = 0, dropped = 0;
    for (int n = 0; n < report->stage_count; n++) {
        repeated += report->stages[n].repeated;
        dropped += report->stages[n].dropped;
    }
    fprintf(file->stream, "dup_frames=%lld\ndrop_frames=%lld\n", (long long)repeated,
            (long long)dropped);
}

static void write_block(const struct wr_progress_file *file, const struct wr_progress *p,
                        const struct wr_report *report, const char *state)
{
    const int64_t time = (int64_t)(p->position * 1e6);
    const int seconds = (int)(time / 1000000);
    fprintf(file->stream, "frame=%lld\nfps=%.2f\n", (long long)p->frames_out,
            p->elapsed > 0 ? (double)p->frames_out / p->elapsed : 0);
    write_totals(file, p, report);
    fprintf(file->stream, "out_time_us=%lld\nout_time_ms=%lld\nout_time=%02d:%02d:%02d.%06d\n",
            (long long)time, (long long)time, seconds / 3600, seconds / 60 % 60, seconds % 60,
            (int)(time % 1000000));
    if (report)
        write_frame_counts(file, report);
    fprintf(file->stream, "speed=%.3gx\nprogress=%s\n",
            p->elapsed > 0 ? p->position / p->elapsed : 0, state);
    fflush(file->stream);
}

void wr_progress_file_update(struct wr_progress_file *file, const struct wr_progress *progress)
{
    if (!file->stream || progress->elapsed - file->shown < INTERVAL)
        return;
    file->shown = progress->elapsed;
    write_block(file, progress, NULL, "continue");
}

void wr_progress_file_close(struct wr_progress_file *file, const struct wr_progress *progress,
                            const struct wr_report *report)
{
    if (!file->stream)
        return;
    write_block(file, progress, report, "end");
    fclose(file->stream);
    file->stream = NULL;
}
