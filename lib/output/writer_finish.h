// SPDX-License-Identifier: MIT
// Ends a file, and gives it its name.
#pragma once

#include "lib/warpreel.h"

struct wr_writer;

// Writes one more packet of those the encoder holds back; call it until it says WR_END: then the
// file is complete, but has no name yet.
int wr_writer_flush(struct wr_writer *writer, struct wr_error *error);

// Gives the flushed file its name.
enum wr_status wr_writer_finish(struct wr_writer *writer, struct wr_error *error);
