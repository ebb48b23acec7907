// SPDX-License-Identifier: MIT
// Reads messages in the wire format of Protocol Buffers, one field after the other, in place. It
// never reads outside the message and never calls itself.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wr_protobuf {
    const uint8_t *at, *end;
    bool is_broken; // it did not end where a field ends
};

enum wr_wire { WR_WIRE_NUMBER = 0, WR_WIRE_64 = 1, WR_WIRE_BYTES = 2, WR_WIRE_32 = 5 };

struct wr_field {
    uint32_t number;
    enum wr_wire wire;
    uint64_t value;           // of a number, and the bits of 32 or 64
    struct wr_protobuf bytes; // empty otherwise
};

struct wr_protobuf wr_protobuf_of(const void *data, size_t size);

// How many bytes are left.
size_t wr_protobuf_size(const struct wr_protobuf *message);

// Takes the next field. False at the end and at what is not a field.
bool wr_protobuf_next(struct wr_protobuf *message, struct wr_field *field);

// Takes the next number of a packed list, as of wire type `wire`. False as wr_protobuf_next().
bool wr_protobuf_number(struct wr_protobuf *message, enum wr_wire wire, uint64_t *number);
