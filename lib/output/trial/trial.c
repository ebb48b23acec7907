// SPDX-License-Identifier: MIT
// Encodes blank pictures and muxes them, with the beginning of the other streams, into memory.
#include "lib/output/trial/trial.h"

#include <libavutil/mem.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/compat.h"
#include "lib/media/frame_pool.h"
#include "lib/output/animation.h"
#include "lib/output/chapters.h"
#include "lib/output/container.h"
#include "lib/output/copy.h"
#include "lib/output/packet_filter.h"
#include "lib/output/trial/trial_streams.h"
#include "lib/output/video/encoder.h"
#include "lib/output/video/h264.h"

static const struct wr_log nowhere = {NULL, NULL};

// ---- pictures

// A picture in a palette comes to the encoder as it is.
static AVFrame *make_paletted(const struct wr_format *format)
{
    AVFrame *frame = av_frame_alloc();
    if (!frame)
        return NULL;
    frame->format = AV_PIX_FMT_PAL8;
    frame->width = format->width;
    frame->height = format->height;
    if (av_frame_get_buffer(frame, 0) < 0)
        av_frame_free(&frame);
    return frame;
}

static AVFrame *make_planes(const struct wr_format *format)
{
    struct wr_frame_pool *pool = wr_frame_pool_open(format, WR_ALL_PLANES, NULL);
    AVFrame *frame = pool ? wr_frame_pool_get(pool) : NULL;
    wr_frame_pool_close(&pool);
    return frame;
}

// Captions without words, which frames may begin to have at any time.
static int add_captions(AVFrame *frame)
{
    static const uint8_t padding[] = {0xfc, 0x80, 0x80};
    if (av_frame_get_side_data(frame, AV_FRAME_DATA_A53_CC))
        return 0;
    AVFrameSideData *captions = av_frame_new_side_data(frame, AV_FRAME_DATA_A53_CC, sizeof padding);
    if (captions)
        memcpy(captions->data, padding, sizeof padding);
    return captions ? 0 : AVERROR(ENOMEM);
}

// A picture whose samples are of that byte, at `pts`, in the frames' time base.
static AVFrame *make_blank(const struct wr_output_plan *plan, int byte, int64_t pts,
                           int64_t duration)
{
    const struct wr_format *format = &plan->stream.format;
    AVFrame *frame = plan->pix_fmt == AV_PIX_FMT_PAL8 ? make_paletted(format) : make_planes(format);
    for (int i = 0; frame && i < AV_NUM_DATA_POINTERS && frame->buf[i]; i++)
        memset(frame->buf[i]->data, byte, frame->buf[i]->size);
    if (frame && (av_frame_copy_props(frame, plan->stream.like) < 0 || add_captions(frame) < 0))
        av_frame_free(&frame);
    if (frame) {
        frame->pts = pts;
        wr_frame_set_duration(frame, duration);
    }
    return frame;
}

// Pictures on their way through the encoder, in its ticks.
struct given {
    int count;
    int64_t pts[WR_TRIAL_FRAMES], durations[WR_TRIAL_FRAMES];
};

static int64_t duration_at(const struct given *given, int64_t pts)
{
    int i = given->count - 1;
    while (i > 0 && given->pts[i] != pts)
        i--;
    return given->durations[i];
}

static int write_pictures(struct wr_trial *trial, struct wr_encoder *encoder,
                          const struct given *given, AVBSFContext *h264, int output)
{
    AVPacket *packet = av_packet_alloc();
    const AVStream *stream = trial->file->streams[output];
    struct wr_trial_stream *written = &trial->streams[output];
    int64_t latest = INT64_MIN;
    int status = WR_OK, result = packet ? 0 : AVERROR(ENOMEM);
    while (result >= 0 && !(status = wr_encoder_receive(encoder, packet, NULL))) {
        if (h264)
            result = wr_h264_apply(h264, packet);
        packet->stream_index = output;
        packet->duration = duration_at(given, packet->pts);
        av_packet_rescale_ts(packet, encoder->time_base, stream->time_base);
        const int64_t time = av_rescale_q(packet->pts, stream->time_base, AV_TIME_BASE_Q);
        written->first = written->written ? FFMIN(written->first, time) : time;
        written->written = true;
        trial->pictures += packet->size > 0;
        trial->reorders |= time < latest;
        latest = FFMAX(latest, time);
        if (result >= 0)
            result = wr_trial_write(trial, packet);
    }
    av_packet_free(&packet);
    return result < 0 ? result : status == WR_END ? 0 : AVERROR(EINVAL);
}

static int send_picture(struct wr_trial *trial, struct wr_encoder *encoder, struct given *given,
                        bool is_last, int64_t pts, int64_t duration)
{
    const AVRational ticks = encoder->source_time_base;
    // The last one differs: of equal pictures some encoders make one.
    const int byte = !is_last ? 0 : encoder->plan->stream.format.depth > 8 ? 1 : 64;
    AVFrame *frame = make_blank(encoder->plan, byte, pts, duration);
    if (!frame)
        return AVERROR(ENOMEM);
    wr_fields_set(frame, trial->fields[trial->count]);
    trial->times[trial->count] = av_rescale_q(pts, ticks, AV_TIME_BASE_Q);
    trial->last_duration = av_rescale_q(duration, ticks, AV_TIME_BASE_Q);
    const int result = wr_encoder_send(encoder, &nowhere, &frame, NULL) ? AVERROR(EINVAL) : 0;
    trial->rounded[trial->count++] = av_rescale_q(frame->pts, encoder->time_base, AV_TIME_BASE_Q);
    given->pts[given->count] = frame->pts;
    given->durations[given->count++] = wr_frame_duration(frame);
    av_frame_free(&frame);
    return result;
}

// Three, whose fields may differ, or as many as it takes for one to be decoded just when it is
// shown: some readers take that for the beginning.
static int picture_count(const AVCodecContext *encoder)
{
    const AVCodecDescriptor *codec = avcodec_descriptor_get(encoder->codec_id);
    const bool may_reorder = codec && codec->props & AV_CODEC_PROP_REORDER;
    const int held_back = FFMAX(encoder->has_b_frames, may_reorder ? 4 : 0);
    return FFMIN(FFMAX(2 + held_back, WR_FIELD_ORDERS), WR_TRIAL_FRAMES);
}

// The last two pictures have the orders of fields that the source's first one does not have.
static enum wr_fields fields_of(const AVFrame *like, int pictures_behind)
{
    const enum wr_fields own = wr_fields_of(like);
    return pictures_behind < WR_FIELD_ORDERS - 1 ? (own + 1 + pictures_behind) % WR_FIELD_ORDERS
                                                 : own;
}

// From `first` on, in AV_TIME_BASE.
static int encode_pictures(struct wr_trial *trial, struct wr_encoder *encoder, AVBSFContext *h264,
                           int output, int64_t first)
{
    const AVRational rate = encoder->context->framerate, ticks = encoder->source_time_base;
    const int64_t usual = FFMAX(av_rescale_q(1, av_inv_q(rate), ticks), 1);
    const int64_t last = usual + av_rescale_q(AV_TIME_BASE / 2, AV_TIME_BASE_Q, ticks);
    // One in the middle lasts longer, since how far pictures are held back is counted from the
    // first.
    const int count = trial->is_still ? 1 : picture_count(encoder->context);
    struct given given = {0};
    int64_t pts = av_rescale_q(first, AV_TIME_BASE_Q, ticks);
    int result = 0;
    for (int i = 0; i < count && result >= 0; i++) {
        const bool is_last = i + 1 == count;
        const int64_t duration = is_last ? last : usual + (i == count / 2 - 1 ? usual / 2 : 0);
        trial->fields[i] = trial->is_still ? wr_fields_of(encoder->plan->stream.like)
                                           : fields_of(encoder->plan->stream.like, count - 1 - i);
        result = send_picture(trial, encoder, &given, is_last, pts, duration);
        pts += duration;
        if (result >= 0)
            result = write_pictures(trial, encoder, &given, h264, output);
    }
    if (result >= 0 && wr_encoder_end(encoder, NULL))
        result = AVERROR(EINVAL);
    return result < 0 ? result : write_pictures(trial, encoder, &given, h264, output);
}

// ---- the file

// FFmpeg need not be able to read an animation in one packet, but it can read one picture.
static bool is_still(const struct wr_output_plan *plan)
{
    return plan->container_row->holds_pictures ||
           (plan->encoder_row->one_packet && plan->holder->video_codec == plan->codec->id);
}

// A file for each picture, as one file of pictures that follow each other.
static const AVOutputFormat *muxer_of(const struct wr_output_plan *plan)
{
    return plan->container_row->holds_pictures ? av_guess_format("image2pipe", NULL, NULL)
                                               : plan->holder;
}

static int write_header(struct wr_trial *trial, const struct wr_selection *selection)
{
    AVFormatContext *file = trial->file;
    int result = wr_trial_open_memory(file);
    if (result < 0)
        return result;
    AVDictionary *options = wr_container_options(
        file, selection->target, selection->options->muxer_options, selection->start_options);
    if (selection->target->is_stream)
        file->pb->seekable = 0;
    else if (av_dict_get(options, "movflags", NULL, 0))
        // Moving the index to the front would open the file again.
        av_dict_set(&options, "movflags", "-faststart", AV_DICT_APPEND);
    result = wr_animation_set_plays(&options, file->oformat, selection->source->plays);
    if (result >= 0)
        result = avformat_write_header(file, &options);
    av_dict_free(&options);
    return result;
}

// When the source's first picture is shown.
static int64_t first_time(const struct wr_source *source)
{
    const AVFrame *first = source->first;
    const bool has_time = first->pts != AV_NOPTS_VALUE && first->time_base.num > 0;
    return has_time ? FFMAX(av_rescale_q(first->pts, first->time_base, AV_TIME_BASE_Q), 0) : 0;
}

static int create(struct wr_trial *trial, const struct wr_selection *selection)
{
    const struct wr_source *source = selection->source;
    int result = wr_container_create(&trial->file, muxer_of(selection->plan), selection);
    if (result >= 0)
        result = wr_copy_file_data(trial->file, source, selection->options, selection->routes);
    if (result >= 0)
        result = wr_chapters_copy(trial->file, source, selection->options, selection->target);
    if (result < 0)
        return result;
    trial->video = source->video ? selection->routes[source->video->index].output : -1;
    trial->is_copied = !selection->plan->codec;
    trial->streams = calloc(trial->file->nb_streams, sizeof *trial->streams);
    if (!trial->streams)
        return AVERROR(ENOMEM);
    for (unsigned i = 0; i < trial->file->nb_streams && result >= 0; i++) {
        AVStream *stream = trial->file->streams[i];
        trial->streams[i].next_dts = AV_NOPTS_VALUE;
        if (((int)i != trial->video || trial->is_copied) && !wr_is_cover(stream))
            wr_decoding_open(&trial->streams[i].decoding, stream->codecpar, stream->time_base);
        struct wr_error error;
        if (wr_packet_filter_open(&trial->streams[i].filter, trial->file, stream, NULL,
                                  selection->headers_in_packets, &error))
            result = AVERROR(EINVAL);
    }
    return result;
}

// All packets, those of the pictures last. encoder is NULL where no picture is encoded.
static int write_packets(struct wr_trial *trial, struct wr_encoder *encoder, AVBSFContext *h264,
                         const struct wr_selection *selection, const struct wr_ahead *ahead)
{
    int result = 0;
    wr_trial_write_others(trial, selection, ahead);
    if (encoder)
        result = encode_pictures(trial, encoder, h264, trial->video, first_time(selection->source));
    else if (trial->video >= 0)
        wr_trial_write_copies(trial, selection, ahead);
    if (result >= 0)
        result = wr_trial_flush(trial);
    const bool refused = trial->video >= 0 && trial->streams[trial->video].refused;
    return result >= 0 && refused ? AVERROR(EINVAL) : result;
}

static int make(struct wr_trial *trial, struct wr_encoder *encoder,
                const struct wr_selection *selection, const struct wr_ahead *ahead)
{
    struct wr_selection trial_selection = *selection;
    trial_selection.encoder = encoder ? encoder->context : NULL;
    AVBSFContext *h264 = NULL;
    int result = create(trial, &trial_selection);
    if (result >= 0 && encoder &&
        wr_h264_open(&h264, trial->file->streams[trial->video], selection->plan->container_row,
                     encoder->time_base, NULL))
        result = AVERROR(ENOMEM);
    if (result >= 0)
        result = write_header(trial, selection);
    if (result >= 0)
        result = write_packets(trial, encoder, h264, selection, ahead);
    if (result >= 0 && encoder)
        wr_animation_set_last_delay(trial->file, trial->last_duration, AV_TIME_BASE_Q);
    if (result >= 0)
        result = av_write_trailer(trial->file);
    av_bsf_free(&h264);
    return result;
}

static int try_to_make(struct wr_trial *trial, bool with_stand_ins,
                       const struct wr_selection *selection, const struct wr_ahead *ahead)
{
    const struct wr_output_plan *plan = selection->plan;
    *trial = (struct wr_trial){
        .with_stand_ins = with_stand_ins,
        .is_still = is_still(plan),
        .name = selection->options->output,
    };
    struct wr_encoder encoder = {0};
    struct wr_writer_options options = *selection->options;
    options.log = nowhere;
    options.pass = 0; // the trial leaves no statistics
    int result = AVERROR(EINVAL);
    if (!plan->codec)
        result = make(trial, NULL, selection, ahead);
    else if (!wr_encoder_open(&encoder, plan, &options, selection->source, NULL))
        result = make(trial, &encoder, selection, ahead);
    wr_trial_take_data(trial);
    wr_encoder_close(&encoder);
    return result;
}

int wr_trial_make(struct wr_trial *trial, const struct wr_selection *selection,
                  const struct wr_ahead *ahead)
{
    const int result = try_to_make(trial, true, selection, ahead);
    if (result >= 0)
        return result;
    wr_trial_close(trial); // some muxers look into packets
    return try_to_make(trial, false, selection, ahead);
}

void wr_trial_close(struct wr_trial *trial)
{
    av_freep(&trial->data);
    for (unsigned i = 0; trial->streams && i < trial->file->nb_streams; i++) {
        av_bsf_free(&trial->streams[i].filter);
        wr_decoding_close(&trial->streams[i].decoding);
    }
    avformat_free_context(trial->file);
    free(trial->streams);
    *trial = (struct wr_trial){0};
}
