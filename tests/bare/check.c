// SPDX-License-Identifier: MIT
// Runs tests one after the other; a failing one jumps out of itself.
#include "tests/bare/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

enum { MOST = 256 };

struct TCase {
    struct {
        const TTest *test;
        int start, end;
    } rows[MOST];
    int count;
    void (*setup)(void), (*teardown)(void);
};

struct Suite {
    const char *name;
    TCase *tcases[MOST];
    int count;
};

struct SRunner {
    Suite *suite;
    int run, failed;
};

static jmp_buf after_test;

static void *zeroed(size_t bytes)
{
    void *memory = calloc(1, bytes);
    if (!memory)
        abort();
    return memory;
}

Suite *suite_create(const char *name)
{
    Suite *suite = zeroed(sizeof *suite);
    suite->name = name;
    return suite;
}

TCase *tcase_create(const char *name)
{
    (void)name;
    return zeroed(sizeof(TCase));
}

void suite_add_tcase(Suite *suite, TCase *tcase)
{
    if (suite->count == MOST)
        abort();
    suite->tcases[suite->count++] = tcase;
}

void tcase_set_timeout(TCase *tcase, double seconds)
{
    (void)tcase;
    (void)seconds;
}

void tcase_add_checked_fixture(TCase *tcase, void (*setup)(void), void (*teardown)(void))
{
    tcase->setup = setup;
    tcase->teardown = teardown;
}

void tcase_add_loop_test(TCase *tcase, const TTest *test, int start, int end)
{
    if (tcase->count == MOST)
        abort();
    tcase->rows[tcase->count].test = test;
    tcase->rows[tcase->count].start = start;
    tcase->rows[tcase->count++].end = end;
}

SRunner *srunner_create(Suite *suite)
{
    SRunner *runner = zeroed(sizeof *runner);
    runner->suite = suite;
    return runner;
}

_Noreturn void bare_fail(const char *file, int line, const char *format, ...)
{
    va_list arguments;
    fprintf(stderr, "%s:%d: ", file, line);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    longjmp(after_test, 1);
}

static void run_test(SRunner *runner, const TCase *tcase, const TTest *test, int i)
{
    runner->run++;
    if (setjmp(after_test)) {
        fprintf(stderr, "FAILED: %s (%d)\n", test->name, i);
        runner->failed++;
        return;
    }
    if (tcase->setup)
        tcase->setup();
    test->run(i);
    if (tcase->teardown)
        tcase->teardown();
}

void srunner_run_all(SRunner *runner, enum print_output mode)
{
    (void)mode;
    for (int c = 0; c < runner->suite->count; c++) {
        const TCase *tcase = runner->suite->tcases[c];
        for (int n = 0; n < tcase->count; n++)
            for (int i = tcase->rows[n].start; i < tcase->rows[n].end; i++)
                run_test(runner, tcase, tcase->rows[n].test, i);
    }
    printf("%s: %d tests, %d failed\n", runner->suite->name, runner->run, runner->failed);
}

int srunner_ntests_failed(SRunner *runner)
{
    return runner->failed;
}

void srunner_free(SRunner *runner)
{
    for (int c = 0; c < runner->suite->count; c++)
        free(runner->suite->tcases[c]);
    free(runner->suite);
    free(runner);
}
