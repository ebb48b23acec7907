// SPDX-License-Identifier: MIT
// Finds out where a file should end. libavformat ends a file that was cut between two packets as if
// it were whole.
#include "lib/input/promise.h"

#include <libavutil/avstring.h>

#include "lib/input/ends.h"
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

// ---- all of them

static const struct row {
    const char *demuxer;                           // as libavformat names it, one of its names
    int64_t (*end)(AVIOContext *pb, int64_t size); // 0 if it does not say
    bool in_head;                                  // what tells stands at the beginning
    bool has_index;                                // of all samples
    int64_t (*packets)(AVStream *stream);          // NULL if nothing tells
} rows[] = {
    {"matroska", wr_end_of_matroska, true, false, NULL},
    {"mp4", wr_end_of_mp4, true, true, count_entries},
    {"avi", wr_end_of_avi, true, false, count_entries},
    {"asf", wr_end_of_asf, true, false, NULL},
    {"rm", wr_end_of_real, false, false, NULL},
    {"flv", wr_end_of_flv, true, false, NULL},
    {"mxf", wr_end_of_mxf, true, false, count_ticks},
    {"ogg", wr_end_of_ogg, false, false, NULL},
    {"gif", wr_end_of_gif, false, false, NULL},
    {"apng", wr_end_of_png, false, false, NULL},
    {"mpegts", wr_end_of_ts, false, false, NULL},
};

static const struct row *row_of(const AVFormatContext *file)
{
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++)
        if (av_match_name(rows[n].demuxer, file->iformat->name))
            return &rows[n];
    return NULL;
}

static int64_t end_told_by_head(const struct row *row, struct wr_kept_bytes head, int64_t size)
{
    struct wr_memory_bytes bytes = {.data = head.bytes, .size = head.count};
    AVIOContext *pb = wr_memory_reader_open(&bytes);
    const int64_t end = pb ? row->end(pb, size) : 0;
    wr_memory_reader_close(&pb);
    return end;
}

bool wr_is_cut_short(const AVFormatContext *file, const struct wr_kept_bytes *head)
{
    const struct row *row = row_of(file);
    AVIOContext *pb = file->pb;
    if (!row || !pb)
        return false;
    const bool seekable = pb->seekable & AVIO_SEEKABLE_NORMAL;
    const int64_t size = seekable ? avio_size(pb) : avio_tell(pb);
    if (size <= 0 || (seekable && avio_seek(pb, 0, SEEK_SET) < 0))
        return false;
    const int64_t end = seekable       ? row->end(pb, size)
                        : row->in_head ? end_told_by_head(row, *head, size)
                                       : 0;
    return end > size || (row->has_index && end_of_samples(file) > size);
}

int64_t wr_promised_packets(const AVFormatContext *file, AVStream *stream)
{
    const struct row *row = row_of(file);
    return row && row->packets ? row->packets(stream) : 0;
}
