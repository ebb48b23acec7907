// SPDX-License-Identifier: MIT
// Reads maps as FFmpeg does: each adds streams, or takes some away again.
#include "lib/input/maps.h"

#include <libavutil/avstring.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/specifier.h"

struct map {
    bool removes, may_match_nothing;
    bool is_label; // "[out]": what the chain makes
    bool is_sound; // and that is no picture
    long file;
    char specifier[128]; // "" for all streams
};

bool wr_is_label(const char *map, const char *label)
{
    const size_t length = label ? strlen(label) : 0;
    return label && *map == '[' && !strncmp(map + 1, label, length) &&
           !strcmp(map + 1 + length, "]");
}

int wr_maps_sound(const struct wr_maps *maps, const char *map)
{
    for (int n = 0; maps->sound && n < maps->sound->output_count; n++)
        if (wr_is_label(map, maps->sound->outputs[n].label))
            return n;
    return -1;
}

// False if the text is no map.
static bool read_map(const struct wr_maps *maps, const char *text, struct map *map)
{
    *map = (struct map){.is_label = *text == '[',
                        .is_sound = *text == '[' && ((maps->sound && maps->sound->is_all) ||
                                                     wr_maps_sound(maps, text) >= 0)};
    if (map->is_label)
        return true;
    map->removes = *text == '-';
    text += map->removes;
    char *end;
    map->file = strtol(text, &end, 10);
    // "a" alone is the first input's, as in FFmpeg.
    if (end > text && *end && *end != ':' && *end != '?')
        return false;
    av_strlcpy(map->specifier, end + (*end == ':'), sizeof map->specifier);
    const size_t length = strlen(map->specifier);
    map->may_match_nothing = length && map->specifier[length - 1] == '?';
    if (map->may_match_nothing)
        map->specifier[length - 1] = '\0';
    return true;
}

static bool matches(const struct map *map, int input, AVFormatContext *file, const AVStream *stream)
{
    return !map->is_label && map->file == input &&
           avformat_match_stream_specifier(file, (AVStream *)stream, map->specifier) > 0;
}

enum wr_status wr_maps_check(const struct wr_maps *maps, int inputs, struct wr_error *error)
{
    for (const char *const *text = maps->list; text && *text; text++) {
        struct map map;
        if (!read_map(maps, *text, &map) || !wr_is_specifier(map.specifier))
            return wr_fail(error, WR_USAGE, "map \"%s\" is not of the form 0:v, 0:a:1 or -0:s",
                           *text);
        if (map.file < 0 || map.file >= inputs)
            return wr_fail(error, WR_USAGE,
                           "map \"%s\" names input %ld, and the last one is number %d", *text,
                           map.file, inputs - 1);
    }
    return WR_OK;
}

enum wr_status wr_maps_check_file(const struct wr_maps *maps, int input, AVFormatContext *file,
                                  const char *name, struct wr_error *error)
{
    for (const char *const *text = maps->list; text && *text; text++) {
        struct map map;
        bool any = false;
        const bool must_match =
            read_map(maps, *text, &map) && !map.is_label && !map.may_match_nothing && !map.removes;
        if (!must_match || map.file != input)
            continue;
        for (unsigned i = 0; i < file->nb_streams; i++)
            any |= matches(&map, input, file, file->streams[i]);
        if (!any)
            return wr_fail(error, WR_USAGE,
                           "map \"%s\" matches no stream of %s; \"%s?\" is content with none",
                           *text, name, *text);
    }
    return WR_OK;
}

bool wr_maps_choose(const struct wr_maps *maps)
{
    bool chooses = false;
    for (const char *const *text = maps->list; text && *text; text++)
        chooses |= **text != '-';
    return chooses;
}

bool wr_maps_name_input(const struct wr_maps *maps, int input)
{
    bool names = false;
    for (const char *const *text = maps->list; text && *text; text++) {
        struct map map;
        names |= read_map(maps, *text, &map) && !map.is_label && !map.removes && map.file == input;
    }
    for (int n = 0; maps->sound && n < maps->sound->input_count; n++)
        names |= maps->sound->inputs[n].file < 0 || maps->sound->inputs[n].file == input;
    return names;
}

int wr_maps_video_input(const struct wr_maps *maps)
{
    for (const char *const *text = maps->list; text && *text; text++) {
        struct map map;
        if (!read_map(maps, *text, &map) || map.removes || map.is_sound)
            continue;
        if (map.is_label)
            return 0;
        if (av_strncasecmp(map.specifier, "v", 1) == 0)
            return (int)map.file;
    }
    return WR_ANY_STREAM;
}

int wr_maps_video(const struct wr_maps *maps, int input, AVFormatContext *file)
{
    bool all = true;
    if (maps->no_video || maps->only_covers || maps->no_streams)
        return WR_NO_STREAM;
    for (const char *const *text = maps->list; text && *text; text++) {
        struct map map;
        if (!read_map(maps, *text, &map) || map.removes)
            continue;
        all = false;
        if (map.is_sound)
            continue;
        if (map.is_label || (!*map.specifier && map.file == input))
            return WR_ANY_STREAM;
        for (unsigned i = 0; i < file->nb_streams; i++) {
            const AVStream *stream = file->streams[i];
            if (stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
                matches(&map, input, file, stream))
                return !strcmp(map.specifier, "v") || !strcmp(map.specifier, "V") ? WR_ANY_STREAM
                                                                                  : (int)i;
        }
    }
    return all ? WR_ANY_STREAM : WR_NO_STREAM;
}

// Where the chain makes sound of other inputs alone, that stands for the sound of this one.
static bool chain_stands_for(const struct wr_maps *maps, int input)
{
    bool stands = maps->sound;
    for (int n = 0; maps->sound && n < maps->sound->input_count; n++)
        stands &= maps->sound->inputs[n].file >= 0 && maps->sound->inputs[n].file != input;
    return stands;
}

// Whether the last map that matches the stream adds it; `otherwise` where none does.
static bool is_added(const struct wr_maps *maps, int input, AVFormatContext *file,
                     const AVStream *stream, bool otherwise)
{
    for (const char *const *text = maps->list; text && *text; text++) {
        struct map map;
        if (read_map(maps, *text, &map) && matches(&map, input, file, stream))
            otherwise = !map.removes;
    }
    return otherwise;
}

bool wr_maps_have(const struct wr_maps *maps, int input, AVFormatContext *file,
                  const AVStream *stream)
{
    const enum AVMediaType type = stream->codecpar->codec_type;
    if (maps->no_streams || (maps->no_audio && type == AVMEDIA_TYPE_AUDIO) ||
        (maps->no_subtitles && type == AVMEDIA_TYPE_SUBTITLE) ||
        (maps->no_data && type == AVMEDIA_TYPE_DATA) ||
        (maps->no_video && type == AVMEDIA_TYPE_VIDEO) ||
        (maps->only_covers && type == AVMEDIA_TYPE_VIDEO &&
         !(stream->disposition & AV_DISPOSITION_ATTACHED_PIC)))
        return false;
    const bool has = !wr_maps_choose(maps) && // maps that only take away do so from all
                     !(type == AVMEDIA_TYPE_AUDIO && chain_stands_for(maps, input));
    return is_added(maps, input, file, stream, has);
}

bool wr_maps_take_away(const struct wr_maps *maps, int input, AVFormatContext *file,
                       const AVStream *stream)
{
    return !is_added(maps, input, file, stream, true);
}

bool wr_maps_adds(const struct wr_maps *maps, int n, int input, AVFormatContext *file,
                  const AVStream *stream)
{
    struct map map;
    bool adds =
        read_map(maps, maps->list[n], &map) && !map.removes && matches(&map, input, file, stream);
    for (const char *const *text = maps->list + n + 1; adds && *text; text++)
        adds = !read_map(maps, *text, &map) || !map.removes || !matches(&map, input, file, stream);
    return adds;
}
