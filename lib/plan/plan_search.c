// SPDX-License-Identifier: MIT
// A search for an order of preference that packs well, guided by what makes the peak.
//
// In any plan the blocks can be let down until each rests on the floor or on another block. Such a
// plan is called canonical and can be built in order of offset (Moffitt, "MiniMalloc: a lightweight
// memory allocator for hardware-accelerated machine learning", ASPLOS 2023). The skyline builds
// canonical plans only, so it is enough to try orders of preference. From one try to the next a few
// blocks that are alive together with the one at the peak move forward. A try may come out somewhat
// worse than the one before and is kept all the same, so that the search gets out of dead ends. How
// much worse it may be shrinks as the search goes on (threshold accepting: Dueck and Scheuer 1990).
#include "lib/plan/plan_search.h"

#include <string.h>

// The search ends by counts, never by the clock, so that it gives the same plan on every machine:
// with few blocks by its tries, with many by its steps, which are slots looked at.
enum { TRIES = 3000, STEPS = 8000000, DRAWS = 60, MOVES = 6 };
static const double tolerance = 0.03; // of the lower bound, at the beginning

struct plan_search {
    const struct wr_packing *packing;
    struct wr_skyline *sky;
    uint64_t random;
    int64_t tries, first_step;
    struct wr_attempt current, tried;
};

// A number in [0, limit).
static int below(struct plan_search *search, int limit)
{
    search->random ^= search->random << 13; // xorshift: Marsaglia 2003
    search->random ^= search->random >> 7;
    search->random ^= search->random << 17;
    return (int)(((search->random >> 32) * (uint64_t)limit) >> 32);
}

// Makes an order to try: the current one, where a few pieces that are alive with the one at the
// peak have moved forward. Pieces that lie low are seldom chosen.
static void vary(struct plan_search *search)
{
    const struct wr_packing *packing = search->packing;
    const struct wr_packing_piece *top = &packing->pieces[search->current.top];
    int *order = search->tried.order;
    memcpy(order, search->current.order, (size_t)packing->count * sizeof *order);
    int moves = 1 + below(search, MOVES);
    for (int draw = 0; draw < DRAWS && moves; draw++) {
        const int at = below(search, packing->count), i = order[at];
        const struct wr_packing_piece *piece = &packing->pieces[i];
        const double least = (double)search->current.peak / 2 * below(search, 1024) / 1024;
        if (piece->to <= top->from || top->to <= piece->from ||
            (double)search->current.offsets[i] < least)
            continue;
        const int to = below(search, at + 1);
        memmove(&order[to + 1], &order[to], (size_t)(at - to) * sizeof *order);
        order[to] = i;
        moves--;
    }
}

// How much of the search is left, from 1 down.
static double left(const struct plan_search *search)
{
    const double by_tries = (double)search->tries / TRIES;
    const double by_steps = (double)(search->sky->steps - search->first_step) / STEPS;
    return 1 - (by_tries > by_steps ? by_tries : by_steps);
}

// How much higher than the current plan the next one may come out.
static int64_t allowance(struct plan_search *search)
{
    return (int64_t)((double)search->packing->lower_bound * tolerance * left(search) *
                     below(search, 1024) / 1024);
}

static void copy(struct wr_attempt *to, const struct wr_attempt *from, int count)
{
    memcpy(to->order, from->order, (size_t)count * sizeof *to->order);
    memcpy(to->offsets, from->offsets, (size_t)count * sizeof *to->offsets);
    to->peak = from->peak;
    to->top = from->top;
}

static void improve(struct plan_search *search, struct wr_attempt *best)
{
    copy(&search->current, best, search->packing->count);
    while (best->peak > search->packing->lower_bound && left(search) > 0) {
        search->tries++;
        vary(search);
        const int64_t limit = search->current.peak + allowance(search);
        if (!wr_skyline_build(search->sky, &search->tried, limit))
            continue;
        const struct wr_attempt former = search->current;
        search->current = search->tried;
        search->tried = former;
        if (search->current.peak < best->peak)
            copy(best, &search->current, search->packing->count);
    }
}

enum wr_status wr_plan_search(struct wr_skyline *sky, uint64_t seed, struct wr_attempt *best,
                              struct wr_error *error)
{
    struct plan_search search = {.packing = sky->packing, .sky = sky, .first_step = sky->steps};
    search.random = seed ^ 0x9e3779b97f4a7c15u;
    search.random += !search.random; // xorshift stays at 0
    enum wr_status status = wr_attempt_open(&search.current, sky->packing, error);
    if (!status)
        status = wr_attempt_open(&search.tried, sky->packing, error);
    if (!status)
        improve(&search, best);
    wr_attempt_close(&search.current);
    wr_attempt_close(&search.tried);
    return status;
}
