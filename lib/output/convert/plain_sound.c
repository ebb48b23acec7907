// SPDX-License-Identifier: MIT
// Cuts packets of sound that is not compressed to the sample.
#include "lib/output/convert/plain_sound.h"

#include <libavutil/avstring.h>
#include <libavutil/common.h>
#include <string.h>

#include "lib/media/compat.h"

bool wr_is_plain_sound(const AVCodecParameters *sound)
{
    const int bytes = av_get_exact_bits_per_sample(sound->codec_id) / 8;
    return sound->codec_type == AVMEDIA_TYPE_AUDIO &&
           av_strstart(avcodec_get_name(sound->codec_id), "pcm_", NULL) &&
           !strstr(avcodec_get_name(sound->codec_id), "planar") && bytes > 0 &&
           sound->block_align == bytes * sound->ch_layout.nb_channels && sound->sample_rate > 0;
}

void wr_trim_plain_sound(AVPacket *packet, AVRational time_base, int64_t until,
                         const AVCodecParameters *sound)
{
    const AVRational sample = {1, sound->sample_rate};
    const int64_t begin = av_rescale_q(packet->pts, time_base, sample);
    const int64_t count = packet->size / sound->block_align;
    const int64_t end =
        until == INT64_MAX ? INT64_MAX : av_rescale_q(until, AV_TIME_BASE_Q, sample);
    const int64_t first = av_clip64(-begin, 0, count);
    const int64_t last = end == INT64_MAX ? count : av_clip64(end - begin, first, count);
    packet->data += first * sound->block_align;
    packet->size = (int)((last - first) * sound->block_align);
    if (first)
        packet->pts = packet->dts = av_rescale_q(begin + first, sample, time_base);
    packet->duration = av_rescale_q(last - first, sample, time_base);
}
