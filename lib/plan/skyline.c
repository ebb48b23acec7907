// SPDX-License-Identifier: MIT
// The best-fit skyline: puts one block after the other on the lowest line of a skyline over time.
//
// Source: Sekiyama et al., "Profile-guided memory optimization for deep neural networks", 2018,
// arXiv 1804.10001. Each step takes the lowest line, the leftmost of equals. Of the blocks that
// live wholly within it, the most preferred one is put on it (in the paper: the longest-lived).
// Where no block fits, the line is lifted to its lower neighbour and merged with it.
//
// Here a step takes any line that is lower than its neighbours, so that the lowest need not be
// looked for. The plan is the same: no block fits two such lines, so their order does not matter.
#include "lib/plan/skyline.h"

#include <stdlib.h>
#include <string.h>

enum wr_status wr_skyline_open(struct wr_skyline *sky, const struct wr_packing *packing,
                               struct wr_error *error)
{
    const size_t count = (size_t)packing->count + 1, slots = (size_t)packing->slots + 1;
    *sky = (struct wr_skyline){.packing = packing};
    sky->lines = malloc(slots * sizeof *sky->lines);
    sky->first = malloc(slots * sizeof *sky->first);
    sky->next = malloc(count * sizeof *sky->next);
    sky->rank = malloc(count * sizeof *sky->rank);
    sky->rest = malloc(slots * sizeof *sky->rest);
    if (!sky->lines || !sky->first || !sky->next || !sky->rank || !sky->rest)
        return wr_packing_out_of_memory(packing, error);
    return WR_OK;
}

void wr_skyline_close(struct wr_skyline *sky)
{
    free(sky->lines);
    free(sky->first);
    free(sky->next);
    free(sky->rank);
    free(sky->rest);
    *sky = (struct wr_skyline){0};
}

enum wr_status wr_attempt_open(struct wr_attempt *attempt, const struct wr_packing *packing,
                               struct wr_error *error)
{
    const size_t count = (size_t)packing->count + 1;
    attempt->order = malloc(count * sizeof *attempt->order);
    attempt->offsets = malloc(count * sizeof *attempt->offsets);
    attempt->peak = INT64_MAX;
    if (!attempt->order || !attempt->offsets)
        return wr_packing_out_of_memory(packing, error);
    return WR_OK;
}

void wr_attempt_close(struct wr_attempt *attempt)
{
    free(attempt->order);
    free(attempt->offsets);
    *attempt = (struct wr_attempt){0};
}

static void start(struct wr_skyline *sky, const int *order)
{
    const struct wr_packing *packing = sky->packing;
    sky->lines[0] = (struct wr_line){0, packing->slots, 0};
    sky->line_count = 1;
    memcpy(sky->rest, packing->load, (size_t)packing->slots * sizeof *sky->rest);
    for (int t = 0; t < packing->slots; t++)
        sky->first[t] = -1;
    for (int n = packing->count - 1; n >= 0; n--) {
        int *first = &sky->first[packing->pieces[order[n]].from];
        sky->rank[order[n]] = n;
        sky->next[order[n]] = *first;
        *first = order[n];
    }
}

// Walks down from line k to one that is lower than its neighbours.
static int descend(const struct wr_skyline *sky, int k)
{
    for (;;) {
        const struct wr_line *line = &sky->lines[k];
        if (k > 0 && line[-1].height < line->height)
            k--;
        else if (k + 1 < sky->line_count && line[1].height < line->height)
            k++;
        else
            return k;
    }
}

// Takes the most preferred piece that fits the line off its list. Returns -1 where none fits.
static int take(struct wr_skyline *sky, const struct wr_line *line)
{
    int *best = NULL;
    sky->steps += line->to - line->from;
    for (int t = line->from; t < line->to; t++) {
        int *at = &sky->first[t];
        while (*at >= 0 && sky->packing->pieces[*at].to > line->to)
            at = &sky->next[*at];
        if (*at >= 0 && (!best || sky->rank[*at] < sky->rank[*best]))
            best = at;
    }
    if (!best)
        return -1;
    const int piece = *best;
    *best = sky->next[piece];
    return piece;
}

static void remove_line(struct wr_skyline *sky, int k)
{
    sky->line_count--;
    memmove(&sky->lines[k], &sky->lines[k + 1], (size_t)(sky->line_count - k) * sizeof *sky->lines);
}

static void insert_line(struct wr_skyline *sky, int k, struct wr_line line)
{
    memmove(&sky->lines[k + 1], &sky->lines[k], (size_t)(sky->line_count - k) * sizeof *sky->lines);
    sky->lines[k] = line;
    sky->line_count++;
}

// Joins line k with neighbours of its height; returns which line it is then.
static int merge(struct wr_skyline *sky, int k)
{
    struct wr_line *line = &sky->lines[k];
    if (k + 1 < sky->line_count && line[1].height == line->height) {
        line->to = line[1].to;
        remove_line(sky, k + 1);
    }
    if (k > 0 && line[-1].height == line->height) {
        line[-1].to = line->to;
        remove_line(sky, k--);
    }
    return k;
}

// Lifts line k to its lower neighbour. Returns -1 where the pieces that are not placed yet would
// then reach beyond limit.
static int lift(struct wr_skyline *sky, int k, int64_t limit)
{
    struct wr_line *line = &sky->lines[k];
    const int64_t left = k > 0 ? line[-1].height : INT64_MAX;
    const int64_t right = k + 1 < sky->line_count ? line[1].height : INT64_MAX;
    line->height = left < right ? left : right;
    for (int t = line->from; t < line->to; t++)
        if (sky->rest[t] > limit - line->height)
            return -1;
    return merge(sky, k);
}

// Puts piece, which fits, on line k.
static int put(struct wr_skyline *sky, int k, const struct wr_packing_piece *piece)
{
    const struct wr_line under = sky->lines[k];
    sky->lines[k] = (struct wr_line){piece->from, piece->to, under.height + piece->size};
    if (piece->to < under.to)
        insert_line(sky, k + 1, (struct wr_line){piece->to, under.to, under.height});
    if (under.from < piece->from)
        insert_line(sky, k++, (struct wr_line){under.from, piece->from, under.height});
    for (int t = piece->from; t < piece->to; t++)
        sky->rest[t] -= piece->size;
    return merge(sky, k);
}

bool wr_skyline_build(struct wr_skyline *sky, struct wr_attempt *attempt, int64_t limit)
{
    start(sky, attempt->order);
    attempt->peak = 0;
    for (int k = 0, left = sky->packing->count; left;) {
        k = descend(sky, k);
        const int i = take(sky, &sky->lines[k]);
        if (i < 0) {
            if ((k = lift(sky, k, limit)) < 0)
                return false;
            continue;
        }
        const struct wr_packing_piece *piece = &sky->packing->pieces[i];
        const int64_t offset = sky->lines[k].height;
        attempt->offsets[i] = offset;
        if (offset + piece->size > attempt->peak) {
            attempt->peak = offset + piece->size;
            attempt->top = i;
        }
        k = put(sky, k, piece);
        left--;
    }
    return true;
}
