// SPDX-License-Identifier: MIT
// Opens what writes a file.
#pragma once

#include "lib/input/reader.h"
#include "lib/output/output_plan.h"

struct wr_writer;

// Opens a container for packets that are copied, and sound and text that is converted; the plan is
// as of wr_output_plan_make_copy. The source, and what was read of it ahead, must outlive this call
// only. Else as wr_writer_open.
enum wr_status wr_writer_open_copy(struct wr_writer **writer, const struct wr_output_plan *plan,
                                   const struct wr_writer_options *options,
                                   const struct wr_source *source, const struct wr_ahead *ahead,
                                   struct wr_report *report, int (*interrupted)(void *),
                                   void *opaque, struct wr_error *error);

// Opens the planned encoder and container beside the final name. Plan and options are copied; the
// strings of the options must outlive the writer. The reader, which says what there is to know of
// the source, must outlive this call only. Streams that the container cannot hold are left out;
// that is said through options->log. Fills in report->output and report->streams; the report must
// outlive the writer. `interrupted` may be NULL; it is asked during blocking writes and ends them
// by returning non-zero. On failure *writer is NULL.
enum wr_status wr_writer_open(struct wr_writer **writer, const struct wr_output_plan *plan,
                              const struct wr_writer_options *options,
                              const struct wr_reader *reader, struct wr_report *report,
                              int (*interrupted)(void *), void *opaque, struct wr_error *error);
