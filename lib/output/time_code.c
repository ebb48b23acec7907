// SPDX-License-Identifier: MIT
// Makes the source's time code name the first frame of the output.
#include "lib/output/time_code.h"

#include <libavutil/timecode.h>

// When the frame that the code names is shown, in AV_TIME_BASE: the first one of the video, which
// need not begin with the file.
static int64_t named_time(const struct wr_source *source)
{
    const AVStream *video = source->video;
    return video && video->start_time != AV_NOPTS_VALUE
               ? av_rescale_q(video->start_time, video->time_base, AV_TIME_BASE_Q)
               : wr_source_beginning(source);
}

// How many frames of the source its time code has moved on: after a start within the file, the
// first frame is a later one; so it is where what filters give is cut off at the beginning.
static int64_t skipped_frames(const struct wr_source *source)
{
    const AVRational frame = av_inv_q(source->frame_rate);
    const AVFrame *first = source->first; // NULL where none is decoded
    const int64_t shown = first ? av_rescale_q(first->pts, first->time_base, AV_TIME_BASE_Q) : 0;
    const int64_t begins = source->offset - named_time(source);
    if (source->cut_behind > shown) // some files count in thousandths of a second
        return av_rescale_q_rnd(begins + source->cut_behind - AV_TIME_BASE / 1000, AV_TIME_BASE_Q,
                                frame, AV_ROUND_UP);
    return source->start ? FFMAX(av_rescale_q(begins + shown, AV_TIME_BASE_Q, frame), 0) : 0;
}

// A time code counts frames: 01:00:00:40 of 50 frames a second is 01:00:00:20 of 25. It counts
// whole seconds of 24 or 30 frames where the rate is a little lower, except where it drops numbers.
static int count_at_rate(AVTimecode *code, AVRational rate)
{
    if (rate.num <= 0 || rate.den <= 0) // not known
        return 0;
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

// When the frame that the code names is shown, in AV_TIME_BASE.
static int64_t expected_time(const struct wr_source *source)
{
    const int64_t skipped =
        av_rescale_q(skipped_frames(source), av_inv_q(source->frame_rate), AV_TIME_BASE_Q);
    return named_time(source) + skipped - source->offset;
}

static int move_by(AVDictionary **tags, AVRational rate, int frames)
{
    const AVDictionaryEntry *tag = av_dict_get(*tags, "timecode", NULL, 0);
    AVTimecode code;
    char text[AV_TIMECODE_STR_SIZE];
    if (!tag || av_timecode_init_from_string(&code, rate, tag->value, NULL) < 0)
        return 0;
    code.start += frames;
    code.flags |= AV_TIMECODE_FLAG_24HOURSMAX;
    return av_dict_set(tags, "timecode", av_timecode_make_string(&code, text, 0), 0);
}

bool wr_has_time_code(const AVFormatContext *file)
{
    bool found = av_dict_get(file->metadata, "timecode", NULL, 0) != NULL;
    for (unsigned i = 0; i < file->nb_streams; i++)
        found |= av_dict_get(file->streams[i]->metadata, "timecode", NULL, 0) != NULL;
    return found;
}

int wr_time_code_follow(AVFormatContext *file, const struct wr_source *source, AVRational rate,
                        const AVFrame *frame)
{
    if (frame->best_effort_timestamp == AV_NOPTS_VALUE || source->frame_rate.num <= 0 ||
        rate.num <= 0)
        return 0;
    const int64_t shown =
        av_rescale_q(frame->best_effort_timestamp, wr_source_time_base(source), AV_TIME_BASE_Q);
    const int frames =
        (int)av_rescale_q(shown - expected_time(source), AV_TIME_BASE_Q, av_inv_q(rate));
    int result = frames ? move_by(&file->metadata, rate, frames) : 0;
    for (unsigned i = 0; i < file->nb_streams && frames && result >= 0; i++)
        result = move_by(&file->streams[i]->metadata, rate, frames);
    return result;
}
