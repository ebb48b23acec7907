// SPDX-License-Identifier: MIT
// Tries the planner's methods and keeps the best plan; verifies plans.
//
// For a program without branches a skyline meets the lower bound at once. The search is for
// programs that branch. A plan that meets the lower bound ends the tries, since none can be better.
#include "lib/plan/plan.h"

#include <stdlib.h>

#include "lib/plan/plan_search.h"

// The best attempt so far and one to try.
struct planner {
    struct wr_packing packing;
    struct wr_skyline sky;
    struct wr_attempt best, tried;
    const char *method;
};

static enum wr_status try_skylines(struct planner *planner, int count, struct wr_error *error)
{
    static const char *const names[WR_PREFERENCES] = {"skyline by life", "skyline by size",
                                                      "skyline by area", "skyline by crowd"};
    for (int n = 0; n < count && planner->best.peak > planner->packing.lower_bound; n++) {
        const enum wr_status status =
            wr_packing_sort(&planner->packing, (enum wr_preference)n, planner->tried.order, error);
        if (status)
            return status;
        if (!wr_skyline_build(&planner->sky, &planner->tried, planner->best.peak - 1))
            continue;
        const struct wr_attempt former = planner->best;
        planner->best = planner->tried;
        planner->tried = former;
        planner->method = names[n];
    }
    return WR_OK;
}

static enum wr_status find_best(struct planner *planner, const struct wr_plan_options *options,
                                struct wr_error *error)
{
    if (options->plain_skyline)
        return try_skylines(planner, 1, error);
    const enum wr_status status = try_skylines(planner, WR_PREFERENCES, error);
    if (status || planner->best.peak == planner->packing.lower_bound)
        return status;
    const int64_t peak = planner->best.peak;
    const enum wr_status searched =
        wr_plan_search(&planner->sky, options->seed, &planner->best, error);
    if (planner->best.peak < peak)
        planner->method = "search";
    return searched;
}

static void planner_close(struct planner *planner)
{
    wr_attempt_close(&planner->best);
    wr_attempt_close(&planner->tried);
    wr_skyline_close(&planner->sky);
    wr_packing_close(&planner->packing);
}

static enum wr_status planner_open(struct planner *planner, const struct wr_block *blocks,
                                   int count, int64_t alignment, struct wr_error *error)
{
    *planner = (struct planner){0};
    enum wr_status status = wr_packing_open(&planner->packing, blocks, count, alignment, error);
    if (!status)
        status = wr_skyline_open(&planner->sky, &planner->packing, error);
    if (!status)
        status = wr_attempt_open(&planner->best, &planner->packing, error);
    if (!status)
        status = wr_attempt_open(&planner->tried, &planner->packing, error);
    return status;
}

enum wr_status wr_plan_open(struct wr_plan *plan, const struct wr_block *blocks, int count,
                            const struct wr_plan_options *options, struct wr_error *error)
{
    *plan = (struct wr_plan){0};
    struct planner planner;
    enum wr_status status = planner_open(&planner, blocks, count, options->alignment, error);
    if (!status)
        status = find_best(&planner, options, error);
    if (status)
        goto fail;
    plan->offsets = calloc((size_t)count + 1, sizeof *plan->offsets);
    if (!plan->offsets) {
        status = wr_packing_out_of_memory(&planner.packing, error);
        goto fail;
    }
    plan->peak = planner.best.peak;
    plan->lower_bound = planner.packing.lower_bound;
    plan->method = planner.method;
    for (int i = 0; i < planner.packing.count; i++)
        plan->offsets[planner.packing.pieces[i].block] = planner.best.offsets[i];
fail:
    planner_close(&planner);
    return status;
}

void wr_plan_close(struct wr_plan *plan)
{
    free(plan->offsets);
    *plan = (struct wr_plan){0};
}

static bool is_empty(const struct wr_block *block)
{
    return block->size == 0 || block->from == block->to;
}

static bool overlap(int64_t from, int64_t to, int64_t other_from, int64_t other_to)
{
    return from < other_to && other_from < to;
}

static bool clash(const struct wr_plan *plan, const struct wr_block *blocks, int a, int b)
{
    const int64_t at = plan->offsets[a], other = plan->offsets[b];
    return !is_empty(&blocks[a]) && !is_empty(&blocks[b]) &&
           overlap(blocks[a].from, blocks[a].to, blocks[b].from, blocks[b].to) &&
           overlap(at, at + blocks[a].size, other, other + blocks[b].size);
}

enum wr_status wr_plan_check(const struct wr_plan *plan, const struct wr_block *blocks, int count,
                             int64_t alignment, struct wr_error *error)
{
    for (int n = 0; n < count; n++) {
        const int64_t offset = plan->offsets[n];
        if (offset < 0 || offset % alignment)
            return wr_fail(error, WR_FAILED, "memory plan: block %d is not aligned", n);
        if (!is_empty(&blocks[n]) && blocks[n].size > plan->peak - offset)
            return wr_fail(error, WR_FAILED, "memory plan: block %d ends behind the arena", n);
        for (int m = 0; m < n; m++)
            if (clash(plan, blocks, m, n))
                return wr_fail(error, WR_FAILED,
                               "memory plan: blocks %d and %d overlap while both are alive", m, n);
    }
    return WR_OK;
}
