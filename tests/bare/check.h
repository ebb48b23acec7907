// SPDX-License-Identifier: MIT
// As much of the Check library as the unit tests use, for machines that have not got it: tests run
// one after the other in one process, and a failing one is left at once.
#pragma once

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct Suite Suite;
typedef struct TCase TCase;
typedef struct SRunner SRunner;
typedef struct TTest {
    const char *name;
    void (*run)(int _i);
} TTest;

enum print_output { CK_ENV };

Suite *suite_create(const char *name);
TCase *tcase_create(const char *name);
void suite_add_tcase(Suite *suite, TCase *tcase);
void tcase_set_timeout(TCase *tcase, double seconds); // no test is stopped here
void tcase_add_checked_fixture(TCase *tcase, void (*setup)(void), void (*teardown)(void));
void tcase_add_loop_test(TCase *tcase, const TTest *test, int start, int end);
#define tcase_add_test(tcase, test) tcase_add_loop_test(tcase, test, 0, 1)

SRunner *srunner_create(Suite *suite); // takes the suite
void srunner_run_all(SRunner *runner, enum print_output mode);
int srunner_ntests_failed(SRunner *runner);
void srunner_free(SRunner *runner);

// Says what failed and leaves the test that is running.
_Noreturn void bare_fail(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define START_TEST(name)                                                                           \
    static void name##_run(int _i);                                                                \
    static const TTest name##_test = {#name, name##_run};                                          \
    static const TTest *const name = &name##_test;                                                 \
    static void name##_run(int _i __attribute__((unused)))
#define END_TEST

#define ck_abort_msg(...) bare_fail(__FILE__, __LINE__, __VA_ARGS__)
#define ck_assert_msg(condition, ...)                                                              \
    do {                                                                                           \
        if (!(condition))                                                                          \
            ck_abort_msg(__VA_ARGS__);                                                             \
    } while (0)
#define ck_assert(condition) ck_assert_msg(condition, "not true: %s", #condition)
#define BARE_COMPARE(type, format, a, op, b)                                                       \
    do {                                                                                           \
        const type a_ = (a), b_ = (b);                                                             \
        ck_assert_msg(a_ op b_, "not true: %s " #op " %s (" format ", " format ")", #a, #b, a_,    \
                      b_);                                                                         \
    } while (0)
#define ck_assert_int_eq(a, b) BARE_COMPARE(long long, "%lld", a, ==, b)
#define ck_assert_int_ge(a, b) BARE_COMPARE(long long, "%lld", a, >=, b)
#define ck_assert_int_gt(a, b) BARE_COMPARE(long long, "%lld", a, >, b)
#define ck_assert_int_le(a, b) BARE_COMPARE(long long, "%lld", a, <=, b)
#define ck_assert_int_lt(a, b) BARE_COMPARE(long long, "%lld", a, <, b)
#define ck_assert_int_ne(a, b) BARE_COMPARE(long long, "%lld", a, !=, b)
#define ck_assert_uint_eq(a, b) BARE_COMPARE(unsigned long long, "%llu", a, ==, b)
#define ck_assert_double_le(a, b) BARE_COMPARE(double, "%g", a, <=, b)
#define ck_assert_double_ge(a, b) BARE_COMPARE(double, "%g", a, >=, b)
#define ck_assert_double_eq_tol(a, b, tolerance)                                                   \
    ck_assert_msg(fabs((a) - (b)) < (tolerance), "%s is not %s", #a, #b)
#define ck_assert_ptr_eq(a, b) ck_assert((const void *)(a) == (const void *)(b))
#define ck_assert_ptr_null(a) ck_assert(!(a))
#define ck_assert_ptr_nonnull(a) ck_assert(a)
#define ck_assert_str_eq(a, b) ck_assert_msg(!strcmp(a, b), "\"%s\" is not \"%s\"", a, b)
#define ck_assert_mem_eq(a, b, bytes) ck_assert(!memcmp(a, b, bytes))
