// SPDX-License-Identifier: MIT
// What the user asks of the output.
#pragma once

#include <stdatomic.h>

#include "lib/base/log.h"
#include "lib/chain/sound_part.h"

// Threads of a piece's encoder, unless its row or its option "threads" says otherwise.
enum { WR_PIECE_THREADS = 4 };

// Strings are borrowed for as long as the writer is open; NULL means "choose".
struct wr_writer_options {
    const char *output; // path, or "-" for stdout (needs format)
    const char *codec, *quality, *preset, *format, *pix_fmt;
    // "K=V" strings, NULL at the end; stream tags as "SPECIFIER/K=V".
    const char *const *encoder_options, *const *muxer_options, *const *metadata,
                                                                   *const *stream_metadata;
    const char *const *packet_filters; // "SPECIFIER/FILTERS", NULL at the end
    int pass;                          // 1 or 2 of two passes over the video, 0 for one alone
    const char *pass_log;              // how the file between them begins, NULL: "ffmpeg2pass"
    const char *key_frames;            // which frames are to be key frames, see key_frames.h
    const char *const *attach;         // files, NULL at the end
    const char *const *dispositions;   // "SPECIFIER/FLAGS", NULL at the end
    bool no_metadata, no_chapters;     // the source's are left out
    const char *aspect;                // of the picture as it is shown, NULL to keep the source's
    const char *tag;                   // four letters for the video's codec
    const char *const *stream_tags;    // "SPECIFIER/TAG" for other streams, NULL at the end
    const char *audio_filter;          // chain of FFmpeg's filters for sound, NULL for none
    const char *const *stream_audio_filters; // "N/CHAIN" for sound number N, NULL at the end
    bool sound_never_ends;             // as these or the graph make it: it ends with the video
    bool shortest;                     // the shortest stream ends all: sound, too, with the video
    int64_t most_sound;                // what filters give of sound ends here, in AV_TIME_BASE
    const struct wr_sound_part *sound; // what the chain makes of sound
    atomic_bool *sound_is_made;        // to be set once that needs no more sound; NULL: nobody asks
    const char *audio;                 // "copy", "copy?", "none", "CODEC" or "CODEC:OPTIONS"
    const char *const *stream_audio;   // "N/CODEC:OPTIONS" for sound number N, NULL at the end
    const char *subtitles;             // "copy" or CODEC
    const char *const *stream_subtitles; // "N/CODEC" for subtitles number N, NULL at the end
    int threads;                         // of the encoder, 0 for all processors
    int64_t chunk;      // frames of a closed piece, 0 for one encoder from end to end
    int pieces_at_once; // that are encoded side by side, 0 for one
    // With chunk: this run writes part number `part`, from 1, of `parts`, into a file of its own
    // (0: it writes the whole); or it takes the video from the parts `joined`, NULL at the end.
    int part, parts;
    const char *const *joined;
    const char *chain;     // as it was asked for: of the files that it names, parts keep a hash
    const char *settings;  // kept in parts, and the same in all of them
    int64_t frames;        // the source was cut to so many, -1: not cut
    bool takes_nearest;    // frames that the encoder does not take are converted with a loss
    bool skips;            // what comes before time 0 is not written: sound only leads up to it
    bool may_lack_first;   // the chain may leave out the source's first frames
    int64_t size_limit;    // bytes of the file after which it ends, 0 for any
    int64_t sound_packets; // each sound ends after this many, 0 for all
    bool overwrite;        // replace an existing output
    struct wr_log log;
};
