// SPDX-License-Identifier: MIT
// The arena planner and its verifier.
#include <inttypes.h>
#include <string.h>

#include "lib/plan/plan.h"
#include "tests/support.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

// The linker sends the planner's allocations here (-Wl,--wrap), so that the n-th can be made to
// fail.
static int allocations_left = -1;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);

static bool may_allocate(void)
{
    return allocations_left < 0 || allocations_left-- > 0;
}

void *__wrap_malloc(size_t size)
{
    return may_allocate() ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t count, size_t size)
{
    return may_allocate() ? __real_calloc(count, size) : NULL;
}

// Plans, verifies; the caller closes the plan.
static struct wr_plan planned(const struct wr_block *blocks, int count,
                              const struct wr_plan_options *options)
{
    struct wr_plan plan;
    struct wr_error error;
    ck_assert_msg(!wr_plan_open(&plan, blocks, count, options, &error), "%s", error.text);
    ck_assert_msg(!wr_plan_check(&plan, blocks, count, options->alignment, &error), "%s",
                  error.text);
    ck_assert_int_ge(plan.peak, plan.lower_bound);
    return plan;
}

enum { MOST = 6 };

static const struct {
    const char *what;
    int count;
    struct wr_block blocks[MOST]; // size, from, to
    int64_t alignment, lower_bound, peak;
    int64_t offsets[MOST];
} small[] = {
    {"nothing", 0, {{0}}, 256, 0, 0, {0}},
    {"one block", 1, {{5, 3, 4}}, 1, 5, 5, {0}},
    {"rounded up", 1, {{5, 3, 4}}, 256, 256, 256, {0}},
    {"one after the other", 3, {{5, 0, 1}, {7, 1, 2}, {6, 2, 3}}, 1, 7, 7, {0, 0, 0}},
    {"half-open lives", 2, {{4, 0, 5}, {4, 5, 9}}, 1, 4, 4, {0, 0}},
    {"side by side", 2, {{5, 0, 2}, {7, 1, 3}}, 1, 12, 12, {7, 0}},
    {"equal blocks", 3, {{4, 0, 2}, {4, 0, 2}, {4, 0, 2}}, 256, 768, 768, {0, 256, 512}},
    {"longest life first", 2, {{9, 1, 2}, {1, 0, 3}}, 1, 10, 10, {1, 0}},
    {"a chain of passes",
     5,
     {{8, 0, 2}, {8, 1, 3}, {8, 2, 4}, {8, 3, 5}, {8, 4, 6}},
     1,
     16,
     16,
     {0, 8, 0, 8, 0}},
    {"no bytes, no life", 3, {{0, 0, 9}, {7, 4, 4}, {3, 0, 9}}, 1, 3, 3, {0, 0, 0}},
    {"negative times", 2, {{4, -9, -3}, {4, -5, 0}}, 1, 8, 8, {0, 4}},
};

START_TEST(small_plans)
{
    const struct wr_plan_options options = {.alignment = small[_i].alignment};
    struct wr_plan plan = planned(small[_i].blocks, small[_i].count, &options);
    ck_assert_msg(plan.lower_bound == small[_i].lower_bound && plan.peak == small[_i].peak,
                  "%s: %" PRId64 " %" PRId64, small[_i].what, plan.lower_bound, plan.peak);
    for (int n = 0; n < small[_i].count; n++)
        ck_assert_msg(plan.offsets[n] == small[_i].offsets[n], "%s: block %d at %" PRId64,
                      small[_i].what, n, plan.offsets[n]);
    wr_plan_close(&plan);
    ck_assert_ptr_null(plan.offsets);
}
END_TEST

static const struct {
    struct wr_block blocks[2];
    int64_t alignment, peak, offsets[2];
    const char *sentence; // NULL where the plan is sound
} checks[] = {
    {{{8, 0, 2}, {8, 1, 3}}, 8, 16, {0, 8}, NULL},
    {{{8, 0, 2}, {8, 2, 3}}, 8, 8, {0, 0}, NULL},
    {{{8, 0, 2}, {8, 1, 3}}, 1, 15, {0, 7}, "blocks 0 and 1 overlap while both are alive"},
    {{{8, 0, 9}, {2, 3, 4}}, 1, 16, {0, 3}, "blocks 0 and 1 overlap while both are alive"},
    {{{2, 3, 4}, {8, 0, 9}}, 1, 16, {3, 0}, "blocks 0 and 1 overlap while both are alive"},
    {{{8, 0, 2}, {8, 1, 3}}, 8, 16, {0, 4}, "block 1 is not aligned"},
    {{{8, 0, 2}, {8, 1, 3}}, 8, 16, {-8, 8}, "block 0 is not aligned"},
    {{{8, 0, 2}, {8, 1, 3}}, 8, 15, {0, 8}, "block 1 ends behind the arena"},
};

START_TEST(the_verifier_finds_what_is_wrong)
{
    int64_t offsets[2] = {checks[_i].offsets[0], checks[_i].offsets[1]};
    const struct wr_plan plan = {.offsets = offsets, .peak = checks[_i].peak};
    struct wr_error error = {.text = ""};
    const enum wr_status status =
        wr_plan_check(&plan, checks[_i].blocks, 2, checks[_i].alignment, &error);
    ck_assert_int_eq(status, checks[_i].sentence ? WR_FAILED : WR_OK);
    if (checks[_i].sentence)
        ck_assert_msg(strstr(error.text, checks[_i].sentence) != NULL, "%s", error.text);
}
END_TEST

static unsigned next(unsigned *random)
{
    return (*random = *random * 1664525 + 1013904223) >> 8;
}

// Blocks of all sizes and lives, many alike, some without bytes or life.
static int random_blocks(struct wr_block *blocks, int most, unsigned seed)
{
    unsigned random = seed;
    const int count = (int)(next(&random) % (unsigned)most) + 1;
    const unsigned times = next(&random) % 50 + 2, sizes = next(&random) % 5000 + 1;
    for (int n = 0; n < count; n++) {
        const int64_t from = next(&random) % times;
        blocks[n] =
            (struct wr_block){next(&random) % sizes, from, from + next(&random) % (times / 2 + 1)};
    }
    return count;
}

// Written apart from the planner's own.
static int64_t most_alive(const struct wr_block *blocks, int count, int64_t alignment)
{
    int64_t most = 0;
    for (int64_t t = 0; t < 100; t++) {
        int64_t alive = 0;
        for (int n = 0; n < count; n++)
            if (blocks[n].from <= t && t < blocks[n].to)
                alive += (blocks[n].size + alignment - 1) / alignment * alignment;
        most = alive > most ? alive : most;
    }
    return most;
}

START_TEST(random_plans_are_sound_and_repeat)
{
    struct wr_block blocks[60];
    for (unsigned seed = 1; seed <= 150; seed++) {
        const int count = random_blocks(blocks, 60, seed);
        const struct wr_plan_options options = {.alignment = seed % 2 ? 256 : 1, .seed = seed};
        const struct wr_plan_options plain = {.alignment = options.alignment,
                                              .plain_skyline = true};
        struct wr_plan plan = planned(blocks, count, &options);
        struct wr_plan again = planned(blocks, count, &options);
        struct wr_plan skyline = planned(blocks, count, &plain);
        ck_assert_int_eq(plan.lower_bound, most_alive(blocks, count, options.alignment));
        ck_assert_int_le(plan.peak, skyline.peak);
        ck_assert_int_eq(plan.peak, again.peak);
        ck_assert_mem_eq(plan.offsets, again.offsets, (size_t)count * sizeof *plan.offsets);
        wr_plan_close(&plan);
        wr_plan_close(&again);
        wr_plan_close(&skyline);
    }
}
END_TEST

// Passes that each read what the one before wrote, now and then with a side branch kept over three.
START_TEST(chains_meet_the_lower_bound_at_once)
{
    struct wr_block blocks[48];
    for (int count = 1; count <= COUNT(blocks); count++) {
        for (int n = 0; n < count; n++)
            blocks[n] = (struct wr_block){1000 * (1 + n % 3), n, n + (n % 4 == 3 ? 3 : 2)};
        const struct wr_plan_options options = {.alignment = 256};
        struct wr_plan plan = planned(blocks, count, &options);
        ck_assert_int_eq(plan.peak, plan.lower_bound);
        ck_assert_msg(!strncmp(plan.method, "skyline", 7), "%d blocks: %s", count, plan.method);
        wr_plan_close(&plan);
    }
}
END_TEST

static const struct wr_block senseless[] = {
    {-1, 0, 1}, {1, 1, 0}, {1, INT64_MIN, INT64_MAX}, {INT64_MAX, 0, 1}, {INT64_MAX / 4, 0, 1}};

START_TEST(senseless_blocks_are_refused)
{
    const struct wr_block blocks[] = {{1, 0, 1}, senseless[_i]};
    const struct wr_plan_options options = {.alignment = 256};
    struct wr_plan plan;
    struct wr_error error;
    ck_assert_int_eq(wr_plan_open(&plan, blocks, 2, &options, &error), WR_FAILED);
    ck_assert_msg(!strncmp(error.text, "memory plan: ", 13), "%s", error.text);
    ck_assert_ptr_null(plan.offsets);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    struct wr_block blocks[60];
    const int count = random_blocks(blocks, 60, 9);
    const struct wr_plan_options options = {.alignment = 1};
    struct wr_plan plan;
    int failures = 0;
    for (;; failures++) {
        struct wr_error error;
        allocations_left = failures;
        const enum wr_status status = wr_plan_open(&plan, blocks, count, &options, &error);
        allocations_left = -1;
        if (!status)
            break;
        ck_assert_int_eq(status, WR_FAILED);
        ck_assert_msg(!strncmp(error.text, "out of memory", 13), "%s", error.text);
        ck_assert_ptr_null(plan.offsets);
    }
    // Otherwise this saw only half of them.
    ck_assert_msg(!strcmp(plan.method, "search"), "%s: take another seed", plan.method);
    ck_assert_int_ge(failures, 20);
    wr_plan_close(&plan);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plan");
    TCase *tests = tcase_create("planner");
    tcase_set_timeout(tests, 600); // sanitizers are slow
    tcase_add_loop_test(tests, small_plans, 0, COUNT(small));
    tcase_add_loop_test(tests, the_verifier_finds_what_is_wrong, 0, COUNT(checks));
    tcase_add_test(tests, random_plans_are_sound_and_repeat);
    tcase_add_test(tests, chains_meet_the_lower_bound_at_once);
    tcase_add_loop_test(tests, senseless_blocks_are_refused, 0, COUNT(senseless));
    tcase_add_test(tests, every_allocation_may_fail);
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
