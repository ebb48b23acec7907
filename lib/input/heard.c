// SPDX-License-Identifier: MIT
// Finds the streams of sound that the chain takes, as ffmpeg does.
#include "lib/input/heard.h"

#include "lib/chain/links.h"

static const struct wr_source *file_of(const struct wr_companions *companions,
                                       const struct wr_source *main, int number)
{
    if (main->number == number)
        return main;
    for (int n = 0; n < companions->count; n++)
        if (companions->items[n].source.number == number)
            return &companions->items[n].source;
    return NULL;
}

// The first stream of sound that the specifier names; with NULL, that nothing takes yet.
static const AVStream *find_in(const struct wr_heard *heard, const struct wr_source *source,
                               const char *specifier)
{
    AVFormatContext *file = source ? source->file : NULL;
    for (unsigned i = 0; file && i < file->nb_streams; i++) {
        AVStream *stream = file->streams[i];
        if (stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO &&
            (specifier ? avformat_match_stream_specifier(file, stream, specifier) > 0
                       : !wr_is_heard(heard, stream)))
            return stream;
    }
    return NULL;
}

static enum wr_status find_one(struct wr_heard *heard, const struct wr_companions *companions,
                               const struct wr_source *main, const struct wr_sound_input *input,
                               struct wr_error *error)
{
    const bool is_any = input->file < 0;
    const AVStream *found = NULL;
    for (int number = is_any ? 0 : input->file; !found && number < WR_MAX_FILES; number++) {
        found = find_in(heard, file_of(companions, main, number), input->specifier);
        if (!is_any)
            break;
    }
    if (!found && is_any)
        return wr_fail(error, WR_USAGE, "%s: an input has no label, and no sound is left for it",
                       main->maps.sound->names);
    if (!found)
        return wr_fail(error, WR_USAGE, "%s: there is no sound [%d%s%s]", main->maps.sound->names,
                       input->file, *input->specifier ? ":" : "", input->specifier);
    heard->streams[heard->count++] = found;
    return WR_OK;
}

enum wr_status wr_heard_find(struct wr_heard *heard, const struct wr_companions *companions,
                             const struct wr_source *main, struct wr_error *error)
{
    const struct wr_sound_part *sound = main->maps.sound;
    enum wr_status status = WR_OK;
    *heard = (struct wr_heard){.count = 0};
    for (int n = 0; sound && n < sound->input_count && !status; n++)
        status = find_one(heard, companions, main, &sound->inputs[n], error);
    return status;
}

bool wr_is_heard(const struct wr_heard *heard, const AVStream *stream)
{
    for (int n = 0; n < heard->count; n++)
        if (heard->streams[n] == stream)
            return true;
    return false;
}
