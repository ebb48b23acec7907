// SPDX-License-Identifier: MIT
// What becomes of each stream of the source.
#pragma once

#include "lib/input/source.h"
#include "lib/output/converter.h"
#include "lib/output/output_plan.h"
#include "lib/output/target.h"

// What becomes of a stream of the source.
struct wr_route {
    bool chosen;                    // it comes into the output
    int output;                     // its stream there, -1: none
    AVRational time_base;           // of its packets as they come
    bool from_zero;                 // packets before time 0 only lead up to it: they are not copied
    bool in_header;                 // it has no packets: an attached file
    struct wr_converter *converter; // owned; NULL if packets are copied
};

// The output as it is put together. All is borrowed.
struct wr_selection {
    const struct wr_output_plan *plan;
    const struct wr_writer_options *options;
    const struct wr_target *target;
    const AVCodecContext *encoder;
    const struct wr_source *source;
    struct wr_route *routes; // of the source's streams;
};
