// SPDX-License-Identifier: MIT
// What "auto" expects of the CPU and of a CUDA device.
#include <check.h>

#include "lib/run/batches/cost.h"
#include "tests/support.h"

static struct wr_cost cost_of(const char *chain)
{
    const struct wr_format hd = test_format("yuv420p", 8, 1920, 1080);
    struct wr_program program;
    struct wr_error error;
    ck_assert_msg(!test_lower(chain, &hd, &program, NULL, &error), "%s", error.text);
    const struct wr_cost cost = wr_cost_of(&program);
    wr_program_close(&program);
    return cost;
}

static bool prefers_cpu(const char *chain, int64_t frames, int jobs, bool device_is_ready)
{
    const struct wr_cost cost = cost_of(chain);
    const struct wr_workload work = {frames, jobs, 4, device_is_ready};
    char why[256];
    const bool prefers = wr_cost_prefers_cpu(&cost, &work, why, sizeof why);
    ck_assert(prefers == (*why != 0));
    return prefers;
}

START_TEST(counts_bytes_that_are_copied)
{
    const double frame = 1920 * 1080 * 1.5;
    ck_assert(cost_of("negate").bytes == frame);
    // The planes that nobody filters stay where they are; what comes out is half as large.
    ck_assert(cost_of("unsharp").bytes == 1920 * 1080);
    ck_assert(cost_of("scale=960:540").bytes == frame);
    ck_assert(cost_of("format=yuv420p10").bytes == 2 * frame);
}
END_TEST

START_TEST(more_work_costs_more)
{
    ck_assert(cost_of("boxblur=4").operations > cost_of("boxblur=1").operations);
    ck_assert(cost_of("nlmeans").operations > 100 * cost_of("negate").operations);
    ck_assert(cost_of("negate,unsharp,negate").operations > cost_of("unsharp").operations);
}
END_TEST

START_TEST(device_has_to_be_worth_its_start)
{
    ck_assert(prefers_cpu("unsharp,cas,sobel,deband", 10, 1, false));
    ck_assert(!prefers_cpu("unsharp,cas,sobel,deband", 100000, 1, false));
    ck_assert(!prefers_cpu("unsharp,cas,sobel,deband", 0, 1, false)); // any number
    ck_assert(!prefers_cpu("unsharp,cas,sobel,deband", 10, 1000, false));
    ck_assert(!prefers_cpu("unsharp,cas,sobel,deband", 10, 1, true));
    ck_assert(!prefers_cpu("nlmeans", 25, 1, false));
}
END_TEST

START_TEST(copying_has_to_be_worth_it)
{
    ck_assert(prefers_cpu("hflip", 0, 1, false));
    ck_assert(prefers_cpu("hflip", 100000, 1, true));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cost");
    TCase *tests = tcase_create("choice");
    tcase_add_test(tests, counts_bytes_that_are_copied);
    tcase_add_test(tests, more_work_costs_more);
    tcase_add_test(tests, device_has_to_be_worth_its_start);
    tcase_add_test(tests, copying_has_to_be_worth_it);
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
