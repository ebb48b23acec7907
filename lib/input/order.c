// SPDX-License-Identifier: MIT
// Walks through the maps as ffmpeg does: each adds streams to the output, behind those before.
#include "lib/input/order.h"

#include <stdlib.h>

struct order {
    struct wr_source *main;
    int listed;     // streams of the files: those that are appended follow
    int *named;     // streams in the order of the maps
    int count;      // of those
    bool *is_named; // [of all streams]
};

static bool grow(struct order *order)
{
    const size_t count = (size_t)order->main->stream_count + 1;
    struct wr_source_stream *streams =
        realloc(order->main->streams, count * sizeof *order->main->streams);
    if (streams)
        order->main->streams = streams;
    int *named = realloc(order->named, count * sizeof *named);
    if (named)
        order->named = named;
    bool *is_named = realloc(order->is_named, count * sizeof *is_named);
    if (is_named)
        order->is_named = is_named;
    return streams && named && is_named;
}

// Appends a stream that has the packets of another one. Returns its number, or -1.
static int append(struct order *order, int takes)
{
    if (!grow(order))
        return -1;
    const int number = order->main->stream_count++;
    const struct wr_source_stream *from = &order->main->streams[takes];
    order->main->streams[number] = (struct wr_source_stream){
        .av = from->av, .from = from->from, .is_output = true, .sound = -1, .takes = takes};
    order->is_named[number] = false;
    return number;
}

static void name(struct order *order, int number)
{
    order->is_named[number] = true;
    order->named[order->count++] = number;
}

// Finds a place for what the chain makes of sound: that of the first stream it takes, if it is
// free.
static bool place_sound(struct order *order, int sound)
{
    struct wr_source *main = order->main;
    const int first = main->heard[main->maps.sound->outputs[sound].first];
    const bool is_free = !main->streams[first].is_output;
    const int number = is_free ? first : append(order, first);
    if (number < 0)
        return false;
    main->streams[number].is_output = true;
    main->streams[number].sound = sound;
    return true;
}

static void name_sound(struct order *order, int sound)
{
    for (int i = 0; i < order->main->stream_count; i++)
        if (order->main->streams[i].sound == sound && !order->is_named[i])
            name(order, i);
}

// The number of the video, which a label names, too; -1 if there is none.
static int find_video(const struct order *order)
{
    const struct wr_source *main = order->main;
    for (int i = 0; main->video && i < order->listed; i++)
        if (main->streams[i].av == main->video)
            return i;
    return -1;
}

// Names a stream, of which a copy is made if it has been named before.
static enum wr_status name_again(struct order *order, int number, struct wr_error *error)
{
    if (!order->is_named[number]) {
        name(order, number);
        return WR_OK;
    }
    if (order->main->streams[number].av == order->main->video)
        return wr_fail(error, WR_USAGE,
                       "the maps name the video twice, and an output has one: several outputs may "
                       "have it each");
    const int copy = append(order, number);
    if (copy < 0)
        return wr_fail(error, WR_FAILED, "out of memory");
    name(order, copy);
    return WR_OK;
}

static enum wr_status name_file_streams(struct order *order, int map, struct wr_error *error)
{
    const struct wr_source *main = order->main;
    enum wr_status status = WR_OK;
    for (int i = 0; i < order->listed && !status; i++) {
        const struct wr_source_stream *stream = &main->streams[i];
        if ((stream->is_output || stream->av == main->video) &&
            wr_maps_adds(&main->maps, map, stream->from->number, stream->from->file, stream->av))
            status = name_again(order, i, error);
    }
    return status;
}

// The map that gives what the chain makes of pictures its place: the last label of such. "[out]",
// which means the same, may stand before it. -1 if there is none.
static int find_label(const struct wr_maps *maps)
{
    const bool has_pictures = !maps->sound || !maps->sound->is_all; // in the chain
    int found = -1;
    for (int n = 0; maps->list && maps->list[n] && has_pictures; n++)
        if (*maps->list[n] == '[' && wr_maps_sound(maps, maps->list[n]) < 0)
            found = n;
    return found;
}

static enum wr_status walk_maps(struct order *order, struct wr_error *error)
{
    const struct wr_maps *maps = &order->main->maps;
    const int label = find_label(maps);
    enum wr_status status = WR_OK;
    for (int n = 0; maps->list && maps->list[n] && !status; n++) {
        const int sound = wr_maps_sound(maps, maps->list[n]), video = find_video(order);
        if (sound >= 0) {
            name_sound(order, sound);
        } else if (*maps->list[n] != '[') {
            status = name_file_streams(order, n, error);
        } else if (video >= 0 && n == label) {
            status = name_again(order, video, error);
        }
    }
    return status;
}

static enum wr_status write_order(struct order *order, struct wr_error *error)
{
    struct wr_source *main = order->main;
    int count = 0;
    main->order = calloc((size_t)main->stream_count + 1, sizeof *main->order);
    if (!main->order)
        return wr_fail(error, WR_FAILED, "out of memory");
    for (int i = 0; i < main->stream_count; i++)
        if (!order->is_named[i])
            main->order[count++] = i;
    for (int n = 0; n < order->count; n++)
        main->order[count++] = order->named[n];
    return WR_OK;
}

enum wr_status wr_order_make(struct wr_source *main, struct wr_error *error)
{
    const size_t count = (size_t)main->stream_count + 1;
    struct order order = {
        .main = main,
        .listed = main->stream_count,
        .named = calloc(count, sizeof *order.named),
        .is_named = calloc(count, sizeof *order.is_named),
    };
    bool is_placed = order.named && order.is_named;
    const int sounds = main->maps.sound ? main->maps.sound->output_count : 0;
    for (int n = 0; n < sounds && is_placed; n++)
        is_placed = place_sound(&order, n);
    enum wr_status status =
        is_placed ? walk_maps(&order, error) : wr_fail(error, WR_FAILED, "out of memory");
    if (!status)
        status = write_order(&order, error);
    free(order.named);
    free(order.is_named);
    return status;
}
