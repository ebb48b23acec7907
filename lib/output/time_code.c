// SPDX-License-Identifier: MIT
// Makes the source's time code name the first frame of the output.
#include "lib/output/time_code.h"

#include <libavutil/timecode.h>

// How many frames of the source its time code has moved on: after a start within the file, the
// first frame is a later one.
static int64_t skipped_frames(const struct wr_source *source)
{
    const AVFrame *first = source->first; // NULL where none is decoded
    const int64_t skipped =
        source->offset - wr_source_beginning(source) +
        (first ? av_rescale_q(first->pts, first->time_base, AV_TIME_BASE_Q) : 0);
    return source->start ? av_rescale_q(skipped, AV_TIME_BASE_Q, av_inv_q(source->frame_rate)) : 0;
}

// A time code counts frames: 01:00:00:40 of 50 frames a second is 01:00:00:20 of 25. It counts
// whole seconds of 24 or 30 frames where the rate is a little lower, except where it drops numbers.
static int count_at_rate(AVTimecode *code, AVRational rate)
{
    const bool drops = code->flags & AV_TIMECODE_FLAG_DROPFRAME;
    const AVRational nominal = {av_q2d(rate) + 0.5, 1}, old = {(int)code->fps, 1};
    if (!nominal.num || nominal.num == old.num)
        return 0;
    const AVRational from = drops ? code->rate : old, to = drops ? rate : nominal;
    const int first = (int)av_rescale_q(code->start, av_inv_q(from), av_inv_q(to));
    const int result = av_timecode_init(code, rate, (int)code->flags, first, NULL);
    return result < 0 ? av_timecode_init(code, rate, 0, first, NULL) : result;
}

int wr_move_time_code(AVDictionary **tags, const struct wr_source *source, AVRational rate)
{
    const AVDictionaryEntry *tag = av_dict_get(*tags, "timecode", NULL, 0);
    AVTimecode code;
    char text[AV_TIMECODE_STR_SIZE];
    if (!tag)
        return 0;
    if (source->frame_rate.num <= 0 ||
        av_timecode_init_from_string(&code, source->frame_rate, tag->value, NULL) < 0)
        return source->start ? av_dict_set(tags, "timecode", NULL, 0) : 0;
    code.start += (int)skipped_frames(source);
    const int result = count_at_rate(&code, rate);
    code.flags |= AV_TIMECODE_FLAG_24HOURSMAX;
    return result < 0 ? result
                      : av_dict_set(tags, "timecode", av_timecode_make_string(&code, text, 0), 0);
}
