// SPDX-License-Identifier: MIT
// Lists packets, and finds the key frame from which decoding has to go on.
#include "lib/input/skip.h"

#include <stdlib.h>

#include "lib/input/ends.h"
#include "lib/input/source_facts.h"
#include "lib/input/timeline.h"

bool wr_share_has(const struct wr_part_frames *share, int64_t index)
{
    return !share->parts || index / share->chunk % share->parts == share->number - 1;
}

// Codecs of which a packet is a frame, and whose key frames need nothing from before, beside those
// in which every frame is one. Of interlaced H.264 it may be a field.
static bool has_plain_packets(const AVStream *video)
{
    const enum AVFieldOrder fields = video->codecpar->field_order;
    if (video->codecpar->codec_id == AV_CODEC_ID_H264 && fields != AV_FIELD_PROGRESSIVE &&
        fields != AV_FIELD_UNKNOWN)
        return false;
    static const enum AVCodecID codecs[] = {
        AV_CODEC_ID_H264, AV_CODEC_ID_HEVC,       AV_CODEC_ID_VP9,        AV_CODEC_ID_AV1,
        AV_CODEC_ID_FFV1, AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_MPEG4};
    const AVCodecDescriptor *codec = avcodec_descriptor_get(video->codecpar->codec_id);
    for (size_t n = 0; n < sizeof codecs / sizeof *codecs; n++)
        if (video->codecpar->codec_id == codecs[n])
            return true;
    return codec && codec->props & AV_CODEC_PROP_INTRA_ONLY;
}

static bool add(struct wr_skip *skip, const AVPacket *packet)
{
    if (skip->count == skip->capacity) {
        const int64_t capacity = skip->capacity ? 2 * skip->capacity : 4096;
        struct wr_packet_times *longer = realloc(skip->packets, (size_t)capacity * sizeof *longer);
        if (!longer)
            return false;
        skip->packets = longer;
        skip->capacity = capacity;
    }
    skip->packets[skip->count++] =
        (struct wr_packet_times){packet->pts, packet->flags & AV_PKT_FLAG_KEY};
    return packet->pts != AV_NOPTS_VALUE && packet->size &&
           !(packet->flags & (AV_PKT_FLAG_DISCARD | AV_PKT_FLAG_CORRUPT));
}

// False where a packet is not as it should be, the file is damaged so that packets may be missing,
// or memory is short.
static bool list_packets(struct wr_skip *skip, struct wr_source *file)
{
    struct wr_timeline timeline = {0};
    AVPacket *packet = av_packet_alloc();
    bool plain = packet && wr_timeline_open(&timeline, file->file);
    int result = 0;
    while (plain && (result = av_read_frame(file->file, packet)) >= 0) {
        wr_timeline_correct(&timeline, file->file, file->video->time_base, packet);
        if (packet->stream_index == file->video->index)
            plain = add(skip, packet);
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    wr_timeline_close(&timeline);
    return plain && skip->count && result == AVERROR_EOF && !wr_source_damage(file) &&
           !wr_source_is_cut_short(file);
}

static int compare_times(const void *a, const void *b)
{
    const int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return (one > other) - (one < other);
}

// False where two frames are shown at one time, or memory is short.
static bool sort_shown(struct wr_skip *skip)
{
    skip->shown = malloc((size_t)skip->count * sizeof *skip->shown);
    for (int64_t n = 0; skip->shown && n < skip->count; n++)
        skip->shown[n] = skip->packets[n].pts;
    if (!skip->shown)
        return false;
    qsort(skip->shown, (size_t)skip->count, sizeof *skip->shown, compare_times);
    for (int64_t n = 1; n < skip->count; n++)
        if (skip->shown[n] == skip->shown[n - 1])
            return false;
    return true;
}

enum wr_status wr_skip_open(struct wr_skip *skip, const struct wr_part_frames *share,
                            struct wr_source *source, struct wr_error *error)
{
    *skip = (struct wr_skip){.share = *share, .source = source};
    if (!share->parts || source->cut || source->forced_rate.num || source->sequence.first ||
        !has_plain_packets(source->video))
        return WR_OK;
    struct wr_source file = {.name = source->name,
                             .format = source->format,
                             .options = source->options,
                             .frames = -1,
                             .maps = source->maps,
                             .cancelled = source->cancelled};
    enum wr_status status = wr_source_open(&file, error);
    const bool plain =
        !status && file.video->index == source->video->index && list_packets(skip, &file);
    if (!status && wr_source_is_cancelled(source))
        status = wr_fail(error, WR_INTERRUPTED, "interrupted");
    if (!plain || !sort_shown(skip))
        wr_skip_close(skip);
    wr_source_close(&file);
    return status;
}

// The packet to decode from for a frame that is shown at pts: one key frame earlier than the last
// one before it. Pictures that are shown before a key frame may need others from before it, and in
// some codecs so do pictures after it.
static int64_t key_before(const struct wr_skip *skip, int64_t pts)
{
    int64_t last = 0, before = 0;
    for (int64_t n = 0; n < skip->count; n++) {
        if (!skip->packets[n].is_key || skip->packets[n].pts > pts)
            continue;
        before = last;
        last = n;
    }
    return before;
}

// Whether packets from number `packet` on can be passed over when the next frame has index `frame`.
// Then is_passing, resume and wanted are set.
static bool begins(struct wr_skip *skip, int64_t packet, int64_t frame)
{
    // The frame before has been given: what it lasts is known.
    if (!skip->packets || skip->is_passing || frame < 1 || frame >= skip->count ||
        wr_share_has(&skip->share, frame - 1) || wr_share_has(&skip->share, frame))
        return false;
    const struct wr_part_frames *share = &skip->share;
    const int64_t piece = frame / share->chunk;
    const int64_t turns = (share->number - 1 - piece % share->parts + share->parts) % share->parts;
    const int64_t wanted = (piece + turns) * share->chunk;
    if (wanted != skip->wanted)
        skip->resume = wanted >= skip->count ? skip->count : key_before(skip, skip->shown[wanted]);
    skip->wanted = wanted;
    if (skip->resume <= packet)
        return false;
    skip->is_passing = skip->is_resuming = skip->has_passed = true;
    return true;
}

bool wr_skip_passes(struct wr_skip *skip, struct wr_decoder *decoder, int64_t packet, int64_t frame)
{
    struct wr_source *source = skip->source;
    if (!skip->is_passing && begins(skip, packet, frame)) {
        const int64_t offset = wr_source_offset(source, source->video->time_base);
        const bool is_last = skip->wanted >= skip->count;
        wr_decoder_resume(decoder, is_last ? INT64_MAX : skip->shown[skip->wanted] - offset);
        skip->damaged = source->damaged;
        skip->complaints = atomic_load(&source->complaints);
    }
    skip->is_passing &= packet < skip->resume;
    return skip->is_passing;
}

// ---- frames

// Makes the frames that were passed over ready, without their pictures.
static enum wr_status put_passed(struct wr_skip *skip, int64_t *frames, struct wr_messages *ready,
                                 struct wr_error *error)
{
    struct wr_source *source = skip->source;
    const AVRational tick = source->video->time_base;
    enum wr_status status = WR_OK;
    skip->is_resuming = false;
    source->damaged = skip->damaged; // without what comes before, decoders find much to complain of
    atomic_store(&source->complaints, skip->complaints);
    while (!status && *frames < skip->wanted) {
        struct wr_message message = {.frame = av_frame_alloc(), .index = *frames};
        if (!message.frame)
            return wr_fail(error, WR_FAILED, "out of memory");
        message.frame->pts = skip->shown[(*frames)++] - wr_source_offset(source, tick);
        message.frame->time_base = tick;
        status = wr_messages_put(ready, &message, error);
    }
    return status;
}

enum wr_status wr_skip_put(struct wr_skip *skip, AVFrame *frame, int64_t *frames,
                           struct wr_messages *ready, struct wr_error *error)
{
    struct wr_source *source = skip->source;
    struct wr_message message = {.frame = frame};
    enum wr_status status = skip->is_resuming ? put_passed(skip, frames, ready, error) : WR_OK;
    const int64_t pts = frame->pts + wr_source_offset(source, frame->time_base);
    const bool agrees = !skip->packets || (*frames < skip->count && skip->shown[*frames] == pts);
    if (!status && !agrees && skip->has_passed)
        status =
            wr_fail(error, WR_FAILED,
                    "the frames of %s are not where its packets say, so a part of it cannot be "
                    "made alone: it may be damaged; make it in one run, without --part",
                    source->name);
    if (!agrees)
        wr_skip_close(skip);
    if (status) {
        wr_message_drop(&message);
        return status;
    }
    message.index = (*frames)++;
    return wr_messages_put(ready, &message, error);
}

void wr_skip_close(struct wr_skip *skip)
{
    free(skip->packets);
    free(skip->shown);
    skip->packets = NULL;
    skip->shown = NULL;
}
