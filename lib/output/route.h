// SPDX-License-Identifier: MIT
// What becomes of each stream of the source.
#pragma once

#include "lib/input/source.h"
#include "lib/output/convert/stream_converter.h"
#include "lib/output/output_plan.h"
#include "lib/output/target.h"

// What becomes of a stream of the source.
struct wr_stream_route {
    bool chosen;                    // it comes into the output
    int output;                     // its stream there, -1: none
    int64_t shift;                  // added to its times, in AV_TIME_BASE: see wr_probe_stream
    AVRational time_base;           // of its packets as they come
    bool from_zero;                 // if it is copied, see wr_route_leads_up()
    bool is_trimmed;                // if it is copied, its sound is cut to the sample
    bool in_header;                 // it has no packets: an attached file
    struct wr_converter *converter; // owned; NULL if packets are copied
    const char *language; // in the output, where that does not know the source's word; else NULL
    const struct wr_sound_choice *sound; // what was asked for it, if it is sound
    const AVCodec *text;                 // the same if it is text, NULL for nothing
};

// The output as it is put together. All is borrowed.
struct wr_selection {
    const struct wr_output_plan *plan;
    const struct wr_writer_options *options;
    const struct wr_target *target;
    const AVCodecContext *encoder;
    const struct wr_source *source;
    struct wr_stream_route *routes; // of the source's streams
    // The headers of a video that is copied go into its packets, where readers look for them.
    bool headers_in_packets;
    const char *start_options; // of the container, where streams would start at other times else
    bool loses_last_duration;  // see wr_probe
    bool loses_captions;       // the same
    unsigned loses_fields;     // the same
};

// Sets what was asked for each of the output's sounds and texts.
void wr_routes_set_choices(struct wr_selection *selection);

// What the chain makes of sound that is to be the stream; NULL where it is the source's own.
const struct wr_sound_output *wr_route_made(const struct wr_source *source, int index);

// Whether the route's converter takes sound through filters.
bool wr_route_filters(const struct wr_source *source, const struct wr_stream_route *route,
                      int index);

// Opens a converter for a stream, through the filters that it is to go through, or for what the
// chain makes of all that it takes for it. sample_rate is 0 for the source's. Fails as
// wr_sound_converter_open does.
enum wr_status wr_route_open_converter(struct wr_converter **converter,
                                       const struct wr_selection *selection, int index,
                                       const AVCodec *codec, int sample_rate,
                                       struct wr_error *error);

// Whether a packet only leads up to time 0, and is left out. What a converter makes before its
// first sample is kept: decoders need it.
static inline bool wr_route_leads_up(const struct wr_stream_route *route, const AVPacket *packet)
{
    return route->from_zero && !route->converter && packet->pts < 0;
}

// Adds the route's shift to a packet's times, in time_base.
static inline void wr_route_shift(const struct wr_stream_route *route, AVRational time_base,
                                  AVPacket *packet)
{
    const int64_t ticks = av_rescale_q(route->shift, AV_TIME_BASE_Q, time_base);
    if (packet->pts != AV_NOPTS_VALUE)
        packet->pts += ticks;
    if (packet->dts != AV_NOPTS_VALUE)
        packet->dts += ticks;
}
