// SPDX-License-Identifier: MIT
// What is known of single encoders: one row each. Of others their options tell a little.
#pragma once

#include <libavcodec/avcodec.h>

#include "lib/warpreel.h"

enum { WR_WORDS = 12, WR_WORD_LISTS = 3 };

// A scale of constant quality.
struct wr_scale {
    const char *key; // the encoder's option; "qscale" is FFmpeg's classic quantiser scale, which is
                     // a flag rather than an option; NULL if the scale is not known
    double min, max;
    double standard; // used when the user does not choose: hard to tell from the source; below 0:
                     // the encoder chooses
    const char *bit_rate; // what option "b" must be for the scale to count, NULL: nothing
    int steps_per_bit;    // how far max rises with each bit of depth beyond 8
};

// What a profile can hold.
struct wr_profile {
    int depth;                        // at most; 0 if the word is not that of a profile
    int log2_chroma_w, log2_chroma_h; // of the finest chroma
    bool gray, lossless;
};

// All words that an option takes, in the encoder's order.
struct wr_word_list {
    const char *key;
    const char *separators; // between several words, "" if the option takes only one
    const char *words[WR_WORDS];
    struct wr_profile profiles[WR_WORDS]; // that the words stand for
};

struct wr_encoder_row {
    const char *name;    // FFmpeg's
    const char *aliases; // what users call it, "a,b"; names that FFmpeg knows are not listed
    struct wr_scale scale;
    const char *setting;       // "key=value", set unless the user says otherwise
    const char *alpha_setting; // the same, for pictures with alpha
    // The option that takes the library's own settings as "key=value:key=value", and the one of
    // them that keeps the library from writing to stderr.
    const char *params, *quiet;
    // The option that takes the name of the file of statistics, which the library writes and reads
    // by itself in two passes; NULL where libavcodec hands them over.
    const char *statistics;
    // The library's own settings for HDR10's mastering display and light level in the stream. The
    // display's colours and luminance are counted in these parts of one.
    const char *mastering, *light;
    int color_parts, luminance_parts; // 0: they are decimal fractions
    // The library writes to stderr when it is given other words for these options.
    const struct wr_word_list *lists[WR_WORD_LISTS];

    // What it opens for, in words; NULL: it says itself what it minds.
    const char *takes;

    // What viewers show right in a file of pictures, "a|b" names of pixel formats: all of full
    // range but for yuv, which is in BT.601. still_rgb is for pictures in RGB, NULL: like others.
    // NULL: what the encoder takes.
    const char *still, *still_rgb;

    // Pixel formats, "a|b", of which FFmpeg's decoder may show the first picture only: it cannot
    // blend them. Other viewers can. NULL: none.
    const char *unblended;

    // The encoder was seen to encode frames with rows from last to first (line sizes below 0) as it
    // encodes copies of them; tests/flipped.sh compares. Others get copies: libsvtav1 hangs,
    // librav1e encodes something else, libx265 crashes beyond 8 bits.
    bool takes_flipped;
    // With more threads it makes other packets in one run than in the next; 0: any number will do.
    int piece_threads;
    int most_threads;        // it does not open for more; 0: any number will do
    bool even_sizes_only;    // where chroma is halved; it leaks memory when opened for other sizes
    bool progressive_only;   // it must not be asked for fields: it may crash, or nobody reads them
    bool one_field_order;    // where frames differ, the last one's counts for some before it, too
    bool one_packet;         // all frames become one packet; others make one of each frame
    bool frame_before_close; // it never returns from being closed before its first frame
    bool full_range_only;    // it takes YUV of no other range
    bool plays_420;          // most players show only 4:2:0 of what it makes
    bool palette;            // it takes pictures with a palette, and no other in colour
    bool alpha_in_second_stream; // players look for alpha only where a tag of the stream says so
};

// The row of an encoder; an empty one if nothing is known of it, and for NULL.
const struct wr_encoder_row *wr_encoder_row(const AVCodec *codec);

// Roughly how many processors the encoder keeps busy where it may have all, by what libavcodec
// tells of its threads. Slices are few where pictures are small.
int wr_encoder_keeps_busy(const AVCodec *codec);

// Finds the encoder of a type of stream that a user means by `name`: the name of an encoder, of a
// codec or an alias, in this order; but no experimental one where there is another of the codec.
// Fails with WR_USAGE.
enum wr_status wr_find_encoder(const AVCodec **codec, enum AVMediaType type, const char *name,
                               struct wr_error *error);
