// SPDX-License-Identifier: MIT
// Sums up what jobs hold that run at the same time. Of jobs that share their programs one counts.
#include <stdlib.h>
#include <string.h>

#include "lib/engine/memory.h"
#include "lib/run/batches/resources.h"
#include "lib/run/estimate.h"

// Jobs that share all programs.
struct group {
    struct wr_estimate estimate; // of one
    struct wr_job_programs programs;
    bool is_counted; // while a sum is made
};

struct wr_estimates {
    struct wr_engine_options engine;
    struct group **groups;
    int64_t *filters; // of each job, what wr_estimate says: these are not shared
    int group_count, jobs;
    int64_t frames;
    bool lacks_frames; // the number of some job's is not known
    bool has_device;   // other than the CPU
};

enum wr_status wr_estimates_open(struct wr_estimates **estimates,
                                 const struct wr_engine_options *engine, struct wr_error *error)
{
    *estimates = NULL;
    const enum wr_status status = wr_resources_check(engine, error);
    struct wr_estimates *new = status ? NULL : calloc(1, sizeof *new);
    if (!new)
        return status ? status : wr_fail(error, WR_FAILED, "out of memory");
    new->engine = *engine;
    *estimates = new;
    return WR_OK;
}

static void close_group(struct group *group)
{
    wr_job_programs_close(&group->programs);
    free(group);
}

static bool is_known(const struct wr_estimates *estimates, const struct group *group)
{
    for (int n = 0; n < estimates->group_count; n++)
        if (wr_job_programs_same(&estimates->groups[n]->programs, &group->programs))
            return true;
    return false;
}

static bool append(struct wr_estimates *estimates, struct group *group)
{
    const size_t room = (size_t)estimates->group_count + 1;
    struct group **longer = realloc(estimates->groups, room * sizeof(struct group *));
    if (!longer)
        return false;
    estimates->groups = longer;
    longer[estimates->group_count++] = group;
    return true;
}

static bool append_filters(struct wr_estimates *estimates, int64_t bytes)
{
    const size_t room = (size_t)estimates->jobs + 1;
    int64_t *longer = realloc(estimates->filters, room * sizeof *longer);
    if (!longer)
        return false;
    estimates->filters = longer;
    longer[estimates->jobs++] = bytes;
    return true;
}

enum wr_status wr_estimates_add(struct wr_estimates *estimates, const struct wr_job_options *job,
                                struct wr_error *error)
{
    struct group *group = calloc(1, sizeof *group);
    if (!group)
        return wr_fail(error, WR_FAILED, "out of memory");
    enum wr_status status = wr_estimate_job(&group->estimate, &group->programs, &estimates->engine,
                                            job, estimates->has_device, error);
    const int64_t frames = group->estimate.frames, filters = group->estimate.filters;
    const bool has_device = wr_estimate_has_device(&group->estimate);
    const bool is_new = !status && !is_known(estimates, group);
    if (is_new && !append(estimates, group))
        status = wr_fail(error, WR_FAILED, "out of memory");
    if (status || !is_new)
        close_group(group);
    if (status)
        return status;
    if (!append_filters(estimates, filters))
        return wr_fail(error, WR_FAILED, "out of memory");
    estimates->frames += frames;
    estimates->lacks_frames |= !frames;
    estimates->has_device |= has_device;
    return WR_OK;
}

void wr_estimates_close(struct wr_estimates **estimates)
{
    struct wr_estimates *old = *estimates;
    if (!old)
        return;
    for (int n = 0; n < old->group_count; n++)
        close_group(old->groups[n]);
    free(old->groups);
    free(old->filters);
    free(old);
    *estimates = NULL;
}

// ---- sums

// What one group takes of that which is summed up.
typedef int64_t measure(const struct wr_estimate *estimate, const char *device, int row);

static const struct wr_device_estimate *find(const struct wr_estimate *estimate, const char *device)
{
    for (int n = 0; n < estimate->device_count; n++)
        if (!strcmp(estimate->devices[n].device, device))
            return &estimate->devices[n];
    return NULL;
}

static int64_t held(const struct wr_estimate *estimate, const char *device, int row)
{
    const struct wr_device_estimate *own = find(estimate, device);
    return own ? wr_memory_held(&own->rows[row].memory) : 0;
}

static int64_t weights(const struct wr_estimate *estimate, const char *device, int row)
{
    (void)device, (void)row;
    return estimate->weights;
}

// The largest group that is not counted yet, which then is; NULL where no other takes anything.
static const struct wr_estimate *take_largest(const struct wr_estimates *estimates, measure *size,
                                              const char *device, int row)
{
    struct group *best = NULL;
    int64_t most = 0;
    for (int n = 0; n < estimates->group_count; n++) {
        struct group *group = estimates->groups[n];
        const int64_t bytes = group->is_counted ? 0 : size(&group->estimate, device, row);
        if (bytes > most) {
            most = bytes;
            best = group;
        }
    }
    if (best)
        best->is_counted = true;
    return best ? &best->estimate : NULL;
}

static void count_none(const struct wr_estimates *estimates)
{
    for (int n = 0; n < estimates->group_count; n++)
        estimates->groups[n]->is_counted = false;
}

static void sum_row(const struct wr_estimates *estimates, int at_once,
                    struct wr_device_estimate *device, int row)
{
    const struct wr_estimate *next;
    count_none(estimates);
    for (int n = 0; n < at_once && (next = take_largest(estimates, held, device->device, row));
         n++) {
        const struct wr_device_estimate *own = find(next, device->device);
        if (n == 0)
            device->rows[row].batch = own->rows[row].batch;
        wr_memory_add(&device->rows[row].memory, &own->rows[row].memory);
    }
}

static void add_devices(struct wr_estimate *sum, const struct wr_estimate *estimate)
{
    for (int n = 0; n < estimate->device_count; n++) {
        const struct wr_device_estimate *own = &estimate->devices[n];
        if (find(sum, own->device))
            continue;
        struct wr_device_estimate *device = &sum->devices[sum->device_count++];
        *device = *own;
        for (int row = 0; row < WR_ESTIMATES; row++)
            device->rows[row].memory = (struct wr_memory){0};
    }
}

static void sum_weights(const struct wr_estimates *estimates, int at_once, struct wr_estimate *sum)
{
    const struct wr_estimate *next;
    count_none(estimates);
    for (int n = 0; n < at_once && (next = take_largest(estimates, weights, NULL, 0)); n++)
        sum->weights += next->weights;
}

static int largest_first(const void *a, const void *b)
{
    const int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left < right) - (left > right);
}

// Of the jobs whose filters hold most; -1 where that is not known of one.
static int64_t sum_filters(const struct wr_estimates *estimates, int at_once)
{
    int64_t sum = 0;
    if (estimates->jobs)
        qsort(estimates->filters, (size_t)estimates->jobs, sizeof(int64_t), largest_first);
    for (int n = 0; n < estimates->jobs; n++) {
        if (estimates->filters[n] < 0)
            return -1;
        sum += n < at_once ? estimates->filters[n] : 0;
    }
    return sum;
}

void wr_estimates_sum(struct wr_estimates *estimates, int at_once, struct wr_estimate *sum)
{
    *sum = (struct wr_estimate){.jobs = estimates->jobs, .at_once = at_once};
    sum->frames = estimates->lacks_frames ? 0 : estimates->frames;
    if (estimates->group_count)
        memcpy(sum->chain, estimates->groups[0]->estimate.chain, sizeof sum->chain);
    for (int n = 0; n < estimates->group_count; n++) {
        const struct wr_estimate *own = &estimates->groups[n]->estimate;
        sum->chains_differ |= strcmp(sum->chain, own->chain) != 0;
        add_devices(sum, own);
    }
    for (int n = 0; n < sum->device_count; n++)
        for (int row = 0; row < WR_ESTIMATES; row++)
            sum_row(estimates, at_once, &sum->devices[n], row);
    sum_weights(estimates, at_once, sum);
    sum->filters = sum_filters(estimates, at_once);
}
