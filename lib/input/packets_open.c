// SPDX-License-Identifier: MIT
// Opens all inputs where no frame is decoded, and sets where the output begins and ends.
#include "lib/input/packets_open.h"

#include <stdlib.h>

#include "lib/input/packets_parts.h"
#include "lib/input/seek.h"

// Sets where main's times begin and end, and goes there.
static enum wr_status find_start(struct wr_packets *packets, struct wr_error *error)
{
    struct wr_source *source = &packets->main.source;
    int64_t start;
    const enum wr_status status = wr_read_times(source, &start, error);
    if (status)
        return status;
    source->offset = wr_source_beginning(source) + start - source->later;
    wr_seek_packets(source, start);
    if (start) // complaints about what comes before are no damage
        atomic_store(&source->complaints, 0);
    return WR_OK;
}

static enum wr_status parse(const char *text, int64_t *time, struct wr_error *error)
{
    return text && (!wr_parse_time(text, time) || *time < 0)
               ? wr_fail(error, WR_USAGE, "\"%s\" is not a time such as 90, 1:30 or 00:01:30.5",
                         text)
               : WR_OK;
}

// Sets where the output begins and ends, in the times of all inputs.
static enum wr_status cut_output(struct wr_packets *packets,
                                 const struct wr_reader_options *options, struct wr_error *error)
{
    int64_t time = 0, most = INT64_MAX;
    enum wr_status status = parse(options->skip, &time, error);
    if (!status)
        status = parse(options->duration, &most, error);
    if (status)
        return status;
    packets->skips = time > 0;
    packets->main.source.cut |= options->skip || options->duration;
    for (int n = -1; n < packets->companions.count; n++) {
        struct wr_source *source =
            n < 0 ? &packets->main.source : &packets->companions.items[n].source;
        source->offset += time;
        source->skips = packets->skips;
        if (packets->skips && !source->start)
            source->start = options->skip; // sound that is decoded is cut to the sample
        source->end -= source->end == INT64_MAX ? 0 : time;
        source->most = most;
    }
    return WR_OK;
}

static enum wr_status open_parts(struct wr_packets *packets,
                                 const struct wr_reader_options *options, struct wr_error *error)
{
    struct wr_source *source = &packets->main.source;
    enum wr_status status = wr_source_open(source, error);
    if (!status)
        status = wr_companions_open(&packets->companions, source, options->companions,
                                    options->companion_count, error);
    if (!status)
        status = find_start(packets, error);
    if (!status)
        status = cut_output(packets, options, error);
    if (status)
        return status;
    packets->main.packet = av_packet_alloc();
    packets->streams = calloc((size_t)source->stream_count, sizeof *packets->streams);
    if (!packets->main.packet || !packets->streams ||
        !wr_timeline_open(&packets->timeline, source->file))
        return wr_fail(error, WR_FAILED, "out of memory");
    bool any = false;
    packets->main.ended = true;
    for (int i = 0; i < source->stream_count; i++) {
        const AVStream *stream = source->streams[i].av;
        source->streams[i].wanted &= stream->discard < AVDISCARD_ALL;
        packets->streams[i].next = AV_NOPTS_VALUE;
        packets->streams[i].last = packets->streams[i].shown = INT64_MIN;
        any |= source->streams[i].wanted;
        packets->main.ended &= source->streams[i].from != source || !source->streams[i].wanted;
    }
    return any || source->maps.no_streams
               ? WR_OK
               : wr_fail(error, WR_USAGE, "%s: no stream is left to write", source->name);
}

enum wr_status wr_packets_open(struct wr_packets **packets, const struct wr_reader_options *options,
                               struct wr_error *error)
{
    struct wr_packets *new = *packets = calloc(1, sizeof *new);
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    new->main = (struct wr_companion){
        .laps = wr_laps_of(options->loops),
        .source = {
            .copies = true,
            .name = options->input,
            .number = options->number,
            .format = options->format,
            .options = options->options,
            .framerate = options->framerate,
            .start = options->start,
            .to = options->to,
            .later = options->later,
            .scale = options->scale,
            .named_video = options->video,
            .from_zero = options->from_zero,
            .frames = options->frames,
            .maps = options->maps,
            .sound_is_made = options->sound_is_made,
            .cancelled = options->cancelled,
            .log = options->log,
            .live = {.timeout = options->timeout, .is_paced = options->is_paced},
        }};
    new->shortest = options->shortest;
    new->shortest_last = new->shortest_end = INT64_MAX;
    new->filters_sound = options->filters_sound;
    new->encodes_sound = options->encodes_sound;
    new->sound_never_ends = options->sound_never_ends;
    new->frames = options->frames;
    const enum wr_status status = open_parts(new, options, error);
    if (status)
        wr_packets_close(packets);
    return status;
}

void wr_packets_close(struct wr_packets **packets)
{
    struct wr_packets *old = *packets;
    if (!old)
        return;
    wr_messages_clear(&old->ahead);
    wr_timeline_close(&old->timeline);
    wr_companions_close(&old->companions);
    av_packet_free(&old->main.packet);
    wr_source_close(&old->main.source);
    free(old->streams);
    free(old);
    *packets = NULL;
}
