// SPDX-License-Identifier: MIT
// How often an animation plays and how long it shows its last frame, as GIF, APNG and WebP say it.
#pragma once

#include <libavcodec/packet.h>
#include <libavformat/avformat.h>

// Adds the option that has the muxer keep how often the source plays, unless the user gave one: 0
// forever, below 0 not known.
// Nothing for containers without such an option. Returns 0 or an AVERROR.
int wr_animation_set_plays(AVDictionary **options, const AVOutputFormat *container, int plays);

// Tells the muxer, before its trailer, for how long the last frame is shown, unless the user did.
void wr_animation_set_last_delay(AVFormatContext *file, int64_t delay, AVRational time_base);

// Writes the duration of the last frame into a whole animated WebP file, whose encoder guesses it
// from the frames before.
void wr_animation_set_webp_delay(AVPacket *packet, int64_t delay, AVRational time_base);
