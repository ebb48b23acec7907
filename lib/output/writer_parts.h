// SPDX-License-Identifier: MIT
// What the parts of the writer share: opening it, sending packets, finishing the file.
#pragma once

#include "lib/input/messages.h"
#include "lib/output/chunks/chunks.h"
#include "lib/output/video/durations.h"
#include "lib/output/video/encoder.h"
#include "lib/output/muxer.h"
#include "lib/output/route.h"

struct wr_writer {
    struct wr_output_plan plan;
    struct wr_writer_options options;
    struct wr_encoder encoder;
    struct wr_muxer muxer;
    struct wr_report *report;
    AVPacket *packet;     // from the encoder
    AVBSFContext *h264;   // completes it; NULL if nothing is missing
    int video;            // the output's stream for it, -1 for none
    AVRational time_base; // of what is written of the video: the encoder's, or AV_TIME_BASE_Q
    int64_t sound_until;  // converted sound ends here at the latest, in AV_TIME_BASE

    const struct wr_source *source; // borrowed, NULL for a part
    struct wr_stream_route *routes; // of the source's streams
    int route_count;

    bool waits;                 // for the first frame: the header is not yet written
    struct wr_messages waiting; // packets that came before it
    int64_t waiting_bytes;

    int64_t sound_end; // of the sound that the muxer was given, in AV_TIME_BASE

    struct wr_durations durations;
    struct wr_chunks chunks; // with options.chunk
    struct wr_written written;
    struct wr_part_tail tail; // of a part
    bool is_full;             // the file has as many bytes as it may have
    bool loses_last_duration; // no reader would find it
    bool misses_captions;     // no reader would find closed captions, and nothing has told of any
    // Of a copied video in a container without times: when the last picture was decoded, and how
    // far pictures are apart, in AV_TIME_BASE; AV_NOPTS_VALUE until that is known.
    int64_t copied, copied_step;
    bool is_uneven;         // they are not equally far apart, which has been told
    unsigned misses_fields; // bit wr_fields: the same for frames with that order of fields
};

// Moves one packet from the encoder to the muxer; WR_END when the encoder has none.
int wr_writer_write_encoded(struct wr_writer *writer, struct wr_error *error);
