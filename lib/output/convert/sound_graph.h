// SPDX-License-Identifier: MIT
// The graph that a converter of sound works through, and what its parts share.
#pragma once

#include <libavutil/audio_fifo.h>

#include "lib/chain/sound_part.h"
#include "lib/output/convert/sound_filter.h"
#include "lib/output/convert/stream_converter.h"

// A sound that comes.
struct wr_sound_source {
    AVCodecContext *decoder; // the first one's is the converter's
    AVRational time_base;    // of the packets
    int64_t newest;          // time of the newest decoded frame, for av_rescale_delta
    AVFrame *held;           // decoded, not yet in the graph: the end may cut it
    bool ended;              // no more comes
    bool closed;             // the graph knows, or takes no more
};

struct wr_sound_work {
    struct wr_converter base;
    struct wr_sound_source inputs[WR_MOST_SOUNDS];
    AVFrame *like[WR_MOST_SOUNDS]; // without samples: what the graph is made for
    struct wr_sound_cut cuts[WR_MOST_SOUNDS];
    struct wr_sound_way way; // of them through the filters that are asked for
    AVFilterGraph *graph;    // NULL until the first frame
    AVFilterContext *sources[WR_MOST_SOUNDS], *sink;
    AVFrame *frame;     // being decoded
    AVFrame *filtered;  // from the graph, then for the encoder
    AVAudioFifo *fifo;  // for the encoder
    int64_t next;       // time of the fifo's first sample, in the encoder's ticks
    bool begun;         // `next` is known
    bool never_ends;    // the filters go on when all inputs have ended
    int64_t heard;      // end of what has come, in AV_TIME_BASE
    int64_t until;      // where all ends, in AV_TIME_BASE; INT64_MAX while that is not known
    bool ending, ended; // no more packets come; the encoder knows
};

// Gives the held frame of an input, up to `end` in AV_TIME_BASE, to a graph that suits it, and
// moves what that has ready to the fifo. This and the next return an error of FFmpeg's, or 0 or
// more.
int wr_sound_pass_held(struct wr_sound_work *s, int number, int64_t end);

// Moves to the fifo what the graph has ready, up to `until`.
int wr_sound_drain_graph(struct wr_sound_work *s);

// Ends all inputs of the graph, moves the rest to the fifo, and closes the graph.
int wr_sound_close_graph(struct wr_sound_work *s);

// Makes `like` the frames that come; returns an error of FFmpeg's, or 0 or more.
int wr_sound_set_like(AVFrame *like, int format, int sample_rate, const AVChannelLayout *layout);
