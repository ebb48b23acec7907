// SPDX-License-Identifier: MIT
// The video encoder at work: opened so that times, colours and fields survive, and fed frames.
#pragma once

#include "lib/input/source.h"
#include "lib/output/video/frame_clock.h"
#include "lib/output/video/hdr10.h"
#include "lib/output/video/key_frames.h"
#include "lib/output/output_plan.h"
#include "lib/output/video/pass_log.h"

struct wr_encoder {
    const struct wr_output_plan *plan;
    AVCodecContext *context;
    AVRational source_time_base; // of the frames as they come
    AVRational time_base;        // of the packets
    bool has_clock;              // the encoder counts in ticks of the clock
    struct wr_frame_clock clock;
    int64_t last_pts;              // of the frame given last, in time_base
    enum AVFieldOrder field_order; // of the source
    int64_t frames;                // given so far
    bool ended;                    // no more come
    bool rounding_told;
    char hdr10[WR_HDR10_TEXT]; // the settings that hand it HDR10's display and light level
    struct wr_key_frames key_frames;
    struct wr_pass_log pass;
    char quality[64]; // the setting that steers quality or rate, "" if it is the encoder's own
};

// Opens the planned encoder for the source's frames; the plan must outlive it. Says through
// options->log what the encoder cannot keep. Close the encoder after a failure, too.
enum wr_status wr_encoder_open(struct wr_encoder *encoder, const struct wr_output_plan *plan,
                               const struct wr_writer_options *options,
                               const struct wr_source *source, struct wr_error *error);

// Opens the encoder of the next piece in the same way as the first one, and says nothing.
enum wr_status wr_encoder_open_like(struct wr_encoder *encoder, const struct wr_encoder *first,
                                    const struct wr_writer_options *options,
                                    struct wr_error *error);

// Brings *frame into the encoder's pixel format and into encoder->time_base, and gives it to the
// encoder. *frame stays the caller's; it may be another frame afterwards, also on failure.
enum wr_status wr_encoder_send(struct wr_encoder *encoder, const struct wr_log *log,
                               AVFrame **frame, struct wr_error *error);

// Tells the encoder that no more frames come. To tell it again does nothing.
enum wr_status wr_encoder_end(struct wr_encoder *encoder, struct wr_error *error);

// Takes the next packet from the encoder; WR_END if it has none for now.
int wr_encoder_receive(struct wr_encoder *encoder, AVPacket *packet, struct wr_error *error);

void wr_encoder_close(struct wr_encoder *encoder);
