// SPDX-License-Identifier: MIT
// Cuts packets of sound that is not compressed to the sample.
#pragma once

#include <libavcodec/avcodec.h>
#include <stdbool.h>

// Whether packets of this sound hold one sample of all channels after the other, so that a part of
// one is a packet as well.
bool wr_is_plain_sound(const AVCodecParameters *sound);

// Leaves in the packet what lies between time 0 and `until`, in AV_TIME_BASE; its times are in
// time_base. Of a packet that lies outside, nothing is left: its size is 0.
void wr_trim_plain_sound(AVPacket *packet, AVRational time_base, int64_t until,
                         const AVCodecParameters *sound);
