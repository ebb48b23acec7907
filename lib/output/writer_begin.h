// SPDX-License-Identifier: MIT
// The beginning of a file whose header waits for the first frame.
#pragma once

#include "lib/output/writer_parts.h"

// Keeps a packet, which is taken over, until the first frame has come.
enum wr_status wr_writer_hold(struct wr_writer *writer, struct wr_message *message,
                              struct wr_error *error);

// Writes the header, which waited for the first frame, and the packets that came before it. NULL if
// no frame comes.
enum wr_status wr_writer_begin(struct wr_writer *writer, const AVFrame *first,
                               struct wr_error *error);
