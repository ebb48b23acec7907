// SPDX-License-Identifier: MIT
// Turns blocks into pieces on slots of time, and sorts them by preference.
#include "lib/plan/packing.h"

#include <stdlib.h>

enum wr_status wr_packing_out_of_memory(const struct wr_packing *packing, struct wr_error *error)
{
    return wr_fail(error, WR_FAILED, "out of memory while planning the memory of %d buffers",
                   packing->count);
}

static int compare_times(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

// Sorts times and drops what comes twice; returns how many are left.
static int sort_times(int64_t *times, int count)
{
    qsort(times, (size_t)count, sizeof *times, compare_times);
    int unique = 0;
    for (int t = 0; t < count; t++)
        if (unique == 0 || times[t] != times[unique - 1])
            times[unique++] = times[t];
    return unique;
}

// Which slot begins at time.
static int slot_of(const int64_t *times, int count, int64_t time)
{
    const int64_t *found = bsearch(&time, times, (size_t)count, sizeof *times, compare_times);
    return (int)(found - times);
}

// Makes a piece of each block that needs room. Fills times with the starts and ends of their lives.
static enum wr_status take_blocks(struct wr_packing *packing, const struct wr_block *blocks,
                                  int count, int64_t alignment, int64_t *times,
                                  struct wr_error *error)
{
    int64_t total = 0;
    for (int n = 0; n < count; n++) {
        const struct wr_block *block = &blocks[n];
        int64_t life;
        if (block->size < 0 || block->to < block->from ||
            __builtin_sub_overflow(block->to, block->from, &life))
            return wr_fail(error, WR_FAILED, "memory plan: block %d has no sensible size or life",
                           n);
        // Far from where sums of sizes would overflow.
        if (block->size > INT64_MAX / 4 - alignment - total)
            return wr_fail(error, WR_FAILED, "memory plan: the blocks have too many bytes");
        if (block->size == 0 || life == 0)
            continue;
        const int64_t size = (block->size + alignment - 1) / alignment * alignment;
        total += size;
        times[2 * packing->count] = block->from;
        times[2 * packing->count + 1] = block->to;
        packing->pieces[packing->count++] =
            (struct wr_packing_piece){.size = size, .life = life, .block = n};
    }
    return WR_OK;
}

// Puts the pieces on slots, and adds up what is alive in each.
static void fill_slots(struct wr_packing *packing, const struct wr_block *blocks, int64_t *times)
{
    const int count = sort_times(times, 2 * packing->count);
    packing->slots = count ? count - 1 : 0;
    for (int i = 0; i < packing->count; i++) {
        struct wr_packing_piece *piece = &packing->pieces[i];
        piece->from = slot_of(times, count, blocks[piece->block].from);
        piece->to = slot_of(times, count, blocks[piece->block].to);
        packing->load[piece->from] += piece->size;
        packing->load[piece->to] -= piece->size;
    }
    for (int t = 0; t < packing->slots; t++) {
        packing->load[t] += t > 0 ? packing->load[t - 1] : 0;
        if (packing->load[t] > packing->lower_bound)
            packing->lower_bound = packing->load[t];
    }
}

enum wr_status wr_packing_open(struct wr_packing *packing, const struct wr_block *blocks, int count,
                               int64_t alignment, struct wr_error *error)
{
    *packing = (struct wr_packing){.count = count};
    int64_t *times = malloc((2 * (size_t)count + 1) * sizeof *times);
    packing->pieces = malloc(((size_t)count + 1) * sizeof *packing->pieces);
    packing->load = calloc(2 * (size_t)count + 1, sizeof *packing->load);
    enum wr_status status = WR_OK;
    if (!times || !packing->pieces || !packing->load) {
        status = wr_packing_out_of_memory(packing, error);
        goto fail;
    }
    packing->count = 0;
    if (!(status = take_blocks(packing, blocks, count, alignment, times, error)))
        fill_slots(packing, blocks, times);
fail:
    free(times);
    if (status)
        wr_packing_close(packing);
    return status;
}

void wr_packing_close(struct wr_packing *packing)
{
    free(packing->pieces);
    free(packing->load);
    *packing = (struct wr_packing){0};
}

// A piece with what it is sorted by.
struct ranked {
    double score;
    int64_t size, life;
    int from, piece;
};

// The most bytes that are alive at one time while piece is.
static int64_t crowd(const struct wr_packing *packing, const struct wr_packing_piece *piece)
{
    int64_t most = 0;
    for (int t = piece->from; t < piece->to; t++)
        most = packing->load[t] > most ? packing->load[t] : most;
    return most;
}

static double score(const struct wr_packing *packing, const struct wr_packing_piece *piece,
                    enum wr_preference preference)
{
    switch (preference) {
    case WR_BY_SIZE:
        return (double)piece->size;
    case WR_BY_AREA:
        return (double)piece->size * (double)piece->life;
    case WR_BY_CROWD:
        return (double)crowd(packing, piece) * (double)crowd(packing, piece) * (double)piece->life;
    default:
        return 0; // by life, as ties are
    }
}

static int compare(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    if (a->life != b->life)
        return a->life > b->life ? -1 : 1;
    if (a->size != b->size)
        return a->size > b->size ? -1 : 1;
    if (a->from != b->from)
        return a->from - b->from;
    return a->piece - b->piece;
}

enum wr_status wr_packing_sort(const struct wr_packing *packing, enum wr_preference preference,
                               int *order, struct wr_error *error)
{
    const size_t count = (size_t)packing->count;
    struct ranked *ranked = malloc((count + 1) * sizeof *ranked);
    if (!ranked)
        return wr_packing_out_of_memory(packing, error);
    for (int i = 0; i < packing->count; i++) {
        const struct wr_packing_piece *piece = &packing->pieces[i];
        ranked[i] = (struct ranked){score(packing, piece, preference), piece->size, piece->life,
                                    piece->from, i};
    }
    qsort(ranked, count, sizeof *ranked, compare);
    for (int i = 0; i < packing->count; i++)
        order[i] = ranked[i].piece;
    free(ranked);
    return WR_OK;
}
