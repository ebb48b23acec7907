// SPDX-License-Identifier: MIT
// Reads further files for their sound and text: which streams, from where on, how often.
#include "lib/input/companions.h"

#include <libavutil/avstring.h>
#include <libavutil/parseutils.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/input/listing.h"
#include "lib/input/promise.h"
#include "lib/input/seek.h"
#include "lib/input/source_facts.h"

// Sound that is decoded needs some packets before the start.
enum { LEAD = AV_TIME_BASE / 2 };

// ---- which files

// A pipe or a device can be opened only once.
static bool is_read_once(const char *name)
{
    struct stat entry;
    return !strcmp(name, "-") || av_strstart(name, "pipe:", NULL) ||
           (!stat(name, &entry) && !S_ISREG(entry.st_mode));
}

int64_t wr_companion_video_weight(const struct wr_companion_options *options)
{
    struct wr_source source = {
        .name = options->name,
        .format = options->format,
        .options = options->options,
        .frames = -1,
        .cancelled = -1,
    };
    if (is_read_once(options->name))
        return INT64_MAX;
    const int64_t weight =
        wr_source_open_file(&source, NULL) ? -1 : wr_file_video_weight(source.file);
    wr_source_close(&source);
    return weight;
}

// ---- opening, closing

// Sets where the file's times begin, and goes there.
static enum wr_status find_start(struct wr_companion *companion, const struct wr_source *main,
                                 struct wr_error *error)
{
    struct wr_source *source = &companion->source;
    int64_t start, most = INT64_MAX;
    enum wr_status status = wr_read_times(source, &start, error);
    if (status)
        return status;
    bool has_text = false;
    for (int i = companion->first; i < main->stream_count; i++)
        has_text |= main->streams[i].from == source && main->streams[i].wanted &&
                    wr_is_text_subtitle(main->streams[i].av);
    const int64_t beginning = wr_source_beginning(source);
    source->offset = beginning + start - source->later;
    if (source->end != INT64_MAX)
        source->end += source->later;
    if (main->duration && av_parse_time(&most, main->duration, 1) >= 0)
        source->end = FFMIN(source->end, most);
    if (main->copies) {
        wr_seek_packets(source, start);
        return WR_OK;
    }
    // Text that is on screen at the start may come long before it.
    if (start > LEAD && !has_text)
        avformat_seek_file(source->file, -1, INT64_MIN, beginning + start - LEAD,
                           beginning + start - LEAD, 0);
    return WR_OK;
}

static enum wr_status open_one(struct wr_companion *companion, const struct wr_source *main,
                               const struct wr_companion_options *options, struct wr_error *error)
{
    companion->source = (struct wr_source){
        .name = options->name,
        .number = options->number,
        .format = options->format,
        .options = options->options,
        .start = options->start,
        .to = options->to,
        .later = options->later,
        .scale = options->scale,
        .from_zero = options->from_zero,
        .frames = -1,
        .cancelled = main->cancelled,
        .live = {.timeout = main->live.timeout},
    };
    companion->laps = wr_laps_of(options->loops);
    companion->ends_as_pictures = options->ends_as_pictures;
    companion->packet = av_packet_alloc();
    if (!companion->packet)
        return wr_fail(error, WR_FAILED, "out of memory");
    const enum wr_status status = wr_source_open_file(&companion->source, error);
    return status ? status
                  : wr_maps_check_file(&main->maps, options->number, companion->source.file,
                                       options->name, error);
}

static bool is_opened(const struct wr_source *main, const struct wr_companion_options *one)
{
    const bool any = !wr_maps_choose(&main->maps);
    return (any && !is_read_once(one->name)) || wr_maps_name_input(&main->maps, one->number) ||
           one->gives_tags || one->gives_chapters;
}

// Pictures and what filters make have no tags: then those of the first other input are taken.
static const struct wr_source *find_tags(const struct wr_companions *companions,
                                         const struct wr_source *main)
{
    const struct wr_source *const asked = main->tags, *found = NULL;
    if (!wr_source_is_of_pictures(asked) || av_dict_count(asked->file->metadata))
        return asked;
    for (int n = -1; n < companions->count; n++) {
        const struct wr_source *const source = n < 0 ? main : &companions->items[n].source;
        if (!wr_source_is_of_pictures(source) && (!found || source->number < found->number))
            found = source;
    }
    return found ? found : asked;
}

// Sets whose tags and chapters the output has.
static void choose_givers(const struct wr_companions *companions, struct wr_source *main,
                          const struct wr_companion_options *list, int count)
{
    for (int n = 0, opened = 0; n < count; n++) {
        if (!is_opened(main, &list[n]))
            continue;
        const struct wr_source *const source = &companions->items[opened++].source;
        const bool has_first = !main->chapters->file->nb_chapters && source->file->nb_chapters;
        if (list[n].gives_tags)
            main->tags = source;
        if (list[n].gives_chapters || has_first)
            main->chapters = source;
    }
    main->tags = find_tags(companions, main);
}

enum wr_status wr_companions_open(struct wr_companions *companions, struct wr_source *main,
                                  const struct wr_companion_options *list, int count,
                                  struct wr_error *error)
{
    companions->items = count ? calloc((size_t)count, sizeof *companions->items) : NULL;
    if (count && !companions->items)
        return wr_fail(error, WR_FAILED, "out of memory");
    enum wr_status status = WR_OK;
    main->tags = main->chapters = main;
    for (int n = 0; n < count && !status; n++)
        if (is_opened(main, &list[n]))
            status = open_one(&companions->items[companions->count++], main, &list[n], error);
    if (!status)
        choose_givers(companions, main, list, count);
    if (!status)
        status = wr_listing_make(companions, main, error);
    for (int n = 0; n < companions->count && !status; n++) {
        struct wr_companion *const one = &companions->items[n];
        if (!one->ended && one->ends_as_pictures)
            status = wr_fail(error, WR_USAGE,
                             "%s is repeated without end, also its sound and text: leave them out, "
                             "or end the output by --shortest or --duration",
                             one->source.name);
        else if (!one->ended)
            status = find_start(one, main, error);
    }
    return status;
}

void wr_companions_close(struct wr_companions *companions)
{
    for (int n = 0; n < companions->count; n++) {
        av_packet_free(&companions->items[n].packet);
        wr_source_close(&companions->items[n].source);
    }
    free(companions->items);
    *companions = (struct wr_companions){NULL, 0};
}

// ---- reading

// At the end of the file: reads it again, or ends it. What it lacks is found once, in the last lap.
static enum wr_status end_lap(struct wr_companion *companion, struct wr_error *error)
{
    if (companion->laps.left)
        return wr_laps_begin_again(&companion->laps, &companion->source, error);
    struct wr_source *source = &companion->source;
    companion->ended = true;
    const bool lacks_packets =
        source->video && !source->cut && wr_source_lacks_packets(source, companion->packets);
    source->damaged += wr_source_is_cut_short(source) || lacks_packets;
    return WR_OK;
}

enum wr_status wr_companion_read(struct wr_companion *companion, const struct wr_source *main,
                                 struct wr_error *error)
{
    AVPacket *packet = companion->packet;
    int errors = 0;
    if (companion->laps.left < 0 && main->sound_is_made && atomic_load(main->sound_is_made)) {
        av_packet_unref(packet);
        companion->has_packet = false;
        companion->ended = true;
    }
    while (!companion->ended && !companion->has_packet) {
        wr_live_wait(&companion->source.live);
        const int result = wr_read_packet(companion->source.file, packet);
        if (wr_source_is_cancelled(&companion->source))
            return wr_fail(error, WR_INTERRUPTED, "interrupted");
        if (result < 0 && companion->source.live.has_stalled) {
            companion->ended = true;
            return WR_OK;
        }
        if (wr_source_is_out_of_memory(result))
            return wr_fail(error, WR_FAILED, "out of memory while reading %s",
                           companion->source.name);
        const bool failed = result < 0 && result != AVERROR_EOF && result != AVERROR(EAGAIN);
        companion->source.damaged += failed && errors == 0;
        if (result == AVERROR_EOF || (failed && ++errors > WR_MOST_ERRORS_IN_A_ROW)) {
            const enum wr_status status = end_lap(companion, error);
            if (status)
                return status;
        }
        if (result < 0)
            continue;
        wr_source_tell_late(&companion->source, packet);
        const AVStream *video = companion->source.video;
        companion->packets += video && packet->stream_index == video->index;
        packet->stream_index += companion->first;
        const int number = packet->stream_index;
        companion->has_packet = number < main->stream_count &&
                                main->streams[number].from == &companion->source &&
                                main->streams[number].wanted;
        if (companion->has_packet)
            wr_source_follow(&companion->source, &main->streams[number], packet);
        if (companion->has_packet)
            wr_laps_place(&companion->laps, main->streams[number].av, packet);
        else
            av_packet_unref(packet);
    }
    return WR_OK;
}

static bool begins_before(const struct wr_companion *companion, AVRational time_base, int64_t until)
{
    const AVPacket *packet = companion->packet;
    const int64_t time = wr_packet_time(packet);
    return until == INT64_MAX || time == AV_NOPTS_VALUE ||
           av_rescale_q(time, time_base, AV_TIME_BASE_Q) - companion->source.offset < until;
}

static enum wr_status read_one(struct wr_companion *companion, int64_t until, bool tell_ends,
                               struct wr_copies *copies, struct wr_messages *ready,
                               struct wr_error *error)
{
    const struct wr_source *main = copies->decoder->source;
    enum wr_status status = WR_OK;
    while (!status && !companion->ended) {
        status = wr_companion_read(companion, main, error);
        if (status || companion->ended)
            break;
        const AVRational time_base = main->streams[companion->packet->stream_index].av->time_base;
        if (!begins_before(companion, time_base, until))
            return WR_OK;
        companion->has_packet = false;
        status = wr_copies_take(copies, companion->packet, ready, error);
        av_packet_unref(companion->packet);
        companion->ended |= wr_copies_are_complete(copies, &companion->source);
        if (until == INT64_MAX)
            break; // one at a time is enough to go on
    }
    return !status && companion->ended
               ? wr_copies_end(copies, &companion->source, tell_ends, ready, error)
               : status;
}

enum wr_status wr_companions_read(struct wr_companions *companions, int64_t until, bool tell_ends,
                                  struct wr_copies *copies, struct wr_messages *ready,
                                  struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int n = 0; n < companions->count && !status; n++)
        if (!companions->items[n].ended)
            status = read_one(&companions->items[n], until, tell_ends, copies, ready, error);
    return status;
}

bool wr_companions_ended(const struct wr_companions *companions)
{
    bool ended = true;
    for (int n = 0; n < companions->count; n++)
        ended &= companions->items[n].ended;
    return ended;
}

const char *wr_companions_stalled(const struct wr_companions *companions)
{
    for (int n = 0; n < companions->count; n++)
        if (companions->items[n].source.live.has_stalled)
            return companions->items[n].source.name;
    return NULL;
}

int64_t wr_companions_damage(const struct wr_companions *companions)
{
    int64_t damage = 0;
    for (int n = 0; n < companions->count; n++)
        damage += wr_source_damage(&companions->items[n].source);
    return damage;
}

const char *wr_companions_damaged_input(const struct wr_companions *companions)
{
    for (int n = 0; n < companions->count; n++)
        if (wr_source_damage(&companions->items[n].source))
            return companions->items[n].source.name;
    return NULL;
}
