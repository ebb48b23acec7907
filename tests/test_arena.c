// SPDX-License-Identifier: MIT
// The arena: what it records it replays, and a run that is not the recorded one comes out right.
#include <stdlib.h>
#include <string.h>

#include "lib/plan/arena.h"
#include "tests/support.h"

enum { MOST = 12, ALIGNMENT = 64 };

// Memory that counts, and that can run out.
static int held, allocations_left;

static enum wr_status allocate(void *context, unsigned char **memory, int64_t bytes,
                               struct wr_error *error)
{
    (void)context;
    if (allocations_left == 0)
        return wr_fail(error, WR_FAILED, "no more memory");
    allocations_left--;
    held++;
    *memory = malloc((size_t)bytes + 1);
    return WR_OK;
}

static void release(void *context, unsigned char *memory)
{
    (void)context;
    held -= memory != NULL;
    free(memory);
}

static enum wr_status fill(void *context, unsigned char *memory, int value, int64_t bytes,
                           struct wr_error *error)
{
    (void)context, (void)error;
    memset(memory, value, (size_t)bytes);
    return WR_OK;
}

static enum wr_status fetch(void *context, unsigned char *to, const unsigned char *memory,
                            int64_t bytes, struct wr_error *error)
{
    (void)context, (void)error;
    memcpy(to, memory, (size_t)bytes);
    return WR_OK;
}

static const struct wr_arena_source source = {allocate, release, fill, fetch, NULL};

static struct wr_arena new_arena(enum wr_arena_mode mode)
{
    const struct wr_arena_options options = {ALIGNMENT, mode};
    struct wr_arena arena;
    wr_arena_open(&arena, &options, &source);
    held = 0;
    allocations_left = -1;
    return arena;
}

// A sequence of takes and gives: positive takes so many bytes, -n gives back the n-th take.
typedef int64_t script[2 * MOST + 1];

static void check(const unsigned char *memory, int64_t bytes, int n)
{
    for (int64_t i = 0; i < bytes; i++)
        ck_assert_msg(memory[i] == (unsigned char)(n + 1), "byte %lld of block %d", (long long)i,
                      n);
}

// Fills every block while it is alive and looks whether it stayed so.
static enum wr_status take_and_give(struct wr_arena *arena, const int64_t *steps,
                                    struct wr_error *error)
{
    unsigned char *memory[MOST];
    int64_t bytes[MOST];
    int blocks[MOST], count = 0;
    for (; *steps; steps++) {
        const int n = *steps > 0 ? count : (int)-*steps - 1;
        enum wr_status status;
        if (*steps > 0) {
            bytes[n] = *steps;
            status = wr_arena_take(arena, *steps, *steps, "x", &blocks[n], &memory[n], error);
            count += !status;
            if (!status && memory[n])
                memset(memory[n], n + 1, (size_t)bytes[n]);
        } else {
            if (memory[n])
                check(memory[n], bytes[n], n);
            status = wr_arena_give(arena, blocks[n], error);
        }
        if (status)
            return status;
    }
    return WR_OK;
}

// What is recorded, and an arena that replays it.
struct replay {
    struct wr_arena_plan plan;
    struct wr_arena arena;
    unsigned char *memory;
};

static enum wr_status run(struct replay *replay, const int64_t *steps, struct wr_error *error)
{
    wr_arena_begin(&replay->arena, &replay->plan);
    const enum wr_status status = take_and_give(&replay->arena, steps, error);
    return status ? status : wr_arena_end(&replay->arena, error);
}

static struct wr_arena_plan plan_of(enum wr_arena_mode mode, const int64_t *steps)
{
    struct wr_arena arena = new_arena(mode);
    struct wr_arena_plan plan;
    struct wr_error error;
    wr_arena_begin(&arena, NULL);
    ck_assert_msg(!take_and_give(&arena, steps, &error), "%s", error.text);
    ck_assert_msg(!wr_arena_plan_open(&plan, &arena, &error), "%s", error.text);
    wr_arena_close(&arena);
    return plan;
}

static void record(struct replay *replay, enum wr_arena_mode mode, const int64_t *steps)
{
    replay->plan = plan_of(mode, steps);
    replay->arena = new_arena(mode);
    replay->memory = malloc((size_t)replay->plan.places.peak + 1);
    wr_arena_lend(&replay->arena, replay->memory, replay->plan.places.peak);
}

static void close_replay(struct replay *replay)
{
    wr_arena_close(&replay->arena);
    ck_assert_int_eq(held, 0);
    wr_arena_plan_close(&replay->plan);
    free(replay->memory);
}

static const script chain = {100, 200, -1, 300, -2, 50, -3, -4, 0};

START_TEST(a_replay_gets_the_planned_places)
{
    struct replay r;
    struct wr_error error;
    record(&r, WR_ARENA_PLANNED, chain);
    ck_assert_int_eq(r.plan.places.peak, 256 + 320);
    ck_assert_int_eq(r.plan.places.peak, r.plan.places.lower_bound);
    ck_assert_int_eq(r.plan.record.most_asked, 500);
    for (int n = 0; n < 3; n++) {
        ck_assert(!run(&r, chain, &error));
        for (int b = 0; b < 4; b++)
            ck_assert_ptr_eq(r.arena.run.takes[b].memory, r.memory + r.plan.places.offsets[b]);
    }
    ck_assert_int_eq(r.arena.departures, 0);
    ck_assert_int_eq(r.arena.allocations, 0);
    close_replay(&r);
}
END_TEST

// Each is not the recorded chain: another size, another order, more, fewer, longer lives, nothing.
static const script others[] = {{100, 201, -1, 300, -2, 50, -3, -4, 0},
                                {200, 100, -2, 300, -1, 50, -3, -4, 0},
                                {100, 200, 300, -1, -2, 50, -3, -4, 0},
                                {100, 200, -1, 300, -2, 50, -3, -4, 9, -5, 0},
                                {100, 200, -1, 300, -3, -2, 0},
                                {100, 200, -2, 300, -1, 50, -3, -4, 0},
                                {100, 200, -1, 300, -2, 50, -4, -3, 0},
                                {5000, 6000, 7000, -1, -2, -3, 0},
                                {0}};

START_TEST(a_departure_comes_out_right_and_is_planned_anew)
{
    struct replay r;
    struct wr_error error;
    record(&r, WR_ARENA_PLANNED, chain);
    ck_assert(!run(&r, chain, &error));
    ck_assert(!run(&r, others[_i], &error));
    ck_assert_int_eq(r.arena.departures, 1);
    ck_assert_int_eq(held, r.arena.is_own);
    const int allocations = r.arena.allocations;
    for (int n = 0; n < 3; n++)
        ck_assert(!run(&r, others[_i], &error));
    ck_assert_int_eq(r.arena.departures, 1);
    ck_assert_int_eq(r.arena.allocations, allocations);
    ck_assert(!run(&r, chain, &error));
    ck_assert_int_eq(r.arena.departures, 2);
    close_replay(&r);
}
END_TEST

// Two arenas share two plans; one departs from one plan, which changes nothing for the others.
START_TEST(a_departure_is_for_one_arena_and_one_plan)
{
    struct replay r;
    struct wr_error error;
    record(&r, WR_ARENA_PLANNED, chain);
    struct wr_arena_plan second = plan_of(WR_ARENA_PLANNED, others[4]);
    struct wr_arena other = new_arena(WR_ARENA_PLANNED);
    unsigned char *memory = malloc((size_t)r.plan.places.peak);
    wr_arena_lend(&other, memory, r.plan.places.peak);
    ck_assert(!run(&r, others[7], &error));
    for (int n = 0; n < 2; n++) {
        ck_assert_ptr_ne(wr_arena_followed(&r.arena, &r.plan), &r.plan);
        ck_assert_ptr_eq(wr_arena_followed(&r.arena, &second), &second);
        wr_arena_begin(&r.arena, &second);
        ck_assert(!take_and_give(&r.arena, others[4], &error) && !wr_arena_end(&r.arena, &error));
        wr_arena_begin(&other, &r.plan);
        ck_assert(!take_and_give(&other, chain, &error) && !wr_arena_end(&other, &error));
        ck_assert(!run(&r, others[7], &error));
    }
    ck_assert_int_eq(r.arena.departures, 1);
    ck_assert_int_eq(other.departures, 0);
    wr_arena_close(&other);
    close_replay(&r);
    wr_arena_plan_close(&second);
    free(memory);
}
END_TEST

static unsigned next(unsigned *random)
{
    return (*random = *random * 1664525 + 1013904223) >> 8;
}

static void random_script(int64_t *steps, unsigned *random)
{
    int alive[MOST], count = 0, taken = 0;
    const int most = 1 + (int)(next(random) % MOST);
    while (taken < most || count) {
        if (taken < most && (!count || next(random) % 2)) {
            *steps++ = 1 + next(random) % 700;
            alive[count++] = ++taken;
        } else {
            const int n = (int)(next(random) % (unsigned)count);
            *steps++ = -alive[n];
            alive[n] = alive[--count];
        }
    }
    *steps = 0;
}

static const enum wr_arena_mode modes[] = {WR_ARENA_PLANNED, WR_ARENA_SEPARATE, WR_ARENA_POISONED,
                                           WR_ARENA_GUARDED, WR_ARENA_MISRECORDED};

// Runs that share a beginning and then part, in every mode.
START_TEST(random_departures_come_out_right)
{
    unsigned random = 7;
    for (int n = 0; n < 40; n++) {
        script first, second;
        struct wr_error error;
        random_script(first, &random);
        memcpy(second, first, sizeof second);
        const unsigned changed = next(&random) % MOST;
        for (int i = 0; second[i]; i++)
            if (i >= (int)changed && second[i] > 0)
                second[i] += next(&random) % 3;
        struct replay r;
        record(&r, modes[_i], first);
        for (int times = 0; times < 4; times++)
            ck_assert(!run(&r, times % 3 ? second : first, &error));
        close_replay(&r);
    }
}
END_TEST

START_TEST(separate_blocks_never_share)
{
    struct wr_arena_plan plan = plan_of(WR_ARENA_SEPARATE, chain);
    ck_assert_int_eq(plan.places.peak, 128 + 256 + 320 + 64);
    wr_arena_plan_close(&plan);
}
END_TEST

START_TEST(poison_is_there_after_giving_back)
{
    struct replay r;
    struct wr_error error;
    record(&r, WR_ARENA_POISONED, chain);
    ck_assert(!run(&r, chain, &error));
    const struct wr_arena_take *last = &r.arena.run.takes[3];
    for (int i = 0; i < 50; i++)
        ck_assert_int_eq(last->memory[i], WR_POISON);
    close_replay(&r);
}
END_TEST

// One byte behind a block, and one that is the guard's last.
START_TEST(what_writes_behind_a_block_is_noticed)
{
    const int places[] = {0, WR_GUARD_BYTES - 1};
    for (int n = 0; n < 2; n++) {
        struct replay r;
        struct wr_error error;
        unsigned char *memory;
        int block;
        record(&r, WR_ARENA_GUARDED, (script){100, -1, 0});
        ck_assert(!run(&r, (script){100, -1, 0}, &error));
        wr_arena_begin(&r.arena, &r.plan);
        ck_assert(!wr_arena_take(&r.arena, 100, 100, "x", &block, &memory, &error));
        memset(memory, 1, 100);
        memory[100 + places[n]] = 1;
        ck_assert(!wr_arena_give(&r.arena, block, &error));
        ck_assert_int_eq(wr_arena_end(&r.arena, &error), WR_FAILED);
        ck_assert_str_eq(error.text, "something wrote behind the memory of x");
        close_replay(&r);
    }
}
END_TEST

START_TEST(a_wrong_record_is_noticed_at_once)
{
    struct replay r;
    struct wr_error error;
    record(&r, WR_ARENA_MISRECORDED, chain);
    ck_assert(!run(&r, chain, &error));
    ck_assert_int_eq(r.arena.departures, 1);
    ck_assert_int_eq(r.arena.allocations, 4 + 1); // each block, and the larger arena
    ck_assert(!run(&r, chain, &error));
    ck_assert_int_eq(r.arena.departures, 1);
    close_replay(&r);
}
END_TEST

START_TEST(memory_may_run_out_anywhere)
{
    int failures = 0;
    for (;; failures++) {
        struct replay r;
        struct wr_error error;
        record(&r, WR_ARENA_PLANNED, chain);
        allocations_left = failures;
        const enum wr_status status = run(&r, others[7], &error);
        close_replay(&r);
        if (!status)
            break;
        ck_assert_str_eq(error.text, "no more memory");
    }
    ck_assert_int_eq(failures, 3 + 1);
}
END_TEST

#define COUNT(array) ((int)(sizeof array / sizeof array[0]))

int main(void)
{
    Suite *suite = suite_create("arena");
    TCase *tests = tcase_create("arena");
    tcase_set_timeout(tests, 600); // sanitizers are slow
    tcase_add_test(tests, a_replay_gets_the_planned_places);
    tcase_add_loop_test(tests, a_departure_comes_out_right_and_is_planned_anew, 0, COUNT(others));
    tcase_add_test(tests, a_departure_is_for_one_arena_and_one_plan);
    tcase_add_loop_test(tests, random_departures_come_out_right, 0, COUNT(modes));
    tcase_add_test(tests, separate_blocks_never_share);
    tcase_add_test(tests, poison_is_there_after_giving_back);
    tcase_add_test(tests, what_writes_behind_a_block_is_noticed);
    tcase_add_test(tests, a_wrong_record_is_noticed_at_once);
    tcase_add_test(tests, memory_may_run_out_anywhere);
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
