// SPDX-License-Identifier: MIT
// Compares what a reader finds in a trial of the output with what went in.
#include "lib/output/trial/probe.h"

#include <libavutil/avstring.h>
#include <stdlib.h>
#include <string.h>

#include "lib/input/plays.h"
#include "lib/media/compat.h"
#include "lib/output/trial/compare.h"

// ---- streams

// The stream of the reading that an output's stream has become: the same number and codec, else the
// same place among those of its type; -1 if there is none.
static int find_again(const struct wr_reading *r, const struct wr_trial *trial, int output)
{
    const AVCodecParameters *wanted = trial->file->streams[output]->codecpar;
    const int count = (int)r->file->nb_streams;
    if (output < count && r->file->streams[output]->codecpar->codec_id == wanted->codec_id)
        return output;
    int place = 0;
    for (int i = 0; i < output; i++)
        place += trial->file->streams[i]->codecpar->codec_type == wanted->codec_type;
    for (int i = 0; i < count; i++)
        if (r->file->streams[i]->codecpar->codec_type == wanted->codec_type && place-- == 0)
            return i;
    return -1;
}

static bool is_mpeg_sound(enum AVCodecID codec)
{
    return codec == AV_CODEC_ID_MP1 || codec == AV_CODEC_ID_MP2 || codec == AV_CODEC_ID_MP3;
}

// Decoders of the layers of MPEG sound take all of them, and their content alone tells which it is.
static bool is_same_codec(enum AVCodecID a, enum AVCodecID b)
{
    return a == b || (is_mpeg_sound(a) && is_mpeg_sound(b));
}

// The value of a tag that says something; NULL if there is none.
static const char *tag_value(const AVDictionary *tags, const char *key)
{
    const AVDictionaryEntry *tag = av_dict_get(tags, key, NULL, 0);
    return tag && *tag->value && strcmp(tag->value, "und") ? tag->value : NULL;
}

// A language may come back in another of its standard's spellings.
static void compare_language(struct wr_probe_stream *found, const AVStream *have,
                             const AVStream *wanted)
{
    const char *language = tag_value(wanted->metadata, "language");
    found->loses_language = language && !tag_value(have->metadata, "language");
    if (found->loses_language)
        wr_lose(found->losses, sizeof found->losses, "language", language);
}

static void compare_marks(struct wr_probe_stream *found, const AVStream *have,
                          const AVStream *wanted)
{
    static const struct {
        int flag;
        const char *name;
    } marks[] = {
        {AV_DISPOSITION_FORCED, "forced"},
        {AV_DISPOSITION_DUB, "dub"},
        {AV_DISPOSITION_ORIGINAL, "original"},
        {AV_DISPOSITION_LYRICS, "lyrics"},
        {AV_DISPOSITION_KARAOKE, "karaoke"},
        {AV_DISPOSITION_CLEAN_EFFECTS, "clean effects"},
        {AV_DISPOSITION_CAPTIONS, "captions"},
        {AV_DISPOSITION_DESCRIPTIONS, "descriptions"},
        {AV_DISPOSITION_COMMENT, "comment"},
        {AV_DISPOSITION_HEARING_IMPAIRED, "hearing impaired"},
        {AV_DISPOSITION_VISUAL_IMPAIRED, "visual impaired"},
    };
    compare_language(found, have, wanted);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (wanted->disposition & ~have->disposition & marks[i].flag)
            wr_lose(found->losses, sizeof found->losses, "disposition", marks[i].name);
}

static void compare_stream(struct wr_probe_stream *found, const struct wr_reading *r,
                           const struct wr_trial *trial, int output, int64_t video_shift)
{
    const struct wr_trial_stream *written = &trial->streams[output];
    const AVCodecParameters *wanted = trial->file->streams[output]->codecpar;
    const int n = find_again(r, trial, output);
    const bool is_listed = n >= 0 || output < (int)r->file->nb_streams;
    if (written->refused && written->has_content) {
        found->unreadable = true;
        return;
    }
    if (!written->written && !is_listed)
        return; // it may come with its first packet
    if (n < 0 || !is_same_codec(r->file->streams[n]->codecpar->codec_id, wanted->codec_id)) {
        found->unreadable = n < 0 || written->has_content;
        return;
    }
    // Half is enough, since some decoders give a little less at the beginning and at the end.
    // Refused packets prove nothing: they may be stand-ins for the source's, which are accepted.
    found->unreadable =
        !written->refused && r->decodings[n].decoded < written->decoding.decoded / 2;
    if (found->unreadable)
        return;
    compare_marks(found, r->file->streams[n], trial->file->streams[output]);
    if (!written->written || r->first[n] == AV_NOPTS_VALUE || video_shift == AV_NOPTS_VALUE ||
        wanted->codec_type != AVMEDIA_TYPE_AUDIO)
        return; // some muxers put an empty text before the first
    const int64_t shift = r->first[n] - written->first - video_shift;
    found->shift = llabs(shift) > WR_TOLERANCE ? shift : 0;
    found->first = written->first;
}

static void compare_streams(struct wr_probe *probe, const struct wr_reading *r,
                            const struct wr_trial *trial, const struct wr_selection *selection)
{
    const struct wr_source *source = selection->source;
    const int video = trial->video;
    const int64_t first = r->count ? r->times[0] : AV_NOPTS_VALUE;
    // Without times of pictures others are not compared with them. Of a video that is copied, the
    // first one need not be among those that can be decoded.
    const bool is_known = !trial->is_copied || (r->count == trial->count && !trial->has_no_times);
    const bool has_times =
        video >= 0 && trial->streams[video].written && first != AV_NOPTS_VALUE && is_known;
    const int64_t video_shift =
        has_times ? first + wr_first_is_early(r, trial) - trial->streams[video].first
                  : AV_NOPTS_VALUE;
    for (int i = 0; i < source->stream_count; i++) {
        const struct wr_stream_route *route = &selection->routes[i];
        if (route->chosen && route->output == video && r->video >= 0)
            compare_language(&probe->streams[i], r->file->streams[r->video],
                             trial->file->streams[video]);
        const enum AVMediaType type = source->streams[i].av->codecpar->codec_type;
        if (route->chosen && route->output != video &&
            (type == AVMEDIA_TYPE_AUDIO || type == AVMEDIA_TYPE_SUBTITLE))
            compare_stream(&probe->streams[i], r, trial, route->output, video_shift);
    }
}

// ---- the file

// The file's tag, or the first stream's that has it.
static const char *tag_of_any(const AVFormatContext *file, const char *key)
{
    const char *value = tag_value(file->metadata, key);
    for (unsigned i = 0; i < file->nb_streams && !value; i++)
        value = tag_value(file->streams[i]->metadata, key);
    return value;
}

static void compare_file(struct wr_probe *probe, const struct wr_reading *r,
                         const struct wr_trial *trial, const struct wr_output_plan *plan)
{
    static const char *const tags[] = {"title", "artist", "album", "comment", "copyright"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (tag_value(trial->file->metadata, tags[i]) && !tag_value(r->file->metadata, tags[i]))
            wr_lose(probe->losses, sizeof probe->losses, "tag", tags[i]);
    const char *code = tag_of_any(trial->file, "timecode"), *read = tag_of_any(r->file, "timecode");
    if (code && (!read || strcmp(code, read)))
        wr_lose(probe->losses, sizeof probe->losses, "time code", code);
    // Where the table has none for the container, that is told without a trial.
    if (plan->container_row->chapters && trial->file->nb_chapters > r->file->nb_chapters)
        wr_lose(probe->losses, sizeof probe->losses, "chapters", NULL);
}

// Raw frames carry nothing that tells their layout: where the container cannot say it either, they
// are read as something else.
static bool misreads_raw(const struct wr_reading *r, const struct wr_trial *trial)
{
    if (trial->video < 0 || !r->file || r->video < 0)
        return false;
    const AVCodecParameters *wanted = trial->file->streams[trial->video]->codecpar;
    if (wanted->codec_id != AV_CODEC_ID_RAWVIDEO)
        return false;
    const AVCodecParameters *have = r->file->streams[r->video]->codecpar;
    struct wr_format a, b;
    const bool is_gray = wanted->format == AV_PIX_FMT_GRAY8 && have->format == AV_PIX_FMT_PAL8;
    const bool is_same =
        have->format == wanted->format || is_gray || // MOV keeps gray in a palette
        (wr_pix_fmt_describe(wanted->format, &a) && wr_pix_fmt_describe(have->format, &b) &&
         a.model != WR_RGB && wr_same_samples(&a, &b));
    return have->codec_id != wanted->codec_id || !is_same;
}

// ---- all of it

// A raw picture in a file of its own does not say what is in it, and nobody expects that it does.
static bool can_be_tried(const struct wr_output_plan *plan, const AVStream *video)
{
    const struct wr_container_row *row = plan->container_row;
    const enum AVCodecID codec = plan->codec ? plan->codec->id
                                 : video     ? video->codecpar->codec_id
                                             : AV_CODEC_ID_NONE;
    return row->holds_pictures ? codec != AV_CODEC_ID_RAWVIDEO
                               : !row->takes_anything && !(plan->holder->flags & AVFMT_NOFILE);
}

static void compare(struct wr_probe *probe, const struct wr_reading *r,
                    const struct wr_trial *trial, const struct wr_selection *selection)
{
    if (trial->count)
        wr_compare_pictures(probe, r, trial, selection);
    if (trial->is_still)
        return; // the file is the picture
    compare_streams(probe, r, trial, selection);
    compare_file(probe, r, trial, selection->plan);
    probe->loses_plays = selection->source->plays >= 0 && selection->source->plays != 1 &&
                         wr_read_plays(r->file) != selection->source->plays;
}

// Whether anything was put into it that a reader could know. Some take a header alone for nothing.
static bool has_content(const struct wr_trial *trial)
{
    bool any = trial->count > 0;
    for (unsigned i = 0; i < trial->file->nb_streams; i++)
        any |= trial->streams[i].written &&
               (trial->streams[i].has_content || trial->streams[i].decoding.decoded > 0);
    return any;
}

// Whether a reader of bare pictures takes a container for these: blank ones it may find in it, and
// other ones not. Such readers find their way by packets, and what they read has no times.
static bool reads_by_chance(const AVInputFormat *reader, const AVOutputFormat *muxer)
{
    const AVOutputFormat *own = av_guess_format(reader->name, NULL, NULL);
    const bool is_bare =
        reader->flags & AVFMT_GENERIC_INDEX && (!own || own->flags & AVFMT_NOTIMESTAMPS);
    return is_bare && !(muxer->flags & AVFMT_NOTIMESTAMPS) &&
           !av_match_name(muxer->name, reader->name) &&
           !av_strstart(reader->name, muxer->name, NULL);
}

// Whether FFmpeg reads files of the kind: by the muxer's name, or by their content.
static bool has_reader(const struct wr_trial *trial)
{
    const AVOutputFormat *muxer = trial->file->oformat;
    const AVInputFormat *named = av_find_input_format(muxer->name);
    const AVProbeData data = {.filename = "", .buf = trial->data, .buf_size = trial->size};
    const AVInputFormat *probed = av_probe_input_format(&data, 1);
    return (named && !(named->flags & AVFMT_NOFILE)) || (probed && !reads_by_chance(probed, muxer));
}

static void read_trial(struct wr_probe *probe, const struct wr_trial *trial,
                       const struct wr_selection *selection)
{
    struct wr_reading reading;
    if (wr_reading_open(&reading, trial) >= 0 &&
        !reads_by_chance(reading.file->iformat, trial->file->oformat))
        compare(probe, &reading, trial, selection);
    else
        probe->is_unreadable = has_content(trial);
    probe->misreads_raw = misreads_raw(&reading, trial);
    // Where a reader does not know what the container is for, that is the reader's fault.
    const enum AVCodecID codec = trial->video >= 0
                                     ? trial->file->streams[trial->video]->codecpar->codec_id
                                     : AV_CODEC_ID_NONE;
    probe->is_unknown = probe->is_unreadable && (!trial->count || !has_reader(trial) ||
                                                 codec == selection->plan->holder->video_codec);
    probe->is_unreadable &= !probe->is_unknown;
    wr_reading_close(&reading);
}

enum wr_status wr_probe_open(struct wr_probe *probe, const struct wr_selection *selection,
                             const struct wr_ahead *ahead, struct wr_error *error)
{
    *probe = (struct wr_probe){
        .streams = calloc((size_t)selection->source->stream_count, sizeof *probe->streams),
        .loses_fields = selection->plan->container_row->takes_anything ? 0 : ~0u, // until tried
    };
    if (!probe->streams)
        return wr_fail(error, WR_FAILED, "out of memory");
    if (!can_be_tried(selection->plan, selection->source->video))
        return WR_OK;
    struct wr_trial trial;
    probe->is_unknown = wr_trial_make(&trial, selection, ahead) < 0;
    if (!probe->is_unknown)
        read_trial(probe, &trial, selection);
    wr_trial_close(&trial);
    return WR_OK;
}

void wr_probe_close(struct wr_probe *probe)
{
    free(probe->streams);
    *probe = (struct wr_probe){0};
}
