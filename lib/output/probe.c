// SPDX-License-Identifier: MIT
// Compares what a reader finds in a trial of the output with what went in.
#include "lib/output/probe.h"

#include <libavutil/avstring.h>
#include <libavutil/pixdesc.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/input/plays.h"
#include "lib/media/compat.h"
#include "lib/output/reading.h"

// Times that differ by less are the same: some containers count in thousandths of a second.
enum { TOLERANCE = 2000 }; // in AV_TIME_BASE

static void lose(char *losses, size_t size, const char *what, const char *value)
{
    av_strlcatf(losses, size, "%s%s%s%s", losses[0] ? ", " : "", what, value ? " " : "",
                value ? value : "");
}

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
    const char *language = tag_value(wanted->metadata, "language");
    if (language && !tag_value(have->metadata, "language"))
        lose(found->losses, sizeof found->losses, "language", language);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (wanted->disposition & ~have->disposition & marks[i].flag)
            lose(found->losses, sizeof found->losses, "disposition", marks[i].name);
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
    compare_marks(found, r->file->streams[n], trial->file->streams[output]);
    if (!written->written || r->first[n] == AV_NOPTS_VALUE || video_shift == AV_NOPTS_VALUE ||
        wanted->codec_type != AVMEDIA_TYPE_AUDIO)
        return; // some muxers put an empty text before the first
    const int64_t shift = r->first[n] - written->first - video_shift;
    found->shift = llabs(shift) > TOLERANCE ? shift : 0;
    found->first = written->first;
}

// A container may have the first picture stay from its start on until the second one. By how much it
// comes too early then; else 0.
static int64_t first_is_early(const struct wr_reading *r, const struct wr_trial *trial)
{
    if (r->count < 2 || trial->rounded[0] <= 0)
        return 0;
    const int64_t early =
        r->times[1] - r->times[0] - (trial->rounded[1] - trial->rounded[0]);
    return early > 10 * TOLERANCE ? early : 0;
}

static void compare_streams(struct wr_probe *probe, const struct wr_reading *r,
                            const struct wr_trial *trial, const struct wr_selection *selection)
{
    const struct wr_source *source = selection->source;
    const int video = selection->routes[source->video->index].output;
    const int64_t first = r->count ? r->times[0] : AV_NOPTS_VALUE;
    // Without times of pictures others are not compared with them.
    const bool has_times = trial->streams[video].written && first != AV_NOPTS_VALUE;
    const int64_t video_shift =
        has_times ? first + first_is_early(r, trial) - trial->streams[video].first : AV_NOPTS_VALUE;
    for (int i = 0; i < source->stream_count; i++) {
        const struct wr_stream_route *route = &selection->routes[i];
        const enum AVMediaType type = source->streams[i].av->codecpar->codec_type;
        if (route->chosen && route->output != video &&
            (type == AVMEDIA_TYPE_AUDIO || type == AVMEDIA_TYPE_SUBTITLE))
            compare_stream(&probe->streams[i], r, trial, route->output, video_shift);
    }
}

// ---- pictures

// Side data of the stream, or of its first picture.
static bool has_side_data(const AVStream *stream, const AVFrame *picture,
                          enum AVPacketSideDataType type, enum AVFrameSideDataType frame_type)
{
    size_t size;
    return wr_stream_side_data(stream, type, &size) ||
           (picture && av_frame_get_side_data(picture, frame_type));
}

static void compare_side_data(struct wr_probe *probe, const AVStream *wanted,
                              const struct wr_reading *r)
{
    static const struct {
        enum AVPacketSideDataType type;
        enum AVFrameSideDataType frame_type;
        const char *name;
    } kinds[] = {
        {AV_PKT_DATA_DISPLAYMATRIX, AV_FRAME_DATA_DISPLAYMATRIX, "rotation"},
        {AV_PKT_DATA_MASTERING_DISPLAY_METADATA, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA,
         "HDR mastering display"},
        {AV_PKT_DATA_CONTENT_LIGHT_LEVEL, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL, "HDR light level"},
        {AV_PKT_DATA_ICC_PROFILE, AV_FRAME_DATA_ICC_PROFILE, "ICC profile"},
    };
    const AVStream *stream = r->file->streams[r->video];
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (has_side_data(wanted, NULL, kinds[i].type, kinds[i].frame_type) &&
            !has_side_data(stream, r->picture, kinds[i].type, kinds[i].frame_type))
            lose(probe->losses, sizeof probe->losses, kinds[i].name, NULL);
}

// A value of one of FFmpeg's lists, as it was written and as picture and file have it.
struct value {
    int wanted, picture, file;
};

static int found_value(const struct value *v, int unspecified)
{
    return v->picture != unspecified ? v->picture : v->file;
}

static void compare_value(struct wr_probe *probe, const char *what, struct value v, int unspecified,
                          const char *name)
{
    if (v.wanted != unspecified && found_value(&v, unspecified) != v.wanted)
        lose(probe->losses, sizeof probe->losses, what, name);
}

static void compare_color(struct wr_probe *probe, const AVCodecParameters *wanted,
                          const struct wr_reading *r)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(wanted->format);
    const AVCodecParameters *file = r->file->streams[r->video]->codecpar;
    const AVFrame *p = r->picture;
    const bool is_yuv = desc && !(desc->flags & AV_PIX_FMT_FLAG_RGB) && desc->nb_components > 2;
    const bool is_coarse = is_yuv && (desc->log2_chroma_w || desc->log2_chroma_h);
    const struct value range = {wanted->color_range, p->color_range, file->color_range};
    probe->loses_range = is_yuv && range.wanted == AVCOL_RANGE_JPEG &&
                         found_value(&range, AVCOL_RANGE_UNSPECIFIED) != AVCOL_RANGE_JPEG;
    if (is_yuv)
        compare_value(probe, "colour matrix",
                      (struct value){wanted->color_space, p->colorspace, file->color_space},
                      AVCOL_SPC_UNSPECIFIED, av_color_space_name(wanted->color_space));
    compare_value(
        probe, "colour primaries",
        (struct value){wanted->color_primaries, p->color_primaries, file->color_primaries},
        AVCOL_PRI_UNSPECIFIED, av_color_primaries_name(wanted->color_primaries));
    compare_value(probe, "colour transfer",
                  (struct value){wanted->color_trc, p->color_trc, file->color_trc},
                  AVCOL_TRC_UNSPECIFIED, av_color_transfer_name(wanted->color_trc));
    const struct value location = {wanted->chroma_location, p->chroma_location,
                                   file->chroma_location};
    const bool is_said =
        found_value(&location, AVCHROMA_LOC_UNSPECIFIED) != AVCHROMA_LOC_UNSPECIFIED;
    // Chroma at the left is what readers expect where nothing is said.
    if (is_coarse && (is_said || wanted->chroma_location != AVCHROMA_LOC_LEFT))
        compare_value(probe, "chroma location", location, AVCHROMA_LOC_UNSPECIFIED,
                      av_chroma_location_name(wanted->chroma_location));
}

static void compare_shape(struct wr_probe *probe, const AVStream *wanted,
                          const struct wr_reading *r)
{
    AVStream *stream = r->file->streams[r->video];
    const AVRational square = {1, 1};
    AVRational have = av_guess_sample_aspect_ratio(r->file, stream, r->picture);
    AVRational want = wanted->sample_aspect_ratio;
    have = have.num > 0 ? have : square;
    want = want.num > 0 && want.den > 0 ? want : square;
    char text[32];
    snprintf(text, sizeof text, "%d:%d", want.num, want.den);
    // Some containers hold the shape as whole pixels of a picture that is shown.
    if (fabs(av_q2d(have) / av_q2d(want) - 1) > 0.005)
        lose(probe->losses, sizeof probe->losses, "pixel aspect ratio", text);
    if (wanted->codecpar->field_order > AV_FIELD_PROGRESSIVE && !wr_frame_interlaced(r->picture) &&
        stream->codecpar->field_order <= AV_FIELD_PROGRESSIVE)
        lose(probe->losses, sizeof probe->losses, "field order", NULL);
}

static int depth_of(const AVPixFmtDescriptor *desc)
{
    int depth = 0;
    for (int i = 0; desc && i < desc->nb_components; i++)
        depth = FFMAX(depth, desc->comp[i].depth);
    return depth;
}

// Readers of FFmpeg may leave out a second stream with the transparency.
static void compare_samples(struct wr_probe *probe, const struct wr_output_plan *plan,
                            const struct wr_reading *r)
{
    const AVPixFmtDescriptor *want = av_pix_fmt_desc_get(plan->pix_fmt);
    const AVPixFmtDescriptor *have = av_pix_fmt_desc_get(r->picture->format);
    char text[16];
    snprintf(text, sizeof text, "%d", depth_of(want));
    if (depth_of(have) < depth_of(want))
        lose(probe->losses, sizeof probe->losses, "bit depth", text);
    if (want && have && want->flags & ~have->flags & AV_PIX_FMT_FLAG_ALPHA &&
        !plan->encoder_row->alpha_in_second_stream)
        lose(probe->losses, sizeof probe->losses, "alpha", NULL);
}

// Whether the pictures' times from number `from` on are as far apart as `times`, give or take.
static bool have_times(const struct wr_reading *r, const int64_t *times, int from,
                       int64_t tolerance)
{
    for (int i = from; i < r->count; i++)
        if (llabs(r->times[i] - r->times[from] - (times[i] - times[from])) > tolerance)
            return false;
    return true;
}

// Compares the times of pictures. Where some have none, players show them as the rate says.
static void compare_times(struct wr_probe *probe, const struct wr_reading *r,
                          const struct wr_trial *trial, const struct wr_selection *selection,
                          const AVStream *wanted)
{
    const AVRational rate = wanted->avg_frame_rate;
    const int64_t tick = av_rescale_q(1, wanted->time_base, AV_TIME_BASE_Q);
    const int64_t roughly = 5 * AV_TIME_BASE / 1000 + FFMIN(tick, AV_TIME_BASE / 100);
    const int64_t early = first_is_early(r, trial);
    const int from = early > 0;
    int64_t paced[WR_TRIAL_FRAMES];
    for (int i = 0; i < WR_TRIAL_FRAMES; i++)
        paced[i] = av_rescale_q(i, av_inv_q(rate), AV_TIME_BASE_Q);
    const bool is_whole = r->count == trial->count;
    probe->first_is_early = early;
    probe->reorders = trial->reorders;
    probe->timed = r->count;
    probe->loses_times = !is_whole || !have_times(r, trial->times, from, TOLERANCE);
    probe->loses_pace = is_whole && !have_times(r, trial->rounded, from, roughly) &&
                        (selection->plan->any_time || !have_times(r, paced, from, roughly));
    probe->loses_last_duration =
        !r->count || r->end == AV_NOPTS_VALUE ||
        r->end - r->times[r->count - 1] < trial->last_duration / 2;
}

static void compare_pictures(struct wr_probe *probe, const struct wr_reading *r,
                             const struct wr_trial *trial, const struct wr_selection *selection)
{
    const int video = selection->routes[selection->source->video->index].output;
    const AVStream *wanted = trial->file->streams[video];
    compare_times(probe, r, trial, selection, wanted);
    probe->hides_pictures = !r->picture && avcodec_find_decoder(wanted->codecpar->codec_id);
    if (!r->picture)
        return;
    if (trial->pictures > 1 && r->packets == 1)
        lose(probe->losses, sizeof probe->losses, "pictures after the first", NULL);
    compare_samples(probe, selection->plan, r);
    compare_color(probe, wanted->codecpar, r);
    compare_shape(probe, wanted, r);
    compare_side_data(probe, wanted, r);
    if (av_frame_get_side_data(selection->plan->stream.like, AV_FRAME_DATA_A53_CC) &&
        !av_frame_get_side_data(r->picture, AV_FRAME_DATA_A53_CC))
        lose(probe->losses, sizeof probe->losses, "closed captions", NULL);
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
            lose(probe->losses, sizeof probe->losses, "tag", tags[i]);
    const char *code = tag_of_any(trial->file, "timecode"), *read = tag_of_any(r->file, "timecode");
    if (code && (!read || strcmp(code, read)))
        lose(probe->losses, sizeof probe->losses, "time code", code);
    // Where the table has none for the container, that is told without a trial.
    if (plan->container_row->chapters && trial->file->nb_chapters > r->file->nb_chapters)
        lose(probe->losses, sizeof probe->losses, "chapters", NULL);
}

// Raw frames carry nothing that tells their layout: where the container cannot say it either, they
// are read as something else.
static bool misreads_raw(const struct wr_reading *r, const struct wr_trial *trial,
                         const struct wr_selection *selection)
{
    const int video = selection->routes[selection->source->video->index].output;
    const AVCodecParameters *wanted = trial->file->streams[video]->codecpar;
    if (wanted->codec_id != AV_CODEC_ID_RAWVIDEO || !r->file || r->video < 0)
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

// FFmpeg need not be able to read an animation in one packet, but its own container is made for it.
static bool can_be_tried(const struct wr_output_plan *plan)
{
    return !plan->container_row->takes_anything && !(plan->holder->flags & AVFMT_NOFILE) &&
           !(plan->encoder_row->one_packet && plan->holder->video_codec == plan->codec->id);
}

enum wr_status wr_probe_open(struct wr_probe *probe, const struct wr_selection *selection,
                             const struct wr_reader *reader, struct wr_error *error)
{
    *probe = (struct wr_probe){
        .streams = calloc((size_t)selection->source->stream_count, sizeof *probe->streams)};
    if (!probe->streams)
        return wr_fail(error, WR_FAILED, "out of memory");
    if (!can_be_tried(selection->plan))
        return WR_OK;
    struct wr_trial trial;
    probe->is_unreadable = wr_trial_make(&trial, selection, reader) < 0;
    if (!probe->is_unreadable) {
        struct wr_reading reading;
        if (wr_reading_open(&reading, &trial) >= 0) {
            compare_streams(probe, &reading, &trial, selection);
            compare_pictures(probe, &reading, &trial, selection);
            compare_file(probe, &reading, &trial, selection->plan);
            probe->loses_plays = selection->source->plays >= 0 && selection->source->plays != 1 &&
                                 wr_read_plays(reading.file) != selection->source->plays;
        } else {
            probe->is_unreadable = true;
        }
        probe->misreads_raw = misreads_raw(&reading, &trial, selection);
        wr_reading_close(&reading);
    }
    wr_trial_close(&trial);
    return WR_OK;
}

void wr_probe_close(struct wr_probe *probe)
{
    free(probe->streams);
    *probe = (struct wr_probe){0};
}
