// SPDX-License-Identifier: MIT
// Opens and closes what reads a file.
#pragma once

#include "lib/base/log.h"
#include "lib/input/companions.h"
#include "lib/input/maps.h"
#include "lib/input/skip.h"

struct wr_reader;

// Strings are borrowed until wr_reader_close.
struct wr_reader_options {
    const char *input;          // path or anything libavformat opens
    int number;                 // of it, in maps
    const char *format;         // FFmpeg's name of the demuxer or device; NULL to find out
    const char *const *options; // "K=V" for demuxer or decoder, NULL at the end
    const char *framerate;      // of the frames, whatever their times; NULL to keep these
    // Times in FFmpeg's syntax: where reading begins and ends ("+TIME": from the start), and how
    // much is read at most; NULL for all.
    const char *start, *to, *duration;
    int64_t frames;      // end after this many, -1 for all
    struct wr_maps maps; // of streams
    enum wr_on_change on_change;
    struct wr_part_frames share; // of the frames; others may come without a picture
    bool only_first; // decode no frame but the first; packets of other streams come all the same
    // Further inputs, whose sound and text may be read too; and whether the shortest stream ends
    // all: messages then tell where streams end, as they do where the chain takes sound.
    const struct wr_companion_options *companions;
    int companion_count;
    bool shortest;
    bool *lacks_video; // set where the input has no video that is asked for; NULL if nobody asks
    // How often the input is read again, -1 without end; and how much later all of it is, in
    // microseconds.
    int64_t loops, later;
    double scale;          // by how much its times are multiplied, 0 for 1
    const char *video;     // which stream its pictures are, in FFmpeg's words; NULL to choose
    bool from_zero;        // its times count from 0, and not from where it begins
    int64_t cut_behind;    // of the frames, behind the filters, at the beginning, in microseconds
    const char *skip;      // where no frame is decoded, what is left out at the beginning
    bool filters_sound;    // sound is filtered behind the reader, and may become longer or shorter
    bool encodes_sound;    // there: it is asked for in another form
    bool sound_never_ends; // there: with `shortest`, only the end of the first input counts
    const atomic_bool *sound_is_made; // set once the chain needs no more sound of any input
    double timeout; // seconds after which an input that gives nothing has ended, 0 for never
    bool is_paced;  // read at the pace of its times
    int threads;    // of the decoder, 0 for all processors
    int cancelled;  // a descriptor, -1 for none: reading fails with WR_INTERRUPTED as soon as it
                    // is readable, even while the input keeps the reader waiting
    struct wr_log log;
};

// Opens the input, finds the video stream, decodes up to the first frame that is wanted. On failure
// *reader is NULL.
enum wr_status wr_reader_open(struct wr_reader **reader, const struct wr_reader_options *options,
                              struct wr_error *error);

void wr_reader_close(struct wr_reader **reader); // tolerates NULL
