// SPDX-License-Identifier: MIT
// Reads messages in the wire format of Protocol Buffers.
#include "kernels/model/protobuf.h"

struct wr_protobuf wr_protobuf_of(const void *data, size_t size)
{
    const uint8_t *const first = data;
    return (struct wr_protobuf){first, size ? first + size : first, false};
}

size_t wr_protobuf_size(const struct wr_protobuf *message)
{
    return (size_t)(message->end - message->at);
}

static bool stop(struct wr_protobuf *message)
{
    message->is_broken = true;
    message->at = message->end;
    return false;
}

static bool take_varint(struct wr_protobuf *message, uint64_t *number)
{
    *number = 0;
    for (int shift = 0; shift < 70 && message->at < message->end; shift += 7) {
        const uint8_t byte = *message->at++;
        *number |= shift < 64 ? (uint64_t)(byte & 127) << shift : 0;
        if (!(byte & 128))
            return true;
    }
    return stop(message);
}

static bool take_fixed(struct wr_protobuf *message, size_t size, uint64_t *number)
{
    if (wr_protobuf_size(message) < size)
        return stop(message);
    *number = 0;
    for (size_t n = 0; n < size; n++)
        *number |= (uint64_t)*message->at++ << (8 * n);
    return true;
}

bool wr_protobuf_number(struct wr_protobuf *message, enum wr_wire wire, uint64_t *number)
{
    if (message->at == message->end)
        return false;
    switch (wire) {
    case WR_WIRE_64:
        return take_fixed(message, 8, number);
    case WR_WIRE_32:
        return take_fixed(message, 4, number);
    default:
        return take_varint(message, number);
    }
}

static bool take_bytes(struct wr_protobuf *message, struct wr_protobuf *bytes)
{
    uint64_t size;
    if (!take_varint(message, &size))
        return false;
    if (size > wr_protobuf_size(message))
        return stop(message);
    *bytes = wr_protobuf_of(message->at, (size_t)size);
    message->at += size;
    return true;
}

bool wr_protobuf_next(struct wr_protobuf *message, struct wr_field *field)
{
    uint64_t key;
    if (message->at == message->end || !take_varint(message, &key))
        return false;
    *field = (struct wr_field){.number = (uint32_t)(key >> 3), .wire = (enum wr_wire)(key & 7)};
    switch (field->wire) {
    case WR_WIRE_NUMBER:
        return take_varint(message, &field->value);
    case WR_WIRE_64:
        return take_fixed(message, 8, &field->value);
    case WR_WIRE_32:
        return take_fixed(message, 4, &field->value);
    case WR_WIRE_BYTES:
        return take_bytes(message, &field->bytes);
    }
    return stop(message);
}
