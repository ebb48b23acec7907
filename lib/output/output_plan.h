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
    struct wr_stream stream; // of the frames that the encoder gets
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

// What a plan has to know of the frames that the chain gives.
struct wr_output_frames {
    const struct wr_stream *stream; // its `like` must outlive the plan
    enum AVPixelFormat source;      // of the file that is read
    bool source_has_alpha;
    int64_t expected; // about so many will come; 0: not known
};

// A plan is made in three steps, each of which decides what no other one does: from the options
// alone, for the frames that the chain gives, and for the frames that the last stage gives. Between
// the last two the caller adds the conversion that the plan's delivery asks for. A plan touches no
// file and owns nothing; the options' strings must outlive it. On failure the error says what
// cannot be, and the plan holds what was chosen before; the rest is zero.

// First, before there are stages: the container, and what becomes of sound and subtitles.
// options->output must be set.
enum wr_status wr_output_plan_begin(struct wr_output_plan *plan,
                                    const struct wr_writer_options *options,
                                    struct wr_error *error);

// Finds the encoder that a plan, once begun, chooses for frames of `stream`.
enum wr_status wr_output_plan_find_encoder(const AVCodec **encoder,
                                           const struct wr_output_plan *plan,
                                           const struct wr_writer_options *options,
                                           const struct wr_stream *stream, struct wr_error *error);

// Second, for frames as the chain gives them: the encoder, its tag and the delivery.
enum wr_status wr_output_plan_choose_encoder(struct wr_output_plan *plan,
                                             const struct wr_writer_options *options,
                                             const struct wr_output_frames *frames,
                                             struct wr_error *error);

// Third, for frames as the encoder gets them: its pixel format, so that nothing of them is lost.
// `source`, of the file that is read, is taken if it holds the frames. options->pix_fmt, if set, is
// what the chain has converted frames to. Where stages are added for the output's sake, this step
// alone is done again.
enum wr_status wr_output_plan_finish(struct wr_output_plan *plan,
                                     const struct wr_writer_options *options,
                                     const struct wr_stream *stream, enum AVPixelFormat source,
                                     struct wr_error *error);

// All three steps for frames that no stage changes. The third one is left out where the delivery
// asks for a conversion.
enum wr_status wr_output_plan_make(struct wr_output_plan *plan,
                                   const struct wr_writer_options *options,
                                   const struct wr_output_frames *frames, struct wr_error *error);

// The plan for an output for which no picture is encoded: the container and what becomes of the
// sound. video: of the stream whose packets are copied, NULL where there is none.
enum wr_status wr_output_plan_make_copy(struct wr_output_plan *plan,
                                        const struct wr_writer_options *options,
                                        const AVCodecParameters *video, struct wr_error *error);

// Frames of the video in a second; 25 where nothing says how many.
AVRational wr_output_plan_rate(const struct wr_output_plan *plan);

// The time base of the video's packets: the frames' own, or where the container holds frames at one
// rate only, a tick for each of them.
AVRational wr_output_plan_time_base(const struct wr_output_plan *plan);

// Whether the output can say how pictures of the encoder are to be turned when they are shown.
bool wr_output_plan_keeps_turn(const struct wr_output_plan *plan, const AVCodec *encoder);
