// SPDX-License-Identifier: MIT
// Copies chapters, which may be known to the end only when all frames are written.
#include "lib/output/chapters.h"

// Where a chapter ends, in its own time base. One without an end goes on to the end of the output.
static int64_t chapter_end(const AVChapter *from, int64_t offset, int64_t length)
{
    const int64_t end = from->end == AV_NOPTS_VALUE ? INT64_MAX : FFMAX(from->end - offset, 0);
    const int64_t cut =
        length == INT64_MAX ? INT64_MAX : av_rescale_q(length, AV_TIME_BASE_Q, from->time_base);
    const int64_t nearest = FFMIN(end, cut);
    return nearest == INT64_MAX ? AV_NOPTS_VALUE : nearest;
}

// True if chapters are to be written after the frames. At the end of a stream no player would find
// them.
static bool can_wait(const AVFormatContext *file, const struct wr_writer_options *options,
                     const struct wr_target *target)
{
    return options->frames >= 0 && !target->is_stream &&
           wr_container_row(file->oformat)->chapters == WR_CHAPTERS_ANY_TIME;
}

// How long the frames take that --frames leaves, by the frame rate, in AV_TIME_BASE; INT64_MAX if
// there is no such limit or no frame rate.
static int64_t length_of(const struct wr_source *source, const struct wr_writer_options *options)
{
    if (options->frames < 0 || !source->frame_rate.num)
        return INT64_MAX;
    return av_rescale_q(options->frames, av_inv_q(source->frame_rate), AV_TIME_BASE_Q);
}

int wr_chapters_copy(AVFormatContext *file, const struct wr_source *source,
                     const struct wr_writer_options *options, const struct wr_target *target)
{
    const int64_t length = can_wait(file, options, target) ? INT64_MAX : length_of(source, options);
    const struct wr_source *const giver = source->chapters;
    const unsigned count = giver->file->nb_chapters;
    file->chapters = count ? av_calloc(count, sizeof *file->chapters) : NULL;
    if (count && !file->chapters)
        return AVERROR(ENOMEM);
    for (unsigned i = 0; i < count; i++) {
        const AVChapter *from = giver->file->chapters[i];
        const int64_t offset = av_rescale_q(giver->offset, AV_TIME_BASE_Q, from->time_base);
        const int64_t start = FFMAX(from->start - offset, 0);
        const int64_t end = chapter_end(from, offset, length);
        if (source->cut && end != AV_NOPTS_VALUE && end <= start)
            continue;
        AVChapter *to = av_mallocz(sizeof *to);
        if (!to)
            return AVERROR(ENOMEM);
        file->chapters[file->nb_chapters++] = to;
        to->id = from->id;
        to->time_base = from->time_base;
        to->start = start;
        to->end = end;
        const int result = av_dict_copy(&to->metadata, from->metadata, 0);
        if (result < 0)
            return result;
    }
    return 0;
}

void wr_chapters_hold(AVFormatContext *file, const struct wr_writer_options *options,
                      const struct wr_target *target, unsigned *held)
{
    if (!can_wait(file, options, target))
        return;
    *held = file->nb_chapters;
    file->nb_chapters = 0;
}

void wr_chapters_release(AVFormatContext *file, int64_t end, unsigned *held)
{
    for (unsigned i = 0; i < *held; i++) {
        AVChapter *chapter = file->chapters[i];
        const int64_t cut =
            end == INT64_MAX ? INT64_MAX : av_rescale_q(end, AV_TIME_BASE_Q, chapter->time_base);
        if (chapter->start >= cut) {
            av_dict_free(&chapter->metadata);
            av_free(chapter);
            continue;
        }
        chapter->end = chapter->end == AV_NOPTS_VALUE ? cut : FFMIN(chapter->end, cut);
        file->chapters[file->nb_chapters++] = chapter;
    }
    *held = 0;
}
