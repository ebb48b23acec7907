// SPDX-License-Identifier: MIT
// Opens a trial of the output as a reader would, and compares what comes out with what went in.
#include "lib/output/probe.h"

#include <libavutil/avstring.h>
#include <libavutil/pixdesc.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/compat.h"

// Times that differ by less are the same: some containers count in thousandths of a second.
enum { TOLERANCE = 2000 }; // in AV_TIME_BASE

// ---- reading from memory

struct memory {
    const uint8_t *data;
    int64_t size, position;
};

static int read_memory(void *opaque, uint8_t *buffer, int size)
{
    struct memory *m = opaque;
    const int count = (int)FFMIN(m->size - m->position, size);
    if (count <= 0)
        return AVERROR_EOF;
    memcpy(buffer, m->data + m->position, (size_t)count);
    m->position += count;
    return count;
}

static int64_t seek_memory(void *opaque, int64_t offset, int whence)
{
    struct memory *m = opaque;
    if (whence & AVSEEK_SIZE)
        return m->size;
    const int64_t to = whence == SEEK_CUR   ? m->position + offset
                       : whence == SEEK_END ? m->size + offset
                                            : offset;
    if (to < 0 || to > m->size)
        return AVERROR(EINVAL);
    return m->position = to;
}

// A trial that is open for reading.
struct reading {
    struct memory memory;
    AVIOContext *io;
    AVFormatContext *file;
    AVCodecContext *decoder;
    AVFrame *picture; // the first one; NULL if it cannot be decoded
    int video;
    int64_t *first; // times of the streams' first packets, in AV_TIME_BASE; AV_NOPTS_VALUE: none
    int64_t second; // of the pictures
};

static int try_to_open(struct reading *r, const char *name, const AVInputFormat *format)
{
    r->memory.position = 0;
    const int buffered = 4096;
    uint8_t *buffer = av_malloc(buffered);
    if (!buffer)
        return AVERROR(ENOMEM);
    r->io = avio_alloc_context(buffer, buffered, 0, &r->memory, read_memory, NULL, seek_memory);
    r->file = r->io ? avformat_alloc_context() : NULL;
    if (!r->io)
        av_free(buffer);
    if (!r->file)
        return AVERROR(ENOMEM);
    r->file->pb = r->io;
    const int result = avformat_open_input(&r->file, name, format, NULL);
    return result < 0 ? result : avformat_find_stream_info(r->file, NULL);
}

static void close_io(struct reading *r)
{
    avformat_close_input(&r->file);
    if (r->io)
        av_freep(&r->io->buffer);
    avio_context_free(&r->io);
}

static void close_reading(struct reading *r)
{
    av_frame_free(&r->picture);
    avcodec_free_context(&r->decoder);
    close_io(r);
    free(r->first);
}

static int open_decoder(struct reading *r)
{
    const AVStream *stream = r->file->streams[r->video];
    const AVCodec *codec = avcodec_find_decoder(stream->codecpar->codec_id);
    r->decoder = codec ? avcodec_alloc_context3(codec) : NULL;
    if (!r->decoder)
        return AVERROR_DECODER_NOT_FOUND;
    const int result = avcodec_parameters_to_context(r->decoder, stream->codecpar);
    r->decoder->thread_count = 1;
    return result < 0 ? result : avcodec_open2(r->decoder, codec, NULL);
}

static void decode(struct reading *r, const AVPacket *packet)
{
    if (r->picture || !r->decoder || avcodec_send_packet(r->decoder, packet) < 0)
        return;
    r->picture = av_frame_alloc();
    if (r->picture && avcodec_receive_frame(r->decoder, r->picture) < 0)
        av_frame_free(&r->picture);
}

static void note_time(struct reading *r, const AVPacket *packet)
{
    const AVStream *stream = r->file->streams[packet->stream_index];
    if (packet->pts == AV_NOPTS_VALUE)
        return;
    const int64_t time = av_rescale_q(packet->pts, stream->time_base, AV_TIME_BASE_Q);
    int64_t *first = &r->first[packet->stream_index];
    const bool earlier = *first == AV_NOPTS_VALUE || time < *first;
    if (packet->stream_index == r->video)
        r->second = earlier ? *first : r->second == AV_NOPTS_VALUE ? time : FFMIN(r->second, time);
    if (earlier)
        *first = time;
}

// Reads all there is: the first times of all streams and the first picture.
static int read_all(struct reading *r)
{
    const unsigned count = r->file->nb_streams;
    r->first = calloc(count, sizeof *r->first);
    AVPacket *packet = av_packet_alloc();
    for (unsigned i = 0; i < count && r->first; i++)
        r->first[i] = AV_NOPTS_VALUE;
    r->second = AV_NOPTS_VALUE;
    const bool enough = r->first && packet;
    if (enough && open_decoder(r) < 0)
        avcodec_free_context(&r->decoder);
    while (enough && av_read_frame(r->file, packet) >= 0) {
        if (packet->stream_index < (int)count)
            note_time(r, packet);
        if (packet->stream_index == r->video)
            decode(r, packet);
        av_packet_unref(packet);
    }
    if (enough)
        decode(r, NULL);
    av_packet_free(&packet);
    return enough ? 0 : AVERROR(ENOMEM);
}

static int open_reading(struct reading *r, const struct wr_trial *trial)
{
    *r = (struct reading){.memory = {trial->data, trial->size, 0}};
    const char *name = trial->file->oformat->name;
    int result = try_to_open(r, "", NULL);
    if (result < 0) { // too short to be told by its content
        close_io(r);
        result = try_to_open(r, "", av_find_input_format(name));
    }
    if (result < 0)
        return result;
    r->video = av_find_best_stream(r->file, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
    return r->video < 0 ? r->video : read_all(r);
}

// ---- streams

// The stream of the reading that an output's stream has become: the same number and codec, else the
// same place among those of its type; -1 if there is none.
static int find_again(const struct reading *r, const struct wr_trial *trial, int output)
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

static void compare_stream(struct wr_probe_stream *found, const struct reading *r,
                           const struct wr_trial *trial, int output, int64_t video_shift)
{
    const struct wr_trial_stream *written = &trial->streams[output];
    const AVCodecParameters *wanted = trial->file->streams[output]->codecpar;
    const int n = find_again(r, trial, output);
    const bool is_listed = n >= 0 || output < (int)r->file->nb_streams;
    if (!written->written && !is_listed)
        return; // it may come with its first packet
    if (n < 0 || !is_same_codec(r->file->streams[n]->codecpar->codec_id, wanted->codec_id)) {
        found->unreadable = n < 0 || written->has_content;
        return;
    }
    if (!written->written || r->first[n] == AV_NOPTS_VALUE ||
        wanted->codec_type != AVMEDIA_TYPE_AUDIO)
        return; // some muxers put an empty text before the first
    const int64_t shift = r->first[n] - written->first - video_shift;
    found->shift = llabs(shift) > TOLERANCE ? shift : 0;
}

static void compare_streams(struct wr_probe *probe, const struct reading *r,
                            const struct wr_trial *trial, const struct wr_selection *selection)
{
    const struct wr_source *source = selection->source;
    const int video = selection->routes[source->video->index].output;
    if (!trial->streams[video].written || r->first[r->video] == AV_NOPTS_VALUE)
        return;
    const int64_t video_shift = r->first[r->video] - trial->streams[video].first;
    for (unsigned i = 0; i < source->file->nb_streams; i++) {
        const struct wr_stream_route *route = &selection->routes[i];
        const enum AVMediaType type = source->file->streams[i]->codecpar->codec_type;
        if (route->chosen && route->output != video &&
            (type == AVMEDIA_TYPE_AUDIO || type == AVMEDIA_TYPE_SUBTITLE))
            compare_stream(&probe->streams[i], r, trial, route->output, video_shift);
    }
}

// ---- pictures

static void lose(struct wr_probe *probe, const char *what, const char *value)
{
    av_strlcatf(probe->losses, sizeof probe->losses, "%s%s%s%s", probe->losses[0] ? ", " : "", what,
                value ? " " : "", value ? value : "");
}

// Side data of the stream, or of its first picture.
static bool has_side_data(const AVStream *stream, const AVFrame *picture,
                          enum AVPacketSideDataType type, enum AVFrameSideDataType frame_type)
{
    size_t size;
    return wr_stream_side_data(stream, type, &size) ||
           (picture && av_frame_get_side_data(picture, frame_type));
}

static void compare_side_data(struct wr_probe *probe, const AVStream *wanted,
                              const struct reading *r)
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
    };
    const AVStream *stream = r->file->streams[r->video];
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (has_side_data(wanted, NULL, kinds[i].type, kinds[i].frame_type) &&
            !has_side_data(stream, r->picture, kinds[i].type, kinds[i].frame_type))
            lose(probe, kinds[i].name, NULL);
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
        lose(probe, what, name);
}

static void compare_color(struct wr_probe *probe, const AVCodecParameters *wanted,
                          const struct reading *r)
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
    // Chroma at the left is what readers expect where nothing is said.
    if (is_coarse && wanted->chroma_location != AVCHROMA_LOC_LEFT)
        compare_value(
            probe, "chroma location",
            (struct value){wanted->chroma_location, p->chroma_location, file->chroma_location},
            AVCHROMA_LOC_UNSPECIFIED, av_chroma_location_name(wanted->chroma_location));
}

static void compare_shape(struct wr_probe *probe, const AVStream *wanted, const struct reading *r)
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
        lose(probe, "pixel aspect ratio", text);
    if (wanted->codecpar->field_order > AV_FIELD_PROGRESSIVE && !wr_frame_interlaced(r->picture) &&
        stream->codecpar->field_order <= AV_FIELD_PROGRESSIVE)
        lose(probe, "field order", NULL);
}

static void compare_pictures(struct wr_probe *probe, const struct reading *r,
                             const struct wr_trial *trial, const struct wr_selection *selection)
{
    const int video = selection->routes[selection->source->video->index].output;
    const AVStream *wanted = trial->file->streams[video];
    const int64_t first = r->first[r->video];
    const int64_t apart = trial->times[1] - trial->times[0];
    probe->loses_times = first == AV_NOPTS_VALUE || r->second == AV_NOPTS_VALUE ||
                         llabs(r->second - first - apart) > TOLERANCE;
    if (!r->picture)
        return;
    compare_color(probe, wanted->codecpar, r);
    compare_shape(probe, wanted, r);
    compare_side_data(probe, wanted, r);
    if (av_frame_get_side_data(selection->plan->stream.like, AV_FRAME_DATA_A53_CC) &&
        !av_frame_get_side_data(r->picture, AV_FRAME_DATA_A53_CC))
        lose(probe, "closed captions", NULL);
}

// Raw frames carry nothing that tells their layout: where the container cannot say it either, they
// are read as something else.
static bool misreads_raw(const struct reading *r, const struct wr_trial *trial,
                         const struct wr_selection *selection)
{
    const int video = selection->routes[selection->source->video->index].output;
    const AVCodecParameters *wanted = trial->file->streams[video]->codecpar;
    if (wanted->codec_id != AV_CODEC_ID_RAWVIDEO || !r->file || r->video < 0)
        return false;
    const AVCodecParameters *have = r->file->streams[r->video]->codecpar;
    struct wr_format a, b;
    const bool is_same =
        have->format == wanted->format ||
        (wr_pix_fmt_describe(wanted->format, &a) && wr_pix_fmt_describe(have->format, &b) &&
         a.model != WR_RGB && wr_same_samples(&a, &b));
    return have->codec_id != wanted->codec_id || !is_same;
}

// ---- all of it

static bool can_be_tried(const struct wr_output_plan *plan)
{
    return !plan->container_row->takes_anything && !(plan->holder->flags & AVFMT_NOFILE) &&
           !plan->encoder_row->one_packet;
}

enum wr_status wr_probe_open(struct wr_probe *probe, const struct wr_selection *selection,
                             const struct wr_reader *reader, struct wr_error *error)
{
    *probe = (struct wr_probe){
        .streams = calloc(selection->source->file->nb_streams, sizeof *probe->streams)};
    if (!probe->streams)
        return wr_fail(error, WR_FAILED, "out of memory");
    if (!can_be_tried(selection->plan))
        return WR_OK;
    struct wr_trial trial;
    if (wr_trial_make(&trial, selection, reader) >= 0) {
        struct reading reading;
        if (open_reading(&reading, &trial) >= 0) {
            compare_streams(probe, &reading, &trial, selection);
            compare_pictures(probe, &reading, &trial, selection);
        }
        probe->misreads_raw = misreads_raw(&reading, &trial, selection);
        close_reading(&reading);
    }
    wr_trial_close(&trial);
    return WR_OK;
}

void wr_probe_close(struct wr_probe *probe)
{
    free(probe->streams);
    *probe = (struct wr_probe){0};
}
