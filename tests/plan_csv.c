// SPDX-License-Identifier: MIT
// plan-csv FILE...: judges the planner on instances in minimalloc's format, `id,lower,upper,size`
// with half-open lives. Prints for each: name, lower bound, peak of the plain skyline, peak of the
// default planner, its milliseconds.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tests/plans.h"

static double milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static enum wr_status plan(const struct plan_instance *instance, bool plain_skyline,
                           struct wr_plan *plan, struct wr_error *error)
{
    const struct wr_plan_options options = {.alignment = 1, .plain_skyline = plain_skyline};
    enum wr_status status = wr_plan_open(plan, instance->blocks, instance->count, &options, error);
    if (!status)
        status = wr_plan_check(plan, instance->blocks, instance->count, 1, error);
    return status;
}

static enum wr_status judge(const char *path, struct wr_error *error)
{
    struct plan_instance instance = {0};
    struct wr_plan skyline = {0}, best = {0};
    enum wr_status status = plan_instance_read(&instance, path, error);
    if (status || (status = plan(&instance, true, &skyline, error)))
        goto fail;
    const double start = milliseconds();
    if ((status = plan(&instance, false, &best, error)))
        goto fail;
    const double end = milliseconds();
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    printf("%.*s %" PRId64 " %" PRId64 " %" PRId64 " %.2f\n",
           (int)(dot && !strcmp(dot, ".csv") ? dot - name : (long)strlen(name)), name,
           best.lower_bound, skyline.peak, best.peak, end - start);
fail:
    wr_plan_close(&skyline);
    wr_plan_close(&best);
    plan_instance_free(&instance);
    return status;
}

int main(int count, char **paths)
{
    if (count < 2) {
        fprintf(stderr, "plan-csv: usage: plan-csv FILE...\n");
        return WR_USAGE;
    }
    struct wr_error error;
    for (int n = 1; n < count; n++)
        if (judge(paths[n], &error)) {
            fprintf(stderr, "plan-csv: %s\n", error.text);
            return error.status;
        }
    return WR_OK;
}
