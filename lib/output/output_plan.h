// SPDX-License-Identifier: MIT
// How frames will be written: the container, the encoder and what the encoder is fed.
#pragma once

#include "lib/media/pixel_format.h"
#include "lib/media/stream.h"
#include "lib/output/containers.h"
#include "lib/output/delivery.h"
#include "lib/output/video/encoders.h"
#include "lib/output/convert/sound_choice.h"
#include "lib/output/target.h"
#include "lib/output/writer_options.h"

struct wr_output_plan {
    struct wr_stream stream; // of the frames that the chain gives
    const AVOutputFormat *container;
    const struct wr_container_row *container_row;
    const AVOutputFormat *holder; // of the files that are written: the container, or what it uses
    enum wr_target_kind target_kind;
    bool any_time;        // frames need not be at multiples of the frame rate
    bool in_order;        // frames are encoded in the order in which they are shown
    const AVCodec *codec; // NULL where packets of the video are copied, or there is no video
    const struct wr_encoder_row *encoder_row;
    unsigned tag; // four letters for the codec, as of MKTAG; 0: the muxer's choice
    struct wr_sound_choice sounds[WR_MOST_SOUNDS]; // by their numbers in the output; the last one
                                                   // is for all behind it, too
    const AVCodec *texts[WR_MOST_SOUNDS]; // the same of subtitles; NULL: copied where that can be
    bool rows_may_be_flipped;             // the encoder takes frames with rows from last to first
    struct wr_delivery delivery; // if it converts, frames have to be so before they are written
    enum AVPixelFormat pix_fmt;  // of the encoder, holds the frames exactly; not chosen where the
                                 // delivery converts
};

// Chooses for frames of `stream` what the options leave open, so that nothing is lost; touches no
// file. options->output must be set. `source` is the pixel format of the file that is read: it is
// taken if it holds the frames. options->pix_fmt, if set, is what the chain has converted frames
// to. If the plan's delivery converts, the caller converts and makes the plan once more, with
// options->is_delivered. The plan owns nothing; stream->like and the options' strings
// must outlive it. On failure the error
// says what cannot be, and the plan holds what was chosen before, in the order above; the rest is
// zero.
enum wr_status wr_output_plan_make(struct wr_output_plan *plan,
                                   const struct wr_writer_options *options,
                                   const struct wr_stream *stream, enum AVPixelFormat source,
                                   struct wr_error *error);

// The same for an output for which no picture is encoded: chooses the container and what becomes of
// the sound. video: of the stream whose packets are copied, NULL where there is none.
enum wr_status wr_output_plan_make_copy(struct wr_output_plan *plan,
                                        const struct wr_writer_options *options,
                                        const AVCodecParameters *video, struct wr_error *error);

// Whether the output can say how its pictures are to be turned when they are shown.
bool wr_output_plan_keeps_turn(const struct wr_output_plan *plan);
