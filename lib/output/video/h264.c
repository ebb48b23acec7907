// SPDX-License-Identifier: MIT
// Writes into the H.264 stream itself how the picture is turned, where the container cannot say it,
// and a colour range that the encoder has left out.
#include "lib/output/video/h264.h"

#include <libavutil/display.h>
#include <libavutil/opt.h>
#include <math.h>
#include <string.h>

#include "lib/media/compat.h"

// What is missing.
struct notes {
    bool turned, mirrored; // mirrored first, then turned
    double degrees;        // counter-clockwise, 0 to 360
    bool limited_range;
};

static void note_turn(struct notes *notes, const int32_t *matrix)
{
    int32_t copy[9];
    memcpy(copy, matrix, sizeof copy);
    notes->turned = true;
    notes->mirrored = (double)copy[0] * copy[4] - (double)copy[1] * copy[3] < 0;
    if (notes->mirrored)
        av_display_matrix_flip(copy, 1, 0);
    // libavutil turns first and then mirrors, H.264 the other way round: the turn changes its sign.
    const double degrees = av_display_rotation_get(copy) * (notes->mirrored ? -1 : 1);
    notes->degrees = isnan(degrees) ? 0 : fmod(degrees + 360, 360);
}

bool wr_h264_completes(enum AVCodecID codec)
{
    return codec == AV_CODEC_ID_H264;
}

// Encoders write a limited range only together with some other word about colour.
static bool range_stands_alone(const AVCodecParameters *p)
{
    return p->color_range == AVCOL_RANGE_MPEG && p->color_space == AVCOL_SPC_UNSPECIFIED &&
           p->color_trc == AVCOL_TRC_UNSPECIFIED && p->color_primaries == AVCOL_PRI_UNSPECIFIED;
}

static struct notes take_notes(const AVStream *stream, const struct wr_container_row *row)
{
    struct notes notes = {.limited_range = range_stands_alone(stream->codecpar)};
    size_t size;
    const uint8_t *matrix = wr_stream_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    if (matrix && !row->rotation)
        note_turn(&notes, (const int32_t *)matrix);
    return notes;
}

static int open_filter(AVBSFContext **filter, const AVStream *stream, AVRational time_base,
                       const struct notes *notes)
{
    const AVBitStreamFilter *kind = av_bsf_get_by_name("h264_metadata");
    int result = kind ? av_bsf_alloc(kind, filter) : AVERROR_BSF_NOT_FOUND;
    if (result >= 0)
        result = avcodec_parameters_copy((*filter)->par_in, stream->codecpar);
    if (result >= 0 && notes->limited_range)
        result = av_opt_set_int((*filter)->priv_data, "video_full_range_flag", 0, 0);
    if (result >= 0 && notes->turned)
        result = av_opt_set((*filter)->priv_data, "display_orientation", "insert", 0);
    if (result >= 0 && notes->turned)
        result = av_opt_set_double((*filter)->priv_data, "rotate", notes->degrees, 0);
    if (result >= 0 && notes->mirrored)
        result = av_opt_set((*filter)->priv_data, "flip", "horizontal", 0);
    if (result < 0)
        return result;
    (*filter)->time_base_in = time_base;
    result = av_bsf_init(*filter);
    return result < 0 ? result : avcodec_parameters_copy(stream->codecpar, (*filter)->par_out);
}

enum wr_status wr_h264_open(AVBSFContext **filter, AVStream *stream,
                            const struct wr_container_row *row, AVRational time_base,
                            struct wr_error *error)
{
    *filter = NULL;
    if (!wr_h264_completes(stream->codecpar->codec_id))
        return WR_OK;
    const struct notes notes = take_notes(stream, row);
    if (notes.turned || notes.limited_range) {
        const int result = open_filter(filter, stream, time_base, &notes);
        if (result >= 0)
            return WR_OK;
        av_bsf_free(filter);
        return wr_fail(error, WR_FAILED, "cannot complete the H.264 stream: %s",
                       av_err2str(result));
    }
    return WR_OK;
}

int wr_h264_apply(AVBSFContext *filter, AVPacket *packet)
{
    const int result = av_bsf_send_packet(filter, packet);
    return result < 0 ? result : av_bsf_receive_packet(filter, packet);
}
