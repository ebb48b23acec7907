// SPDX-License-Identifier: MIT
// A bounded queue between two threads; end of stream, failure and cancellation travel through it.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/error.h"

struct wr_queue;

// What a closed queue says instead of an item; failures are the ordinary status codes.
#define WR_END (-1)

enum wr_status wr_queue_open(struct wr_queue **queue, size_t item_size, size_t capacity);

// Copies *item in; waits while the queue is full. Returns 0, or what the queue was closed with:
// then the item stays with the caller.
int wr_queue_send(struct wr_queue *queue, const void *item);

// For senders that must not wait: keeps room for one item, waiting until there is some. Returns 0,
// or what the queue was closed with. Only one thread may send and reserve.
int wr_queue_reserve(struct wr_queue *queue);

// Whether wr_queue_send or wr_queue_reserve would not have to wait.
bool wr_queue_has_room(struct wr_queue *queue);

// As wr_queue_send, into room that was reserved, from any thread: never waits.
int wr_queue_send_reserved(struct wr_queue *queue, const void *item);

// Whether wr_queue_receive would not have to wait.
bool wr_queue_has_item(struct wr_queue *queue);

// Copies the oldest item out; waits while the queue is empty. Returns 0, or what the queue was
// closed with: WR_END only once everything sent before has been received, a failure at once.
int wr_queue_receive(struct wr_queue *queue, void *item);

// The receiver says that it has enough: it goes on to take items, but has no use for all of them
// any more. A sender who asks need not make those. From any thread.
void wr_queue_set_enough(struct wr_queue *queue);
bool wr_queue_has_enough(const struct wr_queue *queue);

// Either side says that it is done: WR_END or a failure. A failure overrides WR_END; otherwise the
// first word stands. Wakes both sides.
void wr_queue_finish(struct wr_queue *queue, int status);

// Non-zero (the status) once finished.
int wr_queue_status(struct wr_queue *queue);

// A descriptor that becomes readable once the queue is finished, for those who wait in poll().
int wr_queue_finished(const struct wr_queue *queue);

// Frees the queue; items still inside are handed to drop (may be NULL). Tolerates NULL.
void wr_queue_close(struct wr_queue **queue, void (*drop)(void *item));
