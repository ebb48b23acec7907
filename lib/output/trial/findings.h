// SPDX-License-Identifier: MIT
// What a probe has found: how the output differs from what is put into it.
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct wr_probe_stream {
    bool unreadable; // no reader finds it, finds another codec, or cannot decode it
    int64_t shift;   // how much later than the pictures' its times come out, in AV_TIME_BASE
    int64_t first;   // where its sound begins, as it was written, in AV_TIME_BASE
    bool loses_language;
    char losses[128]; // of its tags and marks, "a, b"; "" for none
};

struct wr_probe {
    struct wr_probe_stream *streams; // of the source
    bool loses_range;                // samples of full range are taken for limited
    int64_t first_is_early;          // by how much the first picture is, in AV_TIME_BASE
    bool reorders;                   // pictures are encoded out of order
    int timed;                       // how many pictures come out with a time
    bool loses_times;                // pictures come out at other times than they were given
    bool loses_pace;                 // and not at those of the frame rate, either
    bool loses_last_duration;        // nothing says for how long the last one is shown
    bool loses_plays;                // how often an animation plays comes out differently
    bool loses_profile;              // the colours' ICC profile
    bool loses_captions;             // closed captions, of whatever frame
    unsigned loses_fields;           // bit wr_fields: of frames with that order among others
    bool misreads_raw;               // raw frames are taken for another layout, or for nothing
    bool is_unknown;                 // FFmpeg makes no trial, or has no reader for it
    bool is_unreadable;              // no reader finds its pictures, or can decode them
    char losses[512];                // what else pictures and file lack, "a, b"; "" for nothing
    char look_losses[256];           // the same of that without which pictures look wrong
};
