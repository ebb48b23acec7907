// SPDX-License-Identifier: MIT
// What libraries of FFmpeg log, beyond what they can tell otherwise.
#pragma once

#include <libavfilter/avfilter.h>
#include <stdatomic.h>

struct wr_log;
struct wr_patched;
struct wr_surfaces;

// What `opaque` of a decoder points to.
struct wr_decoder_opaque {
    atomic_int *complaints;       // counts the errors that it logs
    struct wr_patched *patched;   // marks the pictures that it patches up
    struct wr_surfaces *surfaces; // where its frames lie
};

// Filters that run on this thread tell what they find there, from now on; NULL: nowhere.
void wr_findings_go_to(const struct wr_log *log);
