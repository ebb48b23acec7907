// SPDX-License-Identifier: MIT
// A row of messages, first in, first out, for one thread; it grows as needed.
#pragma once

#include <stdbool.h>

#include "lib/base/error.h"
#include "lib/media/message.h"

struct wr_messages {
    struct wr_message *items;
    int head, count, capacity;
};

// Appends the message and takes it over; drops it on failure, which is out of memory.
enum wr_status wr_messages_put(struct wr_messages *row, struct wr_message *message,
                               struct wr_error *error);

// The oldest message, which stays in the row; NULL if there is none.
const struct wr_message *wr_messages_first(const struct wr_messages *row);

// Hands the oldest message over; false if there is none.
bool wr_messages_get(struct wr_messages *row, struct wr_message *message);

void wr_messages_clear(struct wr_messages *row); // drops all, frees the row's memory

// What was read of the input before anything is written: rows, one behind the other, NULL for none.
struct wr_ahead {
    const struct wr_messages *rows[2];
};

// Packet number n of a stream, from 0, which stays in its row; NULL if there is none.
const struct AVPacket *wr_ahead_packet(const struct wr_ahead *ahead, int stream, int n);
