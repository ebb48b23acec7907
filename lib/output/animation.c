// SPDX-License-Identifier: MIT
// Sets options of muxers by their rows in the table of containers, and patches WebP.
#include "lib/output/animation.h"

#include <libavutil/intreadwrite.h>
#include <libavutil/mathematics.h>
#include <libavutil/opt.h>

#include "lib/output/containers.h"

static const AVRational milliseconds = {1, 1000};

int wr_animation_set_plays(AVDictionary **options, const AVOutputFormat *container, int plays)
{
    const struct wr_container_row *row = wr_container_row(container);
    if (plays < 0 || !row->plays_option)
        return 0;
    const int once = row->counts_repeats ? -1 : 1;
    const int more = row->counts_repeats ? plays - 1 : plays;
    return av_dict_set_int(options, row->plays_option,
                           plays == 0   ? 0
                           : plays == 1 ? once
                                        : FFMIN(more, UINT16_MAX),
                           AV_DICT_DONT_OVERWRITE);
}

// Whether the user has set the last delay. GIF's is -1 and APNG's 0 otherwise.
static bool is_given(const AVFormatContext *file, const struct wr_container_row *row)
{
    AVRational delay = {0, 1};
    av_opt_get_q(file->priv_data, row->last_delay_option, 0, &delay);
    return row->ticks_of_delay ? delay.num >= 0 : delay.num > 0;
}

void wr_animation_set_last_delay(AVFormatContext *file, int64_t delay, AVRational time_base)
{
    const struct wr_container_row *row = wr_container_row(file->oformat);
    if (!row->last_delay_option || is_given(file, row))
        return;
    if (row->ticks_of_delay)
        av_opt_set_int(file->priv_data, row->last_delay_option,
                       av_rescale_q(delay, time_base, (AVRational){1, row->ticks_of_delay}), 0);
    else
        av_opt_set_q(
            file->priv_data, row->last_delay_option,
            (AVRational){(int)FFMIN(av_rescale_q(delay, time_base, milliseconds), UINT16_MAX),
                         milliseconds.den},
            0);
}

// A file is a RIFF header of 12 bytes and chunks: name, size, as many bytes, rounded up to even. In
// ANMF the duration stands behind the rectangle, in milliseconds.
enum { RIFF_HEADER = 12, CHUNK_HEADER = 8, BEFORE_DURATION = 12 };

void wr_animation_set_webp_delay(AVPacket *packet, int64_t delay, AVRational time_base)
{
    uint8_t *last = NULL;
    int64_t at = RIFF_HEADER;
    while (at + CHUNK_HEADER + BEFORE_DURATION + 3 <= packet->size) {
        uint8_t *chunk = packet->data + at;
        if (AV_RL32(chunk) == MKTAG('A', 'N', 'M', 'F'))
            last = chunk;
        const int64_t size = AV_RL32(chunk + 4);
        at += CHUNK_HEADER + size + (size & 1);
    }
    if (last)
        AV_WL24(last + CHUNK_HEADER + BEFORE_DURATION,
                FFMIN(av_rescale_q(delay, time_base, milliseconds), (1 << 24) - 1));
}
