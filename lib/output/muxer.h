// SPDX-License-Identifier: MIT
// The output's muxer at work: header, packets in order, what it refuses, trailer.
#pragma once

#include <libavformat/avformat.h>

#include "lib/media/reason.h"
#include "lib/output/packet_filter.h"
#include "lib/output/target.h"
#include "lib/output/writer_options.h"

// What the muxer has been given of one stream of the output.
struct wr_muxer_stream {
    int64_t
        next_dts;  // the least decoding time that the next packet may have, AV_NOPTS_VALUE at first
    int64_t given; // packets
    AVBSFContext *filter; // on their way, NULL for none
};

struct wr_muxer {
    const struct wr_writer_options *options;
    struct wr_target target;
    bool headers_in_packets;   // see wr_selection
    const char *start_options; // the same
    AVFormatContext *file;     // wr_container_open makes it, wr_muxer_close frees it
    struct wr_muxer_stream *streams;
    int64_t refused;         // packets
    int64_t bytes;           // of the file, once it has ended; 0 if not known
    int plays;               // how often an animation is to play, 0 forever, below 0 not known
    struct wr_reason reason; // of the last call
    unsigned chapters;       // that wait for the end: see wr_chapters_hold
};

// Muxers want decoding times that rise, and a presentation time for every packet: repairs those of
// a packet, whose stream's *next decoding time begins with AV_NOPTS_VALUE.
void wr_muxer_repair_times(const AVOutputFormat *container, int64_t *next, AVPacket *packet);

// Opens the filters for packets and the target.
enum wr_status wr_muxer_begin(struct wr_muxer *muxer, struct wr_error *error);

// Writes the header, before any packet. `encoder` is the name that a failure gives.
enum wr_status wr_muxer_write_header(struct wr_muxer *muxer, const char *encoder,
                                     struct wr_error *error);

// Writes a packet whose stream and times are the output's, through the filters that are asked for;
// the packet is left empty.
enum wr_status wr_muxer_write(struct wr_muxer *muxer, AVPacket *packet, struct wr_error *error);

// Writes what waits for its turn. Afterwards wr_muxer_refused is complete.
enum wr_status wr_muxer_flush(struct wr_muxer *muxer, struct wr_error *error);

// How many packets of a stream of the output the muxer did not take.
int64_t wr_muxer_refused(const struct wr_muxer *muxer, int stream);

// Writes the trailer and closes the file. `end` is when the last frame ends, in AV_TIME_BASE. The
// target is to be finished afterwards.
enum wr_status wr_muxer_end(struct wr_muxer *muxer, int64_t end, struct wr_error *error);

void wr_muxer_close(struct wr_muxer *muxer);
