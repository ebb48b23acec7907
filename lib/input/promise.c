// SPDX-License-Identifier: MIT
// Finds out where a file should end. libavformat ends a file that was cut between two packets as if
// it were whole.
#include "lib/input/promise.h"

#include <libavcodec/avcodec.h>
#include <libavcodec/dv_profile.h>
#include <libavutil/avstring.h>
#include <libavutil/imgutils.h>
#include <stdatomic.h>

#include "lib/input/ends.h"
#include "lib/input/row_ends.h"
#include "lib/media/memory_reader.h"

// ---- samples and packets

// Where the samples end that are known: of all if the index is in one place, otherwise of the
// fragments that were read.
static int64_t end_of_samples(const AVFormatContext *file)
{
    int64_t end = 0;
    for (unsigned i = 0; i < file->nb_streams; i++) {
        AVStream *stream = file->streams[i];
        const int count = avformat_index_get_entries_count(stream);
        for (int k = 0; k < count; k++) {
            const AVIndexEntry *entry = avformat_index_get_entry(stream, k);
            end = FFMAX(end, entry->pos + entry->size);
        }
    }
    return end;
}

static int64_t count_entries(AVStream *stream)
{
    const int count = avformat_index_get_entries_count(stream);
    int64_t packets = 0;
    for (int k = 0; k < count; k++) // an empty one repeats the picture before it
        packets += avformat_index_get_entry(stream, k)->size > 0;
    return packets;
}

// Where each packet lasts for one tick.
static int64_t count_ticks(AVStream *stream)
{
    return stream->duration;
}


int64_t wr_frames_in_header(const AVStream *stream)
{
    return stream->nb_frames < WR_BEYOND_FRAMES ? stream->nb_frames : 0;
}

// ---- frames of one size

static int64_t bytes_of_raw(const AVCodecParameters *video)
{
    return av_image_get_buffer_size(video->format, video->width, video->height, 1);
}

// Each has a line before it.
static int64_t bytes_of_y4m(const AVCodecParameters *video)
{
    enum { LINE = sizeof "FRAME" };
    const int64_t bytes = bytes_of_raw(video);
    return bytes > 0 ? LINE + bytes : 0;
}

static int64_t bytes_of_dv(const AVCodecParameters *video)
{
    const AVDVProfile *profile = av_dv_codec_profile(video->width, video->height, video->format);
    return profile ? profile->frame_size : 0;
}

static void skip_line(AVIOContext *pb)
{
    while (!avio_feof(pb) && avio_r8(pb) != '\n')
        ;
}

// ---- all of them

static const struct row {
    const char *demuxer;                           // as libavformat names it, one of its names
    int64_t (*end)(AVIOContext *pb, int64_t size); // 0 if it does not say, NULL if none does
    enum { NOWHERE, IN_HEAD, IN_TAIL } place;      // which of the bytes tell it, if few do
    bool has_index;                                // of all samples
    int64_t (*packets)(AVStream *stream);          // NULL if nothing tells
    int64_t (*ticks)(const AVStream *stream);      // that a pipe's packets last, the same
    // Where frames of one size follow each other to the end: how long each is; 0 if not known.
    int64_t (*frame_bytes)(const AVCodecParameters *video);
    bool has_line;     // before the frames
    bool fails_at_end; // where others say that this is the end
    bool gives_rests;  // of a packet that is cut, without a complaint
} rows[] = {
    {.demuxer = "matroska", .end = wr_end_of_matroska, .place = IN_HEAD},
    {.demuxer = "mp4",
     .end = wr_end_of_mp4,
     .place = IN_HEAD,
     .has_index = true,
     .packets = count_entries},
    {.demuxer = "avi",
     .end = wr_end_of_avi,
     .place = IN_HEAD,
     .packets = count_entries,
     .ticks = wr_frames_in_header}, // with packets that are empty
    {.demuxer = "asf", .end = wr_end_of_asf, .place = IN_HEAD},
    {.demuxer = "rm", .end = wr_end_of_real},
    {.demuxer = "flv", .end = wr_end_of_flv, .place = IN_HEAD},
    {.demuxer = "mxf", .end = wr_end_of_mxf, .place = IN_HEAD, .packets = count_ticks},
    {.demuxer = "ogg", .end = wr_end_of_ogg, .place = IN_TAIL},
    {.demuxer = "gif", .end = wr_end_of_gif},
    {.demuxer = "apng", .end = wr_end_of_png},
    {.demuxer = "mpegts", .end = wr_end_of_ts},
    {.demuxer = "swf", .end = wr_end_of_swf, .place = IN_HEAD},
    {.demuxer = "ivf", .end = wr_end_of_ivf},
    {.demuxer = "obu", .end = wr_end_of_obu, .place = IN_TAIL},
    {.demuxer = "nut", .gives_rests = true},
    {.demuxer = "gxf", .end = wr_end_of_gxf, .place = IN_TAIL, .fails_at_end = true},
    {.demuxer = "roq", .end = wr_end_of_roq, .place = IN_TAIL, .fails_at_end = true},
    {.demuxer = "yuv4mpegpipe", .place = IN_HEAD, .frame_bytes = bytes_of_y4m, .has_line = true},
    {.demuxer = "dv", .place = IN_HEAD, .frame_bytes = bytes_of_dv},
};

static const struct row *row_of(const AVFormatContext *file)
{
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++)
        if (av_match_name(rows[n].demuxer, file->iformat->name))
            return &rows[n];
    return NULL;
}

// Where the last of the frames should end.
static int64_t end_of_frames(const struct row *row, const AVFormatContext *file, AVIOContext *pb,
                             int64_t size)
{
    const int64_t bytes = file->nb_streams ? row->frame_bytes(file->streams[0]->codecpar) : 0;
    if (row->has_line)
        skip_line(pb);
    const int64_t rest = bytes > 0 ? (size - avio_tell(pb)) % bytes : 0;
    return rest > 0 ? size - rest + bytes : 0;
}

static int64_t find_end(const struct row *row, const AVFormatContext *file, AVIOContext *pb,
                        int64_t size)
{
    return row->frame_bytes ? end_of_frames(row, file, pb, size)
           : row->end       ? row->end(pb, size)
                            : 0;
}

// Whether the bytes that are kept of a pipe tell that more should have come. All came to `size`.
static bool is_cut_by_kept(const struct row *row, const AVFormatContext *file,
                           const struct wr_descriptor *descriptor, int64_t size)
{
    if (!descriptor || row->place == NOWHERE)
        return false;
    const bool in_tail = row->place == IN_TAIL;
    const struct wr_kept_bytes kept =
        in_tail ? wr_descriptor_tail(descriptor) : wr_descriptor_head(descriptor);
    struct wr_memory_bytes bytes = {.data = kept.bytes, .size = kept.count};
    const int64_t length = in_tail ? kept.count : size;
    AVIOContext *pb = wr_memory_reader_open(&bytes);
    const bool is_cut = pb && find_end(row, file, pb, length) > length;
    wr_memory_reader_close(&pb);
    return is_cut;
}

bool wr_is_cut_short(const AVFormatContext *file, const struct wr_descriptor *descriptor)
{
    const struct row *row = row_of(file);
    AVIOContext *pb = file->pb;
    if (!row || !pb)
        return false;
    const bool seekable = pb->seekable & AVIO_SEEKABLE_NORMAL;
    const int64_t size = seekable ? avio_size(pb) : avio_tell(pb);
    if (size <= 0 || (seekable && avio_seek(pb, 0, SEEK_SET) < 0))
        return false;
    const bool is_cut = seekable ? find_end(row, file, pb, size) > size
                                 : is_cut_by_kept(row, file, descriptor, size);
    return is_cut || (row->has_index && end_of_samples(file) > size);
}

int64_t wr_promised_packets(const AVFormatContext *file, AVStream *stream)
{
    const struct row *row = row_of(file);
    return row && row->packets ? row->packets(stream) : 0;
}

int64_t wr_promised_ticks(const AVFormatContext *file, const AVStream *stream)
{
    const struct row *row = row_of(file);
    const bool is_pipe = file->pb && !(file->pb->seekable & AVIO_SEEKABLE_NORMAL);
    return is_pipe && row && row->ticks ? row->ticks(stream) : 0;
}

// Whether packets of a codec may come late, since a parser looks at what follows.
static bool is_parsed(enum AVCodecID codec)
{
    AVCodecParserContext *parser = av_parser_init(codec);
    av_parser_close(parser);
    return parser;
}

int wr_read_packet(AVFormatContext *file, AVPacket *packet)
{
    const int64_t before = file->pb ? avio_tell(file->pb) : 0;
    const int result = av_read_frame(file, packet);
    const bool at_end = file->pb && avio_feof(file->pb);
    const struct row *row = at_end ? row_of(file) : NULL;
    if (!row)
        return result;
    // Nobody has asked for anything behind a packet that is whole. Those that were read when the file
    // was probed come without reading.
    if (result >= 0 && row->gives_rests && avio_tell(file->pb) > before &&
        !is_parsed(file->streams[packet->stream_index]->codecpar->codec_id))
        atomic_fetch_add((atomic_int *)file->opaque, 1);
    return result < 0 && row->fails_at_end ? AVERROR_EOF : result;
}
