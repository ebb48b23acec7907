// SPDX-License-Identifier: MIT
// Compares pictures as a reader finds them in a trial with what went in.
#include "lib/output/trial/compare.h"

#include <libavutil/avstring.h>
#include <libavutil/pixdesc.h>
#include <math.h>
#include <stdlib.h>

#include "lib/media/compat.h"

void wr_lose(char *losses, size_t size, const char *what, const char *value)
{
    av_strlcatf(losses, size, "%s%s%s%s", losses[0] ? ", " : "", what, value ? " " : "",
                value ? value : "");
}

int64_t wr_first_is_early(const struct wr_reading *r, const struct wr_trial *trial)
{
    if (r->count < 2 || trial->rounded[0] <= 0)
        return 0;
    const int64_t early = r->times[1] - r->times[0] - (trial->rounded[1] - trial->rounded[0]);
    return early > 10 * WR_TOLERANCE ? early : 0;
}

// Whether the stream or its first picture has such side data.
static bool has_side_data(const AVStream *stream, const AVFrame *picture,
                          enum AVPacketSideDataType type, enum AVFrameSideDataType frame_type)
{
    size_t size;
    return wr_stream_side_data(stream, type, &size) ||
           (picture && av_frame_get_side_data(picture, frame_type));
}

static bool is_missed(const AVStream *wanted, const struct wr_reading *r,
                      enum AVPacketSideDataType type, enum AVFrameSideDataType frame_type)
{
    // Dolby Vision's record belongs to the stream; pictures have other data of it.
    const AVFrame *picture = type == AV_PKT_DATA_DOVI_CONF ? NULL : r->picture;
    return has_side_data(wanted, NULL, type, frame_type) &&
           !has_side_data(r->file->streams[r->video], picture, type, frame_type);
}

// is_of_look: the loss changes what pictures look like, and is reported with others of that kind.
static void lose(struct wr_probe *probe, bool is_of_look, const char *what, const char *value)
{
    if (is_of_look)
        wr_lose(probe->look_losses, sizeof probe->look_losses, what, value);
    else
        wr_lose(probe->losses, sizeof probe->losses, what, value);
}

static void compare_side_data(struct wr_probe *probe, const AVStream *wanted,
                              const struct wr_reading *r)
{
    static const struct {
        enum AVPacketSideDataType type;
        enum AVFrameSideDataType frame_type;
        const char *name;
        bool is_of_look;
    } kinds[] = {
        {AV_PKT_DATA_DISPLAYMATRIX, AV_FRAME_DATA_DISPLAYMATRIX, "rotation", false},
        {AV_PKT_DATA_MASTERING_DISPLAY_METADATA, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA,
         "HDR mastering display", true},
        {AV_PKT_DATA_CONTENT_LIGHT_LEVEL, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL, "HDR light level",
         true},
        {AV_PKT_DATA_DOVI_CONF, AV_FRAME_DATA_DOVI_METADATA, "Dolby Vision", true},
        {AV_PKT_DATA_STEREO3D, AV_FRAME_DATA_STEREO3D, "stereo 3D", false},
        {AV_PKT_DATA_SPHERICAL, AV_FRAME_DATA_SPHERICAL, "spherical view", false},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (is_missed(wanted, r, kinds[i].type, kinds[i].frame_type))
            lose(probe, kinds[i].is_of_look, kinds[i].name, NULL);
    probe->loses_profile = is_missed(wanted, r, AV_PKT_DATA_ICC_PROFILE, AV_FRAME_DATA_ICC_PROFILE);
}

// A value of one of FFmpeg's lists: as it was written, and as the picture and the file have it.
// Where pictures are copied, picture and file may have differed in the input already.
struct value {
    int wanted, picture, file;
    bool is_copied;
    bool is_of_look; // without it, viewers show the picture wrongly
};

static int found_value(const struct value *v, int unspecified)
{
    return v->picture != unspecified ? v->picture : v->file;
}

static void compare_value(struct wr_probe *probe, const char *what, struct value v, int unspecified,
                          const char *name)
{
    const bool is_in_copy = v.is_copied && (v.file == v.wanted || v.picture == v.wanted);
    if (v.wanted != unspecified && !is_in_copy && found_value(&v, unspecified) != v.wanted)
        lose(probe, v.is_of_look, what, name);
}

// Viewers that are not told primaries and transfer take those of HDTV, or similar ones. So only
// wide primaries and HDR are missed.
static bool is_wide(enum AVColorPrimaries primaries)
{
    return primaries == AVCOL_PRI_BT2020 || primaries == AVCOL_PRI_SMPTE431 ||
           primaries == AVCOL_PRI_SMPTE432;
}

static bool is_hdr(enum AVColorTransferCharacteristic transfer)
{
    return transfer == AVCOL_TRC_SMPTE2084 || transfer == AVCOL_TRC_ARIB_STD_B67;
}

// BT.601's matrix has two names for the same numbers. Gives one of them for both.
static int one_matrix(int matrix)
{
    return matrix == AVCOL_SPC_SMPTE170M ? AVCOL_SPC_BT470BG : matrix;
}

static void compare_color(struct wr_probe *probe, const AVCodecParameters *wanted,
                          const struct wr_reading *r, const struct wr_trial *trial)
{
    const bool is_copied = trial->is_copied;
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(wanted->format);
    const AVCodecParameters *file = r->file->streams[r->video]->codecpar;
    const AVFrame *p = r->picture;
    const bool is_yuv = desc && !(desc->flags & AV_PIX_FMT_FLAG_RGB) && desc->nb_components > 2;
    const bool is_coarse = is_yuv && (desc->log2_chroma_w || desc->log2_chroma_h);
    const struct value range = {wanted->color_range, p->color_range, file->color_range, is_copied,
                                false};
    probe->loses_range = is_yuv && range.wanted == AVCOL_RANGE_JPEG &&
                         found_value(&range, AVCOL_RANGE_UNSPECIFIED) != AVCOL_RANGE_JPEG;
    if (is_yuv)
        compare_value(probe, "colour matrix",
                      (struct value){one_matrix(wanted->color_space), one_matrix(p->colorspace),
                                     one_matrix(file->color_space), is_copied, false},
                      AVCOL_SPC_UNSPECIFIED, av_color_space_name(wanted->color_space));
    compare_value(probe, "colour primaries",
                  (struct value){wanted->color_primaries, p->color_primaries, file->color_primaries,
                                 is_copied, is_wide(wanted->color_primaries)},
                  AVCOL_PRI_UNSPECIFIED, av_color_primaries_name(wanted->color_primaries));
    compare_value(probe, "colour transfer",
                  (struct value){wanted->color_trc, p->color_trc, file->color_trc, is_copied,
                                 is_hdr(wanted->color_trc)},
                  AVCOL_TRC_UNSPECIFIED, av_color_transfer_name(wanted->color_trc));
    const struct value location = {wanted->chroma_location, p->chroma_location,
                                   file->chroma_location, is_copied, false};
    const bool is_said =
        found_value(&location, AVCHROMA_LOC_UNSPECIFIED) != AVCHROMA_LOC_UNSPECIFIED;
    // Chroma at the left is what readers of videos expect where nothing is said. Files of pictures
    // say nothing of it.
    if (is_coarse && !trial->is_still && (is_said || wanted->chroma_location != AVCHROMA_LOC_LEFT))
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
        wr_lose(probe->losses, sizeof probe->losses, "pixel aspect ratio", text);
    if (wanted->codecpar->field_order > AV_FIELD_PROGRESSIVE && !wr_frame_interlaced(r->picture) &&
        stream->codecpar->field_order <= AV_FIELD_PROGRESSIVE)
        wr_lose(probe->losses, sizeof probe->losses, "field order", NULL);
}

static int depth_of(const AVPixFmtDescriptor *desc)
{
    int depth = 0;
    for (int i = 0; desc && i < desc->nb_components; i++)
        depth = FFMAX(depth, desc->comp[i].depth);
    return depth;
}

// Where the transparency is in a second stream, FFmpeg's readers may not show it, so it is not
// missed.
static void compare_samples(struct wr_probe *probe, const struct wr_output_plan *plan,
                            const AVCodecParameters *wanted, const struct wr_reading *r)
{
    const AVPixFmtDescriptor *want = av_pix_fmt_desc_get(wanted->format);
    const AVPixFmtDescriptor *have = av_pix_fmt_desc_get(r->picture->format);
    char text[16];
    snprintf(text, sizeof text, "%d", depth_of(want));
    if (depth_of(have) < depth_of(want))
        wr_lose(probe->losses, sizeof probe->losses, "bit depth", text);
    if (want && have && want->flags & ~have->flags & AV_PIX_FMT_FLAG_ALPHA &&
        !plan->encoder_row->alpha_in_second_stream)
        wr_lose(probe->losses, sizeof probe->losses, "alpha", NULL);
}

// Whether the pictures from number `from` on are as far apart as `times`, within the tolerance.
static bool have_times(const struct wr_reading *r, const int64_t *times, int from,
                       int64_t tolerance)
{
    for (int i = from; i < r->count; i++)
        if (llabs(r->times[i] - r->times[from] - (times[i] - times[from])) > tolerance)
            return false;
    return true;
}

// Whether a reader takes the pictures for those of another frame rate. That happens with bare
// streams, which cannot say their rate, and a trial is too short to see it from times alone.
// `paced`: the times that the rate gives the pictures. Readers go by a picture's time where it has
// that one, to a thousandth of a second.
static bool has_other_rate(const struct wr_reading *r, const int64_t *paced, int from,
                           AVRational rate)
{
    if (r->count && have_times(r, paced, from, AV_TIME_BASE / 1000))
        return false;
    const AVRational have = av_guess_frame_rate(r->file, r->file->streams[r->video], NULL);
    return have.num > 0 && rate.num > 0 && fabs(av_q2d(have) / av_q2d(rate) - 1) > 0.0005;
}

// Compares the times of pictures. Players show a picture without a time when the rate says.
static void compare_times(struct wr_probe *probe, const struct wr_reading *r,
                          const struct wr_trial *trial, const struct wr_selection *selection,
                          const AVStream *wanted)
{
    const AVRational rate = wanted->avg_frame_rate;
    const int64_t tick = av_rescale_q(1, wanted->time_base, AV_TIME_BASE_Q);
    const int64_t roughly = 5 * AV_TIME_BASE / 1000 + FFMIN(tick, AV_TIME_BASE / 100);
    const int64_t early = wr_first_is_early(r, trial);
    const int from = early > 0;
    int64_t paced[WR_TRIAL_FRAMES];
    for (int i = 0; i < WR_TRIAL_FRAMES; i++)
        paced[i] = av_rescale_q(i, av_inv_q(rate), AV_TIME_BASE_Q);
    const bool is_whole = r->count == trial->count;
    probe->first_is_early = early;
    probe->reorders = trial->reorders;
    probe->timed = FFMIN(r->told, WR_TRIAL_FRAMES);
    probe->loses_times = !is_whole || !have_times(r, trial->times, from, WR_TOLERANCE);
    probe->loses_pace = is_whole && !have_times(r, trial->rounded, from, roughly) &&
                        (selection->plan->any_time || !have_times(r, paced, from, roughly));
    probe->loses_pace |= !selection->plan->any_time && has_other_rate(r, paced, from, rate);
    probe->loses_last_duration = !r->count || r->end == AV_NOPTS_VALUE ||
                                 r->end - r->times[r->count - 1] < trial->last_duration / 2;
}

// Finds which orders of fields are lost where pictures of several orders are mixed: a bit for each.
static unsigned lost_fields(const struct wr_reading *r, const struct wr_trial *trial)
{
    unsigned lost = 0;
    for (int i = 0; i < trial->count; i++)
        if (r->frames != trial->count || r->fields[i] != trial->fields[i])
            lost |= 1u << trial->fields[i];
    return lost;
}

// Whether pictures that could be decoded cannot be any more, or no reader knows their codec. The
// first few packets of a copied video may not be enough to make a picture, and that is no loss.
static bool is_unreadable(const struct wr_reading *r, const struct wr_trial *trial)
{
    const enum AVCodecID wanted = trial->file->streams[trial->video]->codecpar->codec_id;
    const bool can_be_decoded = trial->is_copied ? trial->streams[trial->video].decoding.decoded > 0
                                                 : avcodec_find_decoder(wanted) != NULL;
    if (r->video < 0 || !r->packets)
        return true;
    return can_be_decoded ? !r->picture : r->file->streams[r->video]->codecpar->codec_id != wanted;
}

void wr_compare_pictures(struct wr_probe *probe, const struct wr_reading *r,
                         const struct wr_trial *trial, const struct wr_selection *selection)
{
    const AVStream *wanted = trial->file->streams[trial->video];
    probe->is_unreadable = is_unreadable(r, trial);
    if (r->video < 0)
        return;
    const bool is_cover = wr_is_cover(r->file->streams[r->video]);
    if (!trial->is_still && !trial->has_no_times && !is_cover) // a cover has no time
        compare_times(probe, r, trial, selection, wanted);
    if (!r->picture)
        return;
    if (trial->pictures > 1 && r->packets == 1)
        wr_lose(probe->losses, sizeof probe->losses, "pictures after the first", NULL);
    compare_samples(probe, selection->plan, wanted->codecpar, r);
    compare_color(probe, wanted->codecpar, r, trial);
    compare_shape(probe, wanted, r);
    compare_side_data(probe, wanted, r);
    if (trial->is_copied)
        return; // captions are copied with the packets
    probe->loses_fields = lost_fields(r, trial);
    probe->loses_captions = !av_frame_get_side_data(r->picture, AV_FRAME_DATA_A53_CC);
    if (probe->loses_captions &&
        av_frame_get_side_data(selection->plan->stream.like, AV_FRAME_DATA_A53_CC))
        wr_lose(probe->losses, sizeof probe->losses, "closed captions", NULL);
}
