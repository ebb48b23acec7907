// SPDX-License-Identifier: MIT
// Packets of a source on their way into the file: copied as they are, or through a converter.
#pragma once

#include "lib/output/writer_parts.h"

// Gives a packet to every stream of the output that takes its stream. is_end: it is empty, and no
// more will come of that stream. Consumes the packet on success, leaves it untouched on failure.
enum wr_status wr_writer_send_packet(struct wr_writer *writer, AVPacket **packet, bool is_end,
                                     struct wr_error *error);

// Writes what the route's converter has ready.
enum wr_status wr_writer_write_converted(struct wr_writer *writer,
                                         const struct wr_stream_route *route,
                                         struct wr_error *error);

// Writes the packets that waited for the first frame.
enum wr_status wr_writer_release(struct wr_writer *writer, struct wr_error *error);
