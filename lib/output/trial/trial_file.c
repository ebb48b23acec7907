// SPDX-License-Identifier: MIT
// The file of a trial, in memory. Muxers may refuse packets that stand in for others.
#include "lib/output/trial/trial_file.h"

#include <libavutil/mem.h>
#include <stdlib.h>

#include "lib/media/memory_reader.h"
#include "lib/output/packet_filter.h"

// Some muxers read again what they have written, to move it: that is then a copy in memory.
struct snapshot {
    struct wr_memory_bytes bytes; // comes first: it is what the reader knows
    uint8_t *data;
};

static int open_snapshot(AVFormatContext *file, AVIOContext **pb, const char *url, int flags,
                         AVDictionary **options)
{
    (void)url, (void)options;
    uint8_t *written;
    const int size = avio_get_dyn_buf(file->pb, &written);
    struct snapshot *new = flags &AVIO_FLAG_WRITE ? NULL : calloc(1, sizeof *new);
    if (!new)
        return AVERROR(EINVAL);
    new->data = av_memdup(written, (size_t)size);
    new->bytes = (struct wr_memory_bytes){new->data, size, 0};
    *pb = new->data ? wr_memory_reader_open(&new->bytes) : NULL;
    if (*pb)
        return 0;
    av_free(new->data);
    free(new);
    return AVERROR(ENOMEM);
}

static int close_snapshot(AVFormatContext *file, AVIOContext *pb)
{
    (void)file;
    struct snapshot *old = pb->opaque;
    wr_memory_reader_close(&pb);
    av_free(old->data);
    free(old);
    return 0;
}

void wr_trial_note_shown(int64_t times[WR_TRIAL_FRAMES], int *count, int64_t time)
{
    if (*count == WR_TRIAL_FRAMES)
        return;
    int i = (*count)++;
    for (; i > 0 && times[i - 1] > time; i--)
        times[i] = times[i - 1];
    times[i] = time;
}

int wr_trial_open_memory(AVFormatContext *file)
{
    file->io_open = open_snapshot;
    file->io_close2 = close_snapshot;
    return avio_open_dyn_buf(&file->pb);
}

// Closing a buffer in memory writes at its current position.
void wr_trial_take_data(struct wr_trial *trial)
{
    AVIOContext *pb = trial->file ? trial->file->pb : NULL;
    if (!pb)
        return;
    avio_seek(pb, avio_size(pb), SEEK_SET);
    trial->size = avio_close_dyn_buf(pb, &trial->data);
    trial->file->pb = NULL;
}

static bool is_refusal(const AVFormatContext *file, int result)
{
    return (result == AVERROR(EINVAL) || result == AVERROR_INVALIDDATA) && file->nb_streams > 1;
}

int wr_trial_write(struct wr_trial *trial, AVPacket *packet)
{
    AVBSFContext *filter = trial->streams[packet->stream_index].filter;
    const AVRational time_base = trial->file->streams[packet->stream_index]->time_base;
    int result = filter ? wr_packet_filter_send(filter, packet, time_base) : 0;
    if (result >= 0 && filter)
        result = wr_packet_filter_receive(filter, packet, time_base);
    if (result >= 0)
        result = av_interleaved_write_frame(trial->file, packet);
    const bool refused = is_refusal(trial->file, result);
    trial->has_refusals |= refused;
    return refused ? 0 : result;
}

// A refused packet is gone, but others may still wait to be written.
int wr_trial_flush(struct wr_trial *trial)
{
    AVFormatContext *file = trial->file;
    int result;
    while (is_refusal(file, result = av_interleaved_write_frame(file, NULL)))
        trial->has_refusals = true;
    for (unsigned i = 0; i < file->nb_streams; i++) {
        wr_decoding_send(&trial->streams[i].decoding, NULL);
        trial->streams[i].refused =
            trial->has_refusals && trial->streams[i].written && !file->streams[i]->nb_frames;
    }
    return result;
}
