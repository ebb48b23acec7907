// SPDX-License-Identifier: MIT
// Chooses the streams of sound and text where no map does, as ffmpeg does.
#include "lib/input/listing.h"

#include <stdlib.h>

#include "lib/input/heard.h"
#include "lib/input/order.h"

static bool is_text(const AVStream *stream)
{
    return wr_is_text_subtitle(stream);
}

static bool is_sound(const AVStream *stream)
{
    return stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
}

// How ffmpeg weighs sounds: by channels; one that had a packet while the file was probed goes
// first. Within a file a default one counts for more.
static int64_t rank_sound(const AVStream *stream, bool within_file)
{
    enum { HAS_PACKETS = 100000000, IS_DEFAULT = 5000000 };
    return stream->codecpar->ch_layout.nb_channels +
           (stream->event_flags & AVSTREAM_EVENT_FLAG_NEW_PACKETS ? HAS_PACKETS : 0) +
           (within_file && stream->disposition & AV_DISPOSITION_DEFAULT ? IS_DEFAULT : 0);
}

static const AVStream *best_sound(const AVFormatContext *file)
{
    const AVStream *best = NULL;
    for (unsigned i = 0; i < file->nb_streams; i++) {
        const AVStream *stream = file->streams[i];
        if (is_sound(stream) && (!best || rank_sound(stream, true) > rank_sound(best, true)))
            best = stream;
    }
    return best;
}

static const AVStream *first_text(const AVFormatContext *file)
{
    for (unsigned i = 0; i < file->nb_streams; i++)
        if (is_text(file->streams[i]))
            return file->streams[i];
    return NULL;
}

// What is taken where no map chooses; NULL for what main has. What the chain makes of sound goes in
// the place of other files' sound.
struct choice {
    const AVStream *sound, *text;
};

static struct choice choose(const struct wr_companions *companions, const struct wr_source *main)
{
    const AVStream *sound = best_sound(main->file);
    int number = main->number; // of the sound's input: of equal ones the first is taken
    struct choice choice = {.sound = NULL};
    bool has_text = false;
    for (unsigned i = 0; i < main->file->nb_streams; i++)
        has_text |= main->file->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_SUBTITLE;
    for (int n = 0; n < companions->count; n++) {
        const AVFormatContext *file = companions->items[n].source.file;
        const AVStream *own = best_sound(file);
        const int64_t more = !own     ? -1
                             : !sound ? 1
                                      : rank_sound(own, false) - rank_sound(sound, false);
        const int own_number = companions->items[n].source.number;
        if (!main->maps.sound && (more > 0 || (more == 0 && own_number < number))) {
            choice.sound = sound = own;
            number = own_number;
        }
        if (!has_text && !choice.text)
            choice.text = first_text(file);
    }
    return choice;
}

// What the chain hears is in the output as it is, too, only if a map says so.
static bool is_wanted(const struct wr_source *main, const struct wr_source *from,
                      const AVStream *stream, const struct choice *choice, bool is_heard)
{
    if (is_heard && !wr_maps_choose(&main->maps))
        return false;
    if (!wr_maps_have(&main->maps, from->number, from->file, stream))
        return false;
    const enum AVMediaType type = stream->codecpar->codec_type;
    if (wr_maps_choose(&main->maps))
        return from == main || main->copies || type == AVMEDIA_TYPE_AUDIO ||
               type == AVMEDIA_TYPE_SUBTITLE;
    if (from == main)
        return !choice->sound || !is_sound(stream);
    return stream == choice->sound || stream == choice->text;
}

static void list_streams(struct wr_source *main, const struct wr_source *from,
                         const struct choice *choice, const struct wr_heard *heard)
{
    for (unsigned i = 0; i < from->file->nb_streams; i++) {
        AVStream *stream = from->file->streams[i];
        const bool is_heard = wr_is_heard(heard, stream);
        const bool is_output = is_wanted(main, from, stream, choice, is_heard);
        main->streams[main->stream_count] = (struct wr_source_stream){
            .av = stream,
            .from = from,
            .wanted = is_heard || is_output,
            .is_heard = is_heard,
            .is_output = is_output,
            .sound = -1,
            .takes = main->stream_count,
        };
        main->stream_count++;
    }
}

static int number_of(const struct wr_source *main, const AVStream *stream)
{
    int number = 0;
    while (main->streams[number].av != stream)
        number++;
    return number;
}

enum wr_status wr_listing_make(struct wr_companions *companions, struct wr_source *main,
                               struct wr_error *error)
{
    const struct choice choice = choose(companions, main);
    struct wr_heard heard;
    const enum wr_status status = wr_heard_find(&heard, companions, main, error);
    if (status)
        return status;
    size_t count = main->file->nb_streams;
    for (int n = 0; n < companions->count; n++)
        count += companions->items[n].source.file->nb_streams;
    main->streams = calloc(count, sizeof *main->streams);
    if (!main->streams)
        return wr_fail(error, WR_FAILED, "out of memory");
    list_streams(main, main, &choice, &heard);
    for (int n = 0; n < companions->count; n++) {
        struct wr_companion *companion = &companions->items[n];
        bool is_used = false;
        companion->first = main->stream_count;
        list_streams(main, &companion->source, &choice, &heard);
        for (int i = companion->first; i < main->stream_count; i++)
            is_used |= main->streams[i].wanted;
        companion->ended = !is_used;
        if (!is_used)
            main->stream_count = companion->first;
    }
    for (int n = 0; n < heard.count; n++)
        main->heard[n] = number_of(main, heard.streams[n]);
    return wr_order_make(main, error);
}
