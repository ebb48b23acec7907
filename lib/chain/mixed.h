// SPDX-License-Identifier: MIT
// Filters of both pictures and sound: `concat` with v=1:a=1, showwaves.
//
// Such filters run twice, once for their pictures and once for their sound. Each half reads what it
// needs of the other kind from the file by itself (movie, amovie) and drops what it makes of it, so
// that both halves do the same at the same times.
#pragma once

#include <libavutil/avutil.h>
#include <stdint.h>

#include "lib/chain/graph.h"

// A file that a graph names by its number. Strings are borrowed.
struct wr_chain_file {
    const char *name, *format; // NULL for a format that is found out
    double seek;               // seconds of the file's time that are left out at its beginning
    double begin,
        end; // where that is by the file's own clock, and where it ends; INFINITY: nowhere
};

struct wr_chain_files {
    const void *from;
    int count;
    const char *const *wanted; // labels that the job writes, "[a]", of a graph that has others for
                               // further jobs; NULL: all that there are
    // Finds out what is to be known of one of them. Fails where it cannot be read once more, or has
    // nothing of the type.
    enum wr_status (*find)(const struct wr_chain_files *files, int number, enum AVMediaType type,
                           struct wr_chain_file *file, struct wr_error *error);
};

// What becomes of a graph with such filters. The caller closes it, also after a failure.
struct wr_mixed {
    struct wr_graph sound; // makes the sound, and drops pictures; may be empty
    char *drawn;           // makes pictures of sound alone, for the device lavfi; NULL for none
    char *label;           // behind these, NULL for none
    uint32_t reread;       // bit N is set if file N is read once more
};

// Takes the sound out of such filters of a graph: what they hear comes from sources within the
// graph, and what sounds is dropped. Where the graph takes no pictures of a file, it is empty then.
enum wr_status wr_mixed_split(struct wr_mixed *mixed, struct wr_graph *graph,
                              const struct wr_chain_files *files, struct wr_error *error);

// Tolerates what is zeroed or closed.
void wr_mixed_close(struct wr_mixed *mixed);
