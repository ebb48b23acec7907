// SPDX-License-Identifier: MIT
// Gathers the packets of a piece, and puts pieces one behind the other.
//
// Each piece has its own encoder, which knows nothing of the piece before: the decoding times that
// it gives may lie before the last one of that piece. So they are made anew from the times at which
// frames are shown: a packet is decoded when the frame is shown that lies as many frames back as
// the encoder decodes ahead.
#include "lib/output/chunks/piece.h"

#include <libavutil/avutil.h>
#include <libavutil/common.h>
#include <stdlib.h>

enum wr_status wr_piece_add(struct wr_piece *piece, AVPacket **packet, struct wr_error *error)
{
    if (piece->count == piece->capacity) {
        const int capacity = piece->capacity ? 2 * piece->capacity : 64;
        AVPacket **longer = realloc(piece->packets, (size_t)capacity * sizeof(AVPacket *));
        if (!longer) {
            av_packet_free(packet);
            return wr_fail(error, WR_FAILED, "out of memory");
        }
        piece->packets = longer;
        piece->capacity = capacity;
    }
    piece->packets[piece->count++] = *packet;
    *packet = NULL;
    return WR_OK;
}

void wr_piece_close(struct wr_piece *piece)
{
    for (int n = 0; n < piece->count; n++)
        av_packet_free(&piece->packets[n]);
    free(piece->packets);
    *piece = (struct wr_piece){0};
}

// ---- one piece behind the other

void wr_joint_begin(struct wr_joint *joint, int delay, int64_t chunk)
{
    *joint = (struct wr_joint){.delay = av_clip(delay, 0, WR_MOST_DELAY - 1), .chunk = chunk};
}

static int compare_times(const void *a, const void *b)
{
    const int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return (one > other) - (one < other);
}

// When the frames of the piece are shown, in order, to be freed; NULL when memory is short.
static int64_t *list_shown(const struct wr_piece *piece)
{
    int64_t *shown = malloc(((size_t)piece->count + 1) * sizeof *shown);
    for (int n = 0; shown && n < piece->count; n++)
        shown[n] = piece->packets[n]->pts;
    if (shown)
        qsort(shown, (size_t)piece->count, sizeof *shown, compare_times);
    return shown;
}

// Before the first frame is shown, packets are decoded one frame's time apart.
static int64_t decoded_at(const struct wr_joint *joint)
{
    return joint->count < joint->delay
               ? joint->first - (joint->delay - joint->count) * FFMAX(joint->first_duration, 1)
               : joint->shown[(joint->count - joint->delay) % WR_MOST_DELAY];
}

// How many packets the encoder wants to be decoded before the first frame is shown.
static int count_ahead(const struct wr_piece *piece, int64_t first)
{
    int count = 0;
    while (count < FFMIN(piece->count, WR_MOST_DELAY - 1) && piece->packets[count]->dts < first)
        count++;
    return count;
}

static int64_t first_duration(const struct wr_piece *piece, int64_t pts)
{
    for (int n = 0; n < piece->count; n++)
        if (piece->packets[n]->pts == pts)
            return piece->packets[n]->duration;
    return 1;
}

static enum wr_status set_times(struct wr_joint *joint, const struct wr_piece *piece,
                                const int64_t *shown, struct wr_error *error)
{
    for (int n = 0; n < piece->count; n++) {
        AVPacket *packet = piece->packets[n];
        const int64_t before =
            joint->count ? joint->shown[(joint->count - 1) % WR_MOST_DELAY] : AV_NOPTS_VALUE;
        if (shown[n] <= before)
            return wr_fail(error, WR_FAILED,
                           "piece %lld of the video has two frames at one time, or overlaps the "
                           "piece before it: the times of frames are too close for the encoder",
                           (long long)piece->number + 1);
        joint->shown[joint->count % WR_MOST_DELAY] = shown[n];
        packet->dts = decoded_at(joint);
        if (packet->pts < packet->dts)
            return wr_fail(error, WR_FAILED,
                           "the encoder decodes further ahead than it says, so its pieces cannot "
                           "be put together");
        joint->count++;
    }
    return WR_OK;
}

enum wr_status wr_joint_add(struct wr_joint *joint, const struct wr_piece *piece,
                            struct wr_error *error)
{
    if (piece->number != joint->number || joint->has_ended || piece->frames > joint->chunk)
        return wr_fail(error, WR_FAILED,
                       "piece %lld of the video, with %lld frames, does not follow piece %lld",
                       (long long)piece->number + 1, (long long)piece->frames,
                       (long long)joint->number);
    if (piece->count != piece->frames)
        return wr_fail(error, WR_FAILED,
                       "the encoder made %d packets of the %lld frames of a piece", piece->count,
                       (long long)piece->frames);
    int64_t *shown = list_shown(piece);
    if (!shown)
        return wr_fail(error, WR_FAILED, "out of memory");
    if (!joint->count && piece->count) {
        joint->delay = FFMAX(joint->delay, count_ahead(piece, shown[0]));
        joint->first = shown[0];
        joint->first_duration = first_duration(piece, shown[0]);
    }
    const enum wr_status status = set_times(joint, piece, shown, error);
    free(shown);
    joint->has_ended = piece->frames < joint->chunk;
    joint->number++;
    return status;
}
