// SPDX-License-Identifier: MIT
// What a part says of itself, by which it is known what belongs to it.
#pragma once

#include "lib/output/video/encoder.h"
#include "lib/output/chunks/part_file.h"

// Fills in the head of a part. The input must be a file that can be read again.
enum wr_status wr_part_words_make(struct wr_part_head *head, const struct wr_encoder *encoder,
                                  const struct wr_writer_options *options,
                                  const struct wr_source *source, const char *chain,
                                  struct wr_error *error);
