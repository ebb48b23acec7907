// SPDX-License-Identifier: MIT
// The queue between stages, the pool of workers, and how these are stopped.
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>

#include "lib/engine/executor.h"
#include "lib/base/pool.h"
#include "lib/base/queue.h"
#include "tests/support.h"

enum { ITEMS = 10000 };

static void *send_numbers(void *queue)
{
    for (int n = 0; n < ITEMS; n++)
        if (wr_queue_send(queue, &n))
            return NULL;
    wr_queue_finish(queue, WR_END);
    return NULL;
}

START_TEST(items_arrive_in_order_then_the_end)
{
    struct wr_queue *queue;
    ck_assert(!wr_queue_open(&queue, sizeof(int), 3));
    pthread_t sender;
    ck_assert(!pthread_create(&sender, NULL, send_numbers, queue));
    int item;
    for (int n = 0; n < ITEMS; n++) {
        ck_assert_int_eq(wr_queue_receive(queue, &item), 0);
        ck_assert_int_eq(item, n);
    }
    ck_assert_int_eq(wr_queue_receive(queue, &item), WR_END);
    pthread_join(sender, NULL);
    wr_queue_close(&queue, NULL);
}
END_TEST

START_TEST(a_receiver_that_stops_frees_the_sender)
{
    struct wr_queue *queue;
    ck_assert(!wr_queue_open(&queue, sizeof(int), 3));
    pthread_t sender;
    ck_assert(!pthread_create(&sender, NULL, send_numbers, queue));
    int item;
    ck_assert_int_eq(wr_queue_receive(queue, &item), 0);
    wr_queue_finish(queue, WR_FAILED);
    pthread_join(sender, NULL); // would hang
    ck_assert_int_eq(wr_queue_receive(queue, &item), WR_FAILED);
    wr_queue_close(&queue, NULL);
}
END_TEST

START_TEST(a_failure_overrides_the_end_but_not_another)
{
    struct wr_queue *queue;
    const int sent = 1;
    int item;
    ck_assert(!wr_queue_open(&queue, sizeof(int), 3));
    ck_assert_int_eq(wr_queue_send(queue, &sent), 0);
    wr_queue_finish(queue, WR_END);
    ck_assert_int_eq(wr_queue_send(queue, &sent), WR_END);
    wr_queue_finish(queue, WR_INTERRUPTED);
    wr_queue_finish(queue, WR_FAILED);
    ck_assert_int_eq(wr_queue_status(queue), WR_INTERRUPTED);
    ck_assert_int_eq(wr_queue_receive(queue, &item), WR_INTERRUPTED);
    wr_queue_close(&queue, NULL);
}
END_TEST

static int dropped;

static void count_drop(void *item)
{
    dropped += *(int *)item;
}

START_TEST(what_is_left_is_dropped)
{
    struct wr_queue *queue;
    ck_assert(!wr_queue_open(&queue, sizeof(int), 4));
    for (int n = 1; n <= 3; n++)
        ck_assert_int_eq(wr_queue_send(queue, &n), 0);
    wr_queue_close(&queue, count_drop);
    ck_assert_int_eq(dropped, 6);
    ck_assert_ptr_null(queue);
    wr_queue_close(&queue, count_drop);
}
END_TEST

struct tally {
    atomic_int sum;
    atomic_int busy[8];
};

static void add(void *context, int item, int worker)
{
    struct tally *tally = context;
    ck_assert_int_eq(atomic_fetch_add(&tally->busy[worker], 1), 0);
    atomic_fetch_add(&tally->sum, item);
    atomic_fetch_sub(&tally->busy[worker], 1);
}

START_TEST(the_pool_does_every_item_once)
{
    struct wr_error error;
    for (int threads = 1; threads <= 8; threads++) {
        struct wr_pool *pool;
        ck_assert(!wr_pool_open(&pool, threads, &error));
        ck_assert_int_eq(wr_pool_threads(pool), threads);
        for (int round = 0; round < 50; round++) {
            struct tally tally = {0};
            wr_pool_run(pool, 100, add, &tally);
            ck_assert_int_eq(tally.sum, 4950);
        }
        struct tally none = {0};
        wr_pool_run(pool, 0, add, &none);
        ck_assert_int_eq(none.sum, 0);
        wr_pool_close(&pool);
    }
}
END_TEST

// Lets it be asked as often as opaque says.
static int give_up_after(void *opaque)
{
    return atomic_fetch_sub((atomic_int *)opaque, 1) <= 0;
}

// Submits two frames of 64 rows in bands; returns how often it was asked.
static int ask(int patience, enum wr_status *status, struct wr_error *error)
{
    atomic_int left = patience;
    const struct wr_format format = test_format("gray", 8, 40, 64);
    const struct wr_executor_options options = {.batch = 2, .threads = 3, .band_rows = 8};
    struct test_frames in = test_frames_new(&format, 2), out = test_frames_new(&format, 2);
    struct wr_program program;
    struct wr_executor *executor;
    test_frames_fill(&in, 1);
    ck_assert(!test_lower("negate", &format, &program, NULL, error));
    ck_assert(!wr_executor_open(&executor, "cpu", &program, &options, error));
    const struct wr_batch batch = {.size = 2,
                                   .valid = 2,
                                   .in = in.images,
                                   .out = out.images,
                                   .is_given_up = give_up_after,
                                   .opaque = &left};
    *status = executor->type->submit(executor, &batch, error);
    for (int n = 0; n < 2 && !*status; n++)
        for (int y = 0; y < 64; y++)
            for (int x = 0; x < 40; x++)
                ck_assert_int_eq(test_get(&out, n, 0, x, y), 255 - test_get(&in, n, 0, x, y));
    wr_executor_close(&executor);
    wr_program_close(&program);
    test_frames_free(&in);
    test_frames_free(&out);
    return patience - left;
}

START_TEST(what_is_given_up_is_not_computed)
{
    struct wr_error error;
    enum wr_status status;
    const int bands = ask(INT_MAX, &status, &error);
    ck_assert_int_eq(status, WR_OK);
    ck_assert_int_gt(bands, 2);
    for (int patience = 0; patience < bands; patience++) {
        ask(patience, &status, &error);
        ck_assert_int_eq(status, WR_INTERRUPTED);
        ck_assert_str_eq(error.text, "interrupted");
    }
    ask(bands, &status, &error);
    ck_assert_int_eq(status, WR_OK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("threads");
    TCase *tests = tcase_create("queue and pool");
    tcase_add_test(tests, items_arrive_in_order_then_the_end);
    tcase_add_test(tests, a_receiver_that_stops_frees_the_sender);
    tcase_add_test(tests, a_failure_overrides_the_end_but_not_another);
    tcase_add_test(tests, what_is_left_is_dropped);
    tcase_add_test(tests, the_pool_does_every_item_once);
    tcase_add_test(tests, what_is_given_up_is_not_computed);
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
