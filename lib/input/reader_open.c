// SPDX-License-Identifier: MIT
// Opens a reader up to the first frame that is wanted, and closes it.
#include "lib/input/reader_open.h"

#include <libavutil/avstring.h>
#include <stdlib.h>

#include "lib/input/reader.h"
#include "lib/input/reader_parts.h"
#include "lib/input/source_facts.h"

static void tell_choice(const struct wr_source *source, const struct wr_log *log)
{
    const AVStream *video = source->video;
    if (source->video_count > 1)
        wr_say(log, WR_LOG_WARNING,
               "%s has %d videos: stream %d (%dx%d) is filtered, as ffmpeg would choose",
               source->name, source->video_count, video->index, video->codecpar->width,
               video->codecpar->height);
}

static enum wr_status open_parts(struct wr_reader *reader, const struct wr_reader_options *options,
                                 struct wr_error *error)
{
    struct wr_source *const source = &reader->source;
    struct wr_decoder *const decoder = &reader->decoder;
    enum wr_status status = wr_source_open(source, error);
    if (!status && source->sequence.later)
        wr_say(&options->log, WR_LOG_WARNING,
               "%s: there is no picture %d, so the %d picture%s behind it %s not read",
               source->name, source->sequence.gap, source->sequence.later,
               source->sequence.later == 1 ? "" : "s", source->sequence.later == 1 ? "is" : "are");
    if (!status)
        tell_choice(source, &options->log);
    if (!status)
        status = wr_companions_open(&reader->companions, source, options->companions,
                                    options->companion_count, error);
    if (!status)
        status = wr_decoder_open(decoder, source, options->threads, &options->log, error);
    if (!status)
        status = wr_seek_start(&reader->seek, source, error);
    if (!status)
        status = wr_skip_open(&reader->skip, &options->share, source, error);
    if (!status)
        status = wr_copies_open(&reader->copies, decoder, error);
    if (!status) {
        reader->packet = av_packet_alloc();
        if (!wr_timeline_open(&reader->timeline, source->file) || !reader->packet)
            status = wr_fail(error, WR_FAILED, "out of memory");
    }
    return status;
}

// Without seeking, what an MP4 file's index says comes too late, if it stands behind the samples.
static bool has_late_index(const struct wr_source *source)
{
    const AVIOContext *pb = source->file->pb;
    return av_match_name("mp4", source->file->iformat->name) && pb &&
           !(pb->seekable & AVIO_SEEKABLE_NORMAL);
}

static enum wr_status read_first_frame(struct wr_reader *reader, struct wr_error *error)
{
    const struct wr_source *source = &reader->source;
    enum wr_status status = WR_OK;
    while (!status && !source->first && !wr_reader_file_has_ended(reader))
        status = wr_reader_step(reader, error);
    if (status || source->first)
        return status;
    if (source->live.has_stalled)
        return wr_fail(error, WR_FAILED, "cannot read %s: nothing came for %g s", source->name,
                       source->live.timeout);
    if (has_late_index(source))
        return wr_fail(error, WR_FAILED,
                       "the index of this MP4 is at its end, so it cannot be read from a pipe; use "
                       "a file: warpreel ... < in.mp4");
    return source->start
               ? wr_fail(error, WR_FAILED, "%s has no frame at or after the start time %s",
                         source->name, source->start)
               : wr_fail(error, WR_FAILED, "no frame of %s could be decoded", source->name);
}

enum wr_status wr_reader_open(struct wr_reader **reader, const struct wr_reader_options *options,
                              struct wr_error *error)
{
    struct wr_reader *new = *reader = calloc(1, sizeof *new);
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    new->laps = wr_laps_of(options->loops);
    new->only_first = options->only_first;
    new->shortest = options->shortest;
    // Filters that mix sounds go on without one that has ended. Where packets are held until the
    // last frame is known, their ends come with that of the output.
    new->tells_ends = options->shortest || (options->maps.sound && options->frames < 0 &&
                                            options->on_change != WR_ON_CHANGE_SPLIT);
    new->source.name = options->input;
    new->source.number = options->number;
    new->source.format = options->format;
    new->source.options = options->options;
    new->source.framerate = options->framerate;
    new->source.start = options->start;
    new->source.to = options->to;
    new->source.later = options->later;
    new->source.scale = options->scale;
    new->source.named_video = options->video;
    new->source.from_zero = options->from_zero;
    new->source.cut_behind = options->cut_behind;
    new->source.duration = options->duration;
    new->source.frames = options->frames;
    new->source.on_change = options->on_change;
    new->source.maps = options->maps;
    new->source.sound_is_made = options->sound_is_made;
    new->source.cancelled = options->cancelled;
    new->source.log = options->log;
    new->source.live = (struct wr_live){.timeout = options->timeout, .is_paced = options->is_paced};
    enum wr_status status = open_parts(new, options, error);
    if (options->lacks_video)
        *options->lacks_video = new->source.lacks_video;
    if (!status)
        status = read_first_frame(new, error);
    if (status) {
        wr_reader_close(reader);
        return status;
    }
    new->frames_total = options->loops ? 0 : wr_source_frames(&new->source);
    new->duration = options->loops ? 0 : wr_source_duration(&new->source);
    return WR_OK;
}

void wr_reader_close(struct wr_reader **reader)
{
    struct wr_reader *old = *reader;
    if (!old)
        return;
    wr_messages_clear(&old->ready);
    av_packet_free(&old->packet);
    wr_timeline_close(&old->timeline);
    wr_copies_close(&old->copies);
    wr_companions_close(&old->companions);
    wr_decoder_close(&old->decoder);
    wr_skip_close(&old->skip);
    wr_source_close(&old->source);
    free(old);
    *reader = NULL;
}
