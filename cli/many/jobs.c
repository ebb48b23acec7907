// SPDX-License-Identifier: MIT
// Shares out processors and memory by rough numbers: one that is not quite right costs little time.
#include "cli/many/jobs.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PER_JOB (INT64_C(512) << 20) // bytes of memory that one more job should find
#define MOST_JOBS 64                 // as of --jobs

// Bytes that can be had, also of those that hold copies of files for the while.
static int64_t available_memory(void)
{
    FILE *const file = fopen("/proc/meminfo", "r");
    char line[128];
    long long kib = -1;
    while (file && kib < 0 && fgets(line, sizeof(line), file))
        sscanf(line, "MemAvailable: %lld", &kib);
    if (file)
        fclose(file);
    return kib < 0 ? (int64_t)sysconf(_SC_AVPHYS_PAGES) * sysconf(_SC_PAGESIZE)
                   : (int64_t)kib * 1024;
}

// How many processors a job keeps busy. The first video counts for all of them.
static int keeps_busy(const struct wr_settings *settings, const struct wr_entries *entries)
{
    for (int n = 0; n < entries->count; n++)
        if (!entries->items[n]->is_other)
            return wr_job_keeps_busy(&entries->items[n]->settings.job);
    return wr_job_keeps_busy(&settings->job);
}

// Whether the input is live: its frames do not wait until the program has time for them.
static bool is_live(const char *input)
{
    static const char *const protocols[] = {"rtmp", "rtp", "rtsp", "srt", "tcp", "udp"};
    struct stat status;
    for (size_t n = 0; n < sizeof(protocols) / sizeof(*protocols); n++)
        if (!strncmp(input, protocols[n], strlen(protocols[n])) && strstr(input, "://"))
            return true;
    return !stat(input, &status) && S_ISFIFO(status.st_mode);
}

static int count_live(const struct wr_entries *entries)
{
    int count = 0;
    for (int n = 0; n < entries->count; n++)
        count += !entries->items[n]->is_other && is_live(entries->items[n]->input);
    return count;
}

int wr_many_choose_jobs(const struct wr_settings *settings, const struct wr_entries *entries)
{
    if (settings->many.jobs)
        return settings->many.jobs;
    const int64_t memory = available_memory() / PER_JOB;
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    // Two more jobs than keep all processors busy: they work while others start and end.
    int64_t jobs = processors < 2 ? 1 : processors / keeps_busy(settings, entries) + 2;
    jobs = memory < jobs ? memory : jobs;
    if (!settings->many.watch && entries->count < jobs)
        jobs = entries->count;
    const int live = count_live(entries);
    jobs = jobs < live ? live : jobs;
    return jobs < 1 ? 1 : jobs > MOST_JOBS ? MOST_JOBS : (int)jobs;
}
