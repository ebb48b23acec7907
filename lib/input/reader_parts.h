// SPDX-License-Identifier: MIT
// What the parts of the reader share: opening it, and reading from it.
#pragma once

#include "lib/input/companions.h"
#include "lib/input/copies.h"
#include "lib/input/decode.h"
#include "lib/input/laps.h"
#include "lib/input/messages.h"
#include "lib/input/seek.h"
#include "lib/input/skip.h"
#include "lib/input/source.h"
#include "lib/input/timeline.h"

struct wr_reader {
    struct wr_source source;
    struct wr_seek seek;
    struct wr_skip skip;
    struct wr_decoder decoder;
    struct wr_copies copies;
    struct wr_companions companions;
    bool shortest, tells_ends;
    struct wr_timeline timeline;
    AVPacket *packet;         // being read
    struct wr_messages ready; // to be delivered next
    struct wr_error failure;  // to be reported when nothing is ready any more
    struct wr_laps laps;
    bool only_first;
    bool file_ended;
    int read_errors;      // in a row
    int64_t packets;      // of the video, since the beginning or the last seek
    int64_t frames;       // so far; the index of the next one
    int64_t frames_total; // expected, 0 if not known
    double duration;      // expected, in seconds, 0 if not known
};

// Reads one packet; after the end of the file asks the decoder for its last frames. Until the first
// frame is known, reading may go back.
enum wr_status wr_reader_step(struct wr_reader *reader, struct wr_error *error);

// Whether nothing more is to come from the reader's own file; further files may have more.
bool wr_reader_file_has_ended(const struct wr_reader *reader);
