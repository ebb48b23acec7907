// SPDX-License-Identifier: MIT
// The planner on google/minimalloc's public instances, and the reader of such files.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/plans.h"
#include "tests/support.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

// google/minimalloc's public instances, and what the plain skyline makes of them.
static const struct {
    const char *name;
    int64_t skyline;
} public[] = {{"A", 1218560}, {"B", 1284096}, {"C", 1311744}, {"D", 1190912},
              {"E", 1471488}, {"F", 1333248}, {"G", 1280000}, {"H", 1316864},
              {"I", 1464320}, {"J", 1137664}, {"K", 1256448}};

// Plans, verifies; the caller closes the plan.
static struct wr_plan planned(const struct plan_instance *instance, bool plain_skyline)
{
    const struct wr_plan_options options = {.alignment = 1, .plain_skyline = plain_skyline};
    struct wr_plan plan;
    struct wr_error error;
    ck_assert_msg(!wr_plan_open(&plan, instance->blocks, instance->count, &options, &error), "%s",
                  error.text);
    ck_assert_msg(!wr_plan_check(&plan, instance->blocks, instance->count, 1, &error), "%s",
                  error.text);
    return plan;
}

START_TEST(public_instances)
{
    const char *folder = getenv("WARPREEL_PLANS");
    folder = folder ? folder : WARPREEL_SOURCE "/../shared/plans";
    double sum = 0;
    for (int n = 0; n < COUNT(public); n++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s.1048576.csv", folder, public[n].name);
        struct plan_instance instance;
        struct wr_error error;
        if (plan_instance_read(&instance, path, &error)) {
            ck_assert_msg(n == 0 && !getenv("WARPREEL_PLANS"), "%s", error.text);
            printf("skipped the public instances: %s\n", error.text);
            return;
        }
        struct wr_plan skyline = planned(&instance, true);
        struct wr_plan plan = planned(&instance, false);
        ck_assert_int_eq(skyline.peak, public[n].skyline);
        const double ratio = (double)plan.peak / (double)plan.lower_bound;
        ck_assert_msg(ratio <= 1.16, "%s: %f", public[n].name, ratio);
        sum += ratio;
        wr_plan_close(&skyline);
        wr_plan_close(&plan);
        plan_instance_free(&instance);
    }
    ck_assert_double_le(sum / COUNT(public), 1.12);
}
END_TEST

static const struct {
    const char *text, *sentence; // NULL where it is sound
} files[] = {
    {"id,lower,upper,size\nb1,0,3,4\nb2,3,9,4", NULL},
    {"id,lower,upper,size\r\nb1,0,3,4\r\n", NULL},
    {"id,lower,upper,size\n", NULL},
    {"", "the file is empty"},
    {"0,0,3,4\n", "line 1 is not"},
    {"id,lower,upper,size\n0,0,3\n", "line 2 is not"},
    {"id,lower,upper,size\n0,0,3,4,5\n", "line 2 is not"},
    {"id,lower,upper,size\n0,0,3,4\n0,0,three,4\n", "line 3 is not"},
    {"id,lower,upper,size\n0,3,0,4\n", "line 2 is not"},
    {"id,lower,upper,size\n0,0,3,-4\n", "line 2 is not"},
    {"id,lower,upper,size\n0,0,3, 4\n", "line 2 is not"},
    {"id,lower,upper,size\n0,0,3,99999999999999999999\n", "line 2 is not"},
    {"id,lower,upper,size\n\n0,0,3,4\n", "line 2 is not"},
};

START_TEST(instance_files)
{
    char path[] = "/tmp/warpreel-plan-XXXXXX";
    const int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    FILE *file = fdopen(descriptor, "w");
    fputs(files[_i].text, file);
    fclose(file);
    struct plan_instance instance;
    struct wr_error error;
    const enum wr_status status = plan_instance_read(&instance, path, &error);
    remove(path);
    ck_assert_int_eq(status, files[_i].sentence ? WR_USAGE : WR_OK);
    if (files[_i].sentence)
        ck_assert_msg(strstr(error.text, files[_i].sentence) != NULL, "%s", error.text);
    plan_instance_free(&instance);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("instances");
    TCase *tests = tcase_create("instances");
    tcase_set_timeout(tests, 600); // sanitizers are slow
    tcase_add_test(tests, public_instances);
    tcase_add_loop_test(tests, instance_files, 0, COUNT(files));
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
