// SPDX-License-Identifier: MIT
// Prints the tables of an estimate, one for each device: a row for each batch size, first the one
// that a run would take.
#include "cli/estimate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static double mebibytes(int64_t bytes)
{
    return (double)bytes / (1 << 20);
}

static void print_row(const struct wr_device_estimate *estimate, int n)
{
    const struct wr_memory *m = &estimate->rows[n].memory;
    const int64_t held = estimate->instances * wr_memory_held(m);
    const int64_t pinned = estimate->instances * m->pinned;
    printf("%5d%c %8.2f %8.2f %8.2f %9.2f %13lld %8.2f %12lld\n", estimate->rows[n].batch,
           n ? ' ' : '*', mebibytes(m->arena), mebibytes(m->slots), mebibytes(m->tables),
           mebibytes(held), (long long)held, mebibytes(pinned), (long long)pinned);
}

// "unsharp", or of many "unsharp, of 24 files up to 3 at the same time,"
static void print_subject(const struct wr_estimate *estimate)
{
    printf("%s", estimate->chains_differ ? "several chains"
                 : *estimate->chain      ? estimate->chain
                                         : "no filters");
    if (estimate->jobs != 1)
        printf(", of %d files up to %d at the same time,", estimate->jobs, estimate->at_once);
}

static void print_device(const struct wr_estimate *whole, const struct wr_device_estimate *estimate)
{
    const int count = estimate->instances;
    printf("Memory for ");
    print_subject(whole);
    if (!estimate->rows[0].batch) {
        printf(" on %s: nothing is computed in batches, so none.\n", estimate->device);
        return;
    }
    printf(" on %s, %d instance%s; * is what a run would take.\n\n", estimate->device, count,
           count == 1 ? "" : "s");
    printf("       per instance, MiB                total held          total pinned\n"
           "batch     arena    slots   tables       MiB         bytes      MiB        "
           "bytes\n");
    for (int n = 0; n < WR_ESTIMATES; n++)
        print_row(estimate, n);
    if (estimate->context)
        printf("\nThe CUDA context takes about %lld MiB more on the device.\n",
               (long long)estimate->context / (1024 * 1024));
}

enum wr_status wr_estimate_print(const struct wr_estimate *estimate, struct wr_error *error)
{
    for (int n = 0; n < estimate->device_count; n++) {
        if (n)
            putchar('\n');
        print_device(estimate, &estimate->devices[n]);
    }
    if (estimate->weights)
        printf("\nWeights and tables of the filters take %.2f MiB (%lld bytes) more of the host's "
               "memory, once.\n",
               mebibytes(estimate->weights), (long long)estimate->weights);
    if (estimate->filters > 0)
        printf("\nFFmpeg's filters hold frames that take up to %.2f MiB (%lld bytes) more of the "
               "host's memory.\n",
               mebibytes(estimate->filters), (long long)estimate->filters);
    if (estimate->filters < 0)
        printf("\nFFmpeg's filters hold all frames, whose number is not known, in the host's "
               "memory.\n");
    if (fflush(stdout) || ferror(stdout))
        return wr_fail(error, WR_FAILED, "cannot write to standard output: %s", strerror(errno));
    return WR_OK;
}
