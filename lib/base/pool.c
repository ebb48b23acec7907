// SPDX-License-Identifier: MIT
// A pool of threads that share out numbered pieces of work.
#include "lib/base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

struct worker {
    struct wr_pool *pool;
    pthread_t thread;
    int number;
};

struct wr_pool {
    pthread_mutex_t lock;
    pthread_cond_t started, ended, left;
    unsigned tickets; // the number that the next caller of wr_pool_run gets
    unsigned serving; // the number of the caller whose turn it is
    unsigned round;   // counts wr_pool_run
    int busy;         // threads that have not finished this round
    bool closing;
    void (*work)(void *context, int item, int worker);
    void *context;
    int count;
    atomic_int next; // first item nobody has taken
    int threads;     // with the caller
    struct worker workers[];
};

static void take_items(struct wr_pool *pool, int worker)
{
    for (;;) {
        const int item = atomic_fetch_add(&pool->next, 1);
        if (item >= pool->count)
            return;
        pool->work(pool->context, item, worker);
    }
}

static void *run_worker(void *argument)
{
    const struct worker *worker = argument;
    struct wr_pool *pool = worker->pool;
    unsigned round = 0;
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (pool->round == round && !pool->closing)
            pthread_cond_wait(&pool->started, &pool->lock);
        if (pool->closing)
            break;
        round = pool->round;
        pthread_mutex_unlock(&pool->lock);
        take_items(pool, worker->number);
        pthread_mutex_lock(&pool->lock);
        if (--pool->busy == 0)
            pthread_cond_signal(&pool->ended);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

// The processors this process may use, which can be fewer than there are.
static int processors(void)
{
    cpu_set_t set;
    const int count = sched_getaffinity(0, sizeof set, &set) ? 0 : CPU_COUNT(&set);
    return count > 0 ? count : (int)sysconf(_SC_NPROCESSORS_ONLN);
}

int wr_pool_size(int threads)
{
    if (threads <= 0)
        threads = processors();
    return threads < 1 ? 1 : threads;
}

enum wr_status wr_pool_open(struct wr_pool **pool, int threads, struct wr_error *error)
{
    threads = wr_pool_size(threads);
    struct wr_pool *p = calloc(1, sizeof *p + (size_t)threads * sizeof p->workers[0]);
    *pool = p;
    if (!p)
        return wr_fail(error, WR_FAILED, "out of memory while starting %d threads", threads);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->started, NULL);
    pthread_cond_init(&p->ended, NULL);
    pthread_cond_init(&p->left, NULL);
    for (p->threads = 1; p->threads < threads; p->threads++) {
        struct worker *worker = &p->workers[p->threads];
        worker->pool = p;
        worker->number = p->threads;
        if (pthread_create(&worker->thread, NULL, run_worker, worker)) {
            wr_pool_close(pool);
            return wr_fail(error, WR_FAILED, "cannot start %d threads", threads);
        }
    }
    return WR_OK;
}

int wr_pool_threads(const struct wr_pool *pool)
{
    return pool->threads;
}

void wr_pool_run(struct wr_pool *pool, int count, void (*work)(void *context, int item, int worker),
                 void *context)
{
    pthread_mutex_lock(&pool->lock);
    for (const unsigned ticket = pool->tickets++; ticket != pool->serving;)
        pthread_cond_wait(&pool->left, &pool->lock);
    pool->work = work;
    pool->context = context;
    pool->count = count;
    atomic_store(&pool->next, 0);
    pool->busy = pool->threads - 1;
    pool->round++;
    pthread_cond_broadcast(&pool->started);
    pthread_mutex_unlock(&pool->lock);

    take_items(pool, 0);

    pthread_mutex_lock(&pool->lock);
    while (pool->busy)
        pthread_cond_wait(&pool->ended, &pool->lock);
    pool->serving++;
    if (pool->serving != pool->tickets)
        pthread_cond_broadcast(&pool->left);
    pthread_mutex_unlock(&pool->lock);
}

void wr_pool_close(struct wr_pool **pool)
{
    struct wr_pool *p = *pool;
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->closing = true;
    pthread_cond_broadcast(&p->started);
    pthread_mutex_unlock(&p->lock);
    for (int n = 1; n < p->threads; n++)
        pthread_join(p->workers[n].thread, NULL);
    pthread_cond_destroy(&p->left);
    pthread_cond_destroy(&p->ended);
    pthread_cond_destroy(&p->started);
    pthread_mutex_destroy(&p->lock);
    free(p);
    *pool = NULL;
}
