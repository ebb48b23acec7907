// SPDX-License-Identifier: MIT
// Encodes one stream of the source anew, sound or text, where its packets cannot be copied.
#pragma once

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

#include "lib/base/error.h"
#include "lib/base/queue.h"
#include "lib/chain/sound_part.h"

struct wr_converter;

// What a kind of converter does. Each is one of the functions below, of which the contracts stand
// there. Without end_input, all inputs end at once.
struct wr_converter_type {
    enum wr_status (*send)(struct wr_converter *, int input, const AVPacket *, struct wr_error *);
    enum wr_status (*end_input)(struct wr_converter *, int input, struct wr_error *);
    enum wr_status (*end)(struct wr_converter *, int64_t end, struct wr_error *);
    int (*receive)(struct wr_converter *, AVPacket *, struct wr_error *);
    void (*close)(struct wr_converter *);
};

struct wr_converter {
    const struct wr_converter_type *type;
    AVCodecContext *decoder;   // of the first input
    AVCodecContext *encoder;   // open: says what comes out, in which time base
    int channels, sample_rate; // of sound behind the filters that are asked for
    bool has_enough;           // its filters take no more
    bool fill;                 // silence goes before sound that begins after time 0, and behind it
    int64_t fill_to;           // up to this time, in AV_TIME_BASE
    int64_t undecodable;       // packets that the decoder did not take
};

// What is cut off of sound before it is filtered.
struct wr_sound_cut {
    bool from_zero; // what comes before time 0
    int64_t end;    // what comes behind this time, in AV_TIME_BASE; INT64_MAX: nothing
};

// What is asked of a converter.
struct wr_conversion {
    const AVStream *from;          // the first input, of which the output keeps tags
    const AVStream *const *inputs; // of the graph, the first one too; NULL where `from` is all
    int input_count;
    const AVCodec *codec;
    const char *options; // of the encoder, "key=value:key=value", NULL for none
    const char *filters; // of FFmpeg's, for sound, NULL for none; with inputs a graph, see
                         // struct wr_sound_part
    int sample_rate;     // of sound, unless the options say otherwise; 0: the source's
    int64_t until;       // where sound ends that filters give, in AV_TIME_BASE; INT64_MAX: nowhere
    bool never_ends;     // sound: the filters go on when all inputs have ended
    bool global_header;  // the container wants the codec's header apart from packets
    struct wr_sound_cut cuts[WR_MOST_SOUNDS]; // of each input that is sound
};

// Opens the decoder of a stream, for the converters. Fails as they do; *decoder may have been made.
enum wr_status wr_converter_open_decoder(AVCodecContext **decoder, const AVStream *from,
                                         struct wr_error *error);

// Takes a packet of an input, with times in the stream's time base that count from the output's
// start. The packet stays the caller's. One that cannot be decoded is counted and left out.
enum wr_status wr_converter_send(struct wr_converter *converter, int input, const AVPacket *packet,
                                 struct wr_error *error);

// No more packets of one of several inputs come. It need not be told.
enum wr_status wr_converter_end_input(struct wr_converter *converter, int input,
                                      struct wr_error *error);

// No more packets come. What lies beyond `end`, in AV_TIME_BASE, is cut off; INT64_MAX: nothing.
enum wr_status wr_converter_end(struct wr_converter *converter, int64_t end,
                                struct wr_error *error);

// Gives the next packet, in the encoder's time base; WR_END when there is none for now.
int wr_converter_receive(struct wr_converter *converter, AVPacket *packet, struct wr_error *error);

// Tolerates NULL.
void wr_converter_close(struct wr_converter **converter);
