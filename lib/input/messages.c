// SPDX-License-Identifier: MIT
// Keeps a row of messages in one array, which moves to the front before it grows.
#include "lib/input/messages.h"

#include <libavcodec/packet.h>
#include <stdlib.h>
#include <string.h>

enum wr_status wr_messages_put(struct wr_messages *row, struct wr_message *message,
                               struct wr_error *error)
{
    if (row->head > 0 && row->head + row->count == row->capacity) {
        memmove(row->items, row->items + row->head, (size_t)row->count * sizeof *row->items);
        row->head = 0;
    }
    if (row->count == row->capacity) {
        const int capacity = row->capacity ? 2 * row->capacity : 64;
        struct wr_message *items = realloc(row->items, (size_t)capacity * sizeof *items);
        if (!items) {
            wr_message_drop(message);
            return wr_fail(error, WR_FAILED, "out of memory");
        }
        row->items = items;
        row->capacity = capacity;
    }
    row->items[row->head + row->count++] = *message;
    return WR_OK;
}

const struct wr_message *wr_messages_first(const struct wr_messages *row)
{
    return row->count ? &row->items[row->head] : NULL;
}

bool wr_messages_get(struct wr_messages *row, struct wr_message *message)
{
    if (!row->count)
        return false;
    *message = row->items[row->head++];
    if (!--row->count)
        row->head = 0;
    return true;
}

void wr_messages_clear(struct wr_messages *row)
{
    struct wr_message message;
    while (wr_messages_get(row, &message))
        wr_message_drop(&message);
    free(row->items);
    *row = (struct wr_messages){0};
}

const AVPacket *wr_ahead_packet(const struct wr_ahead *ahead, int stream, int n)
{
    for (size_t k = 0; k < sizeof ahead->rows / sizeof *ahead->rows; k++) {
        const struct wr_messages *row = ahead->rows[k];
        for (int i = 0; row && i < row->count; i++) {
            const struct wr_message *message = &row->items[row->head + i];
            const bool is_one = message->packet && !message->is_end;
            if (is_one && message->packet->stream_index == stream && !n--)
                return message->packet;
        }
    }
    return NULL;
}
