// SPDX-License-Identifier: MIT
// A bounded queue between two threads.
#include "lib/base/queue.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct wr_queue {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int status;   // 0 while open
    int finished; // an eventfd, counted up once status is set
    atomic_bool has_enough;
    size_t item_size, capacity, count, first;
    size_t reserved; // of the capacity, for items that are still to come
    unsigned char items[];
};

enum wr_status wr_queue_open(struct wr_queue **queue, size_t item_size, size_t capacity)
{
    struct wr_queue *q = calloc(1, sizeof *q + item_size * capacity);
    *queue = q;
    if (!q)
        return WR_FAILED;
    q->finished = eventfd(0, EFD_CLOEXEC);
    if (q->finished < 0) {
        free(q);
        *queue = NULL;
        return WR_FAILED;
    }
    q->item_size = item_size;
    q->capacity = capacity;
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->changed, NULL);
    return WR_OK;
}

static void *slot(struct wr_queue *q, size_t n)
{
    return q->items + (q->first + n) % q->capacity * q->item_size;
}

static bool is_full(const struct wr_queue *q)
{
    return q->count + q->reserved == q->capacity;
}

// Waits for room; what it returns is the status. With the lock.
static int wait_for_room(struct wr_queue *q)
{
    while (!q->status && is_full(q))
        pthread_cond_wait(&q->changed, &q->lock);
    return q->status;
}

static void append(struct wr_queue *q, const void *item)
{
    memcpy(slot(q, q->count++), item, q->item_size);
    pthread_cond_broadcast(&q->changed);
}

int wr_queue_send(struct wr_queue *q, const void *item)
{
    pthread_mutex_lock(&q->lock);
    const int status = wait_for_room(q);
    if (!status)
        append(q, item);
    pthread_mutex_unlock(&q->lock);
    return status;
}

int wr_queue_reserve(struct wr_queue *q)
{
    pthread_mutex_lock(&q->lock);
    const int status = wait_for_room(q);
    q->reserved += !status;
    pthread_mutex_unlock(&q->lock);
    return status;
}

bool wr_queue_has_room(struct wr_queue *q)
{
    pthread_mutex_lock(&q->lock);
    const bool has_room = q->status || !is_full(q);
    pthread_mutex_unlock(&q->lock);
    return has_room;
}

int wr_queue_send_reserved(struct wr_queue *q, const void *item)
{
    pthread_mutex_lock(&q->lock);
    const int status = q->status;
    q->reserved--;
    if (!status)
        append(q, item);
    pthread_mutex_unlock(&q->lock);
    return status;
}

bool wr_queue_has_item(struct wr_queue *q)
{
    pthread_mutex_lock(&q->lock);
    const bool has_item = q->status || q->count;
    pthread_mutex_unlock(&q->lock);
    return has_item;
}

int wr_queue_receive(struct wr_queue *q, void *item)
{
    pthread_mutex_lock(&q->lock);
    while (!q->status && !q->count)
        pthread_cond_wait(&q->changed, &q->lock);
    int status = q->status;
    if (q->count && (!status || status == WR_END)) {
        status = 0;
        memcpy(item, slot(q, 0), q->item_size);
        q->first = (q->first + 1) % q->capacity;
        q->count--;
        pthread_cond_broadcast(&q->changed);
    }
    pthread_mutex_unlock(&q->lock);
    return status;
}

void wr_queue_set_enough(struct wr_queue *q)
{
    atomic_store(&q->has_enough, true);
}

bool wr_queue_has_enough(const struct wr_queue *q)
{
    return atomic_load(&q->has_enough);
}

void wr_queue_finish(struct wr_queue *q, int status)
{
    pthread_mutex_lock(&q->lock);
    if (!q->status)
        eventfd_write(q->finished, 1);
    if (!q->status || q->status == WR_END)
        q->status = status;
    pthread_cond_broadcast(&q->changed);
    pthread_mutex_unlock(&q->lock);
}

int wr_queue_status(struct wr_queue *q)
{
    pthread_mutex_lock(&q->lock);
    const int status = q->status;
    pthread_mutex_unlock(&q->lock);
    return status;
}

int wr_queue_finished(const struct wr_queue *q)
{
    return q->finished;
}

void wr_queue_close(struct wr_queue **queue, void (*drop)(void *item))
{
    struct wr_queue *q = *queue;
    if (!q)
        return;
    for (size_t n = 0; drop && n < q->count; n++)
        drop(slot(q, n));
    close(q->finished);
    pthread_cond_destroy(&q->changed);
    pthread_mutex_destroy(&q->lock);
    free(q);
    *queue = NULL;
}
