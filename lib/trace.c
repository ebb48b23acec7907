// SPDX-License-Identifier: MIT
// Collects spans and writes them in the Trace Event Format's "complete events".
#include "lib/trace.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BUFFERED = 1024 }; // spans of a track between two visits to the file

struct wr_track {
    struct wr_trace *trace;
    struct wr_track *next;
    int number, count;
    struct wr_span spans[BUFFERED];
};

struct wr_trace {
    FILE *file;
    char *path;
    double started;
    struct wr_track *tracks; // the newest first
    bool out_of_memory;
    pthread_mutex_t lock; // of the file and the list of tracks
};

double wr_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static enum wr_status explain(const char *path, int cause, struct wr_error *error)
{
    return wr_fail(error, WR_FAILED, "cannot write the trace \"%s\": %s", path, strerror(cause));
}

static FILE *open_file(const char *path)
{
    if (strcmp(path, "-"))
        return fopen(path, "w");
    const int copy = dup(STDOUT_FILENO);
    FILE *file = copy < 0 ? NULL : fdopen(copy, "w");
    if (!file && copy >= 0)
        close(copy);
    return file;
}

enum wr_status wr_trace_open(struct wr_trace **trace, const char *path, struct wr_error *error)
{
    *trace = NULL;
    struct wr_trace *t = calloc(1, sizeof *t);
    char *copy = strdup(path);
    FILE *file = t && copy ? open_file(path) : NULL;
    if (!file) {
        const int cause = t && copy ? errno : ENOMEM;
        free(copy);
        free(t);
        return explain(path, cause, error);
    }
    t->file = file;
    t->path = copy;
    t->started = wr_now();
    pthread_mutex_init(&t->lock, NULL);
    fprintf(file,
            "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n"
            "{\"ph\":\"M\",\"pid\":%ld,\"tid\":0,\"name\":\"process_name\","
            "\"args\":{\"name\":\"warpreel\"}}",
            (long)getpid());
    *trace = t;
    return WR_OK;
}

// The first track comes first in the picture, too.
static void write_name(const struct wr_track *track, const char *name)
{
    FILE *file = track->trace->file;
    const long process = (long)getpid();
    fprintf(file,
            ",\n{\"ph\":\"M\",\"pid\":%ld,\"tid\":%d,\"name\":\"thread_name\","
            "\"args\":{\"name\":\"%s\"}}",
            process, track->number, name);
    fprintf(file,
            ",\n{\"ph\":\"M\",\"pid\":%ld,\"tid\":%d,\"name\":\"thread_sort_index\","
            "\"args\":{\"sort_index\":%d}}",
            process, track->number, track->number);
}

struct wr_track *wr_trace_track(struct wr_trace *trace, const char *name, ...)
{
    if (!trace)
        return NULL;
    char text[128];
    va_list arguments;
    va_start(arguments, name);
    vsnprintf(text, sizeof text, name, arguments);
    va_end(arguments);

    struct wr_track *track = calloc(1, sizeof *track);
    pthread_mutex_lock(&trace->lock);
    if (track) {
        track->trace = trace;
        track->next = trace->tracks;
        track->number = trace->tracks ? trace->tracks->number + 1 : 1;
        trace->tracks = track;
        write_name(track, text);
    } else {
        trace->out_of_memory = true;
    }
    pthread_mutex_unlock(&trace->lock);
    return track;
}

static int64_t nanoseconds(const struct wr_trace *trace, double time)
{
    return (int64_t)((time - trace->started) * 1e9);
}

// Microseconds with three decimals, without the locale's comma. Both ends are rounded, not the
// length, so that spans that touch or nest still do.
static void write_span(const struct wr_track *track, const struct wr_span *span, long process)
{
    FILE *file = track->trace->file;
    const int64_t start = nanoseconds(track->trace, span->start);
    const int64_t length = nanoseconds(track->trace, span->end) - start;
    fprintf(file, ",\n{\"ph\":\"X\",\"pid\":%ld,\"tid\":%d,\"ts\":%lld.%03d,\"dur\":%lld.%03d,",
            process, track->number, (long long)(start / 1000), (int)(start % 1000),
            (long long)(length / 1000), (int)(length % 1000));
    fprintf(file, "\"name\":\"%s\",\"cat\":\"%s\"", span->name, span->category);
    if (span->key)
        fprintf(file, ",\"args\":{\"%s\":%lld}", span->key, (long long)span->number);
    fputc('}', file);
}

static void write_spans(struct wr_track *track)
{
    const long process = (long)getpid();
    for (int n = 0; n < track->count; n++)
        write_span(track, &track->spans[n], process);
    track->count = 0;
}

void wr_track_add(struct wr_track *track, const struct wr_span *span)
{
    if (!track)
        return;
    if (track->count == BUFFERED) {
        pthread_mutex_lock(&track->trace->lock);
        write_spans(track);
        pthread_mutex_unlock(&track->trace->lock);
    }
    track->spans[track->count++] = *span;
}

enum wr_status wr_trace_close(struct wr_trace **trace, struct wr_error *error)
{
    struct wr_trace *t = *trace;
    if (!t)
        return WR_OK;
    while (t->tracks) {
        struct wr_track *track = t->tracks;
        write_spans(track);
        t->tracks = track->next;
        free(track);
    }
    errno = 0;
    fputs("\n]}\n", t->file);
    const bool failed = ferror(t->file);
    const int cause = fclose(t->file) || failed ? (errno ? errno : EIO)
                      : t->out_of_memory        ? ENOMEM
                                                : 0;
    const enum wr_status status = cause ? explain(t->path, cause, error) : WR_OK;
    pthread_mutex_destroy(&t->lock);
    free(t->path);
    free(t);
    *trace = NULL;
    return status;
}
