// SPDX-License-Identifier: MIT
// Prints the table of an estimate: one row for each batch size, the one a run would take first.
#include "cli/estimate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void print_row(const struct wr_estimate *estimate, int n)
{
    const struct wr_memory *m = &estimate->rows[n].memory;
    const long long instances = estimate->instances;
    printf("%5d%c %14lld %14lld %10lld %10lld %14lld %14lld\n", estimate->rows[n].batch,
           n ? ' ' : '*', (long long)m->arena, (long long)m->slots, (long long)m->tables,
           (long long)m->carried, instances * (long long)wr_memory_held(m),
           instances * (long long)m->pinned);
}

enum wr_status wr_estimate_print(const struct wr_estimate *estimate, struct wr_error *error)
{
    const int count = estimate->instances;
    printf("Bytes on %s for %s, in %d instance%s; * is what a run would take.\n\n",
           estimate->device, *estimate->chain ? estimate->chain : "no filters", count,
           count == 1 ? "" : "s");
    printf("batch  arena of one   slots of one     tables    carried       held by     pinned by\n"
           "                                                              all of them   all of "
           "them\n");
    for (int n = 0; n < WR_ESTIMATES; n++)
        print_row(estimate, n);
    if (estimate->context)
        printf("\nThe CUDA context takes about %lld MiB more on the device.\n",
               (long long)estimate->context / (1024 * 1024));
    if (fflush(stdout) || ferror(stdout))
        return wr_fail(error, WR_FAILED, "cannot write to standard output: %s", strerror(errno));
    return WR_OK;
}
