// SPDX-License-Identifier: MIT
// Collects spans and writes them in the Trace Event Format's "complete events".
#include "lib/base/trace.h"

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
    char name[128];
    struct wr_span spans[BUFFERED];
};

struct wr_trace {
    FILE *file; // NULL until the trace begins
    char *path;
    int cause; // why there is no file, or not all in it; 0 if all is well
    double started;
    struct wr_track *tracks; // the newest first
    pthread_mutex_t lock;    // of the file and the list of tracks
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
    struct wr_trace *t = *trace = calloc(1, sizeof *t);
    if (!t || !(t->path = strdup(path))) {
        free(t);
        *trace = NULL;
        return explain(path, ENOMEM, error);
    }
    t->started = wr_now();
    pthread_mutex_init(&t->lock, NULL);
    return WR_OK;
}

// Opens the file unless that was tried before. False if there is none, for t->cause.
static bool has_file(struct wr_trace *t)
{
    if (t->file || t->cause)
        return t->file;
    t->file = open_file(t->path);
    if (!t->file) {
        t->cause = errno;
        return false;
    }
    fprintf(t->file,
            "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n"
            "{\"ph\":\"M\",\"pid\":%ld,\"tid\":0,\"name\":\"process_name\","
            "\"args\":{\"name\":\"warpreel\"}}",
            (long)getpid());
    return true;
}

struct wr_track *wr_trace_track(struct wr_trace *trace, const char *name, ...)
{
    if (!trace)
        return NULL;
    struct wr_track *track = calloc(1, sizeof *track);
    pthread_mutex_lock(&trace->lock);
    if (track) {
        track->trace = trace;
        track->next = trace->tracks;
        track->number = trace->tracks ? trace->tracks->number + 1 : 1;
        trace->tracks = track;
        va_list arguments;
        va_start(arguments, name);
        vsnprintf(track->name, sizeof track->name, name, arguments);
        va_end(arguments);
    } else {
        trace->cause = ENOMEM;
    }
    pthread_mutex_unlock(&trace->lock);
    return track;
}

// The first track comes first in the picture, too.
static void write_name(const struct wr_track *track)
{
    FILE *file = track->trace->file;
    const long process = (long)getpid();
    fprintf(file,
            ",\n{\"ph\":\"M\",\"pid\":%ld,\"tid\":%d,\"name\":\"thread_name\","
            "\"args\":{\"name\":\"%s\"}}",
            process, track->number, track->name);
    fprintf(file,
            ",\n{\"ph\":\"M\",\"pid\":%ld,\"tid\":%d,\"name\":\"thread_sort_index\","
            "\"args\":{\"sort_index\":%d}}",
            process, track->number, track->number);
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
}

void wr_track_add(struct wr_track *track, const struct wr_span *span)
{
    if (!track)
        return;
    if (track->count == BUFFERED) {
        pthread_mutex_lock(&track->trace->lock);
        if (has_file(track->trace))
            write_spans(track);
        track->count = 0;
        pthread_mutex_unlock(&track->trace->lock);
    }
    track->spans[track->count++] = *span;
}

// Ends the file. What went wrong first counts.
static void end_file(struct wr_trace *t)
{
    errno = 0;
    fputs("\n]}\n", t->file);
    const bool failed = ferror(t->file);
    if ((fclose(t->file) || failed) && !t->cause)
        t->cause = errno ? errno : EIO;
}

enum wr_status wr_trace_close(struct wr_trace **trace, struct wr_error *error)
{
    struct wr_trace *t = *trace;
    if (!t)
        return WR_OK;
    const bool open = has_file(t);
    while (t->tracks) {
        struct wr_track *track = t->tracks;
        if (open) {
            write_name(track);
            write_spans(track);
        }
        t->tracks = track->next;
        free(track);
    }
    if (open)
        end_file(t);
    const enum wr_status status = t->cause ? explain(t->path, t->cause, error) : WR_OK;
    pthread_mutex_destroy(&t->lock);
    free(t->path);
    free(t);
    *trace = NULL;
    return status;
}

enum wr_status wr_trace_begin(struct wr_trace **trace, struct wr_error *error)
{
    if (!*trace)
        return WR_OK;
    pthread_mutex_lock(&(*trace)->lock);
    const bool begun = has_file(*trace);
    pthread_mutex_unlock(&(*trace)->lock);
    return begun ? WR_OK : wr_trace_close(trace, error);
}
