// SPDX-License-Identifier: MIT
// An encoder for each piece, on the caller's thread or on one of its own.
//
// Side by side, the frames of a piece wait in its queue while the pieces before it are encoded. The
// reader goes on meanwhile, so that the next pieces get theirs.
#include "lib/output/chunks/pieces.h"

#include <libavutil/common.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/queue.h"
#include "lib/output/video/durations.h"

enum { MOST_WAITING = 1024 }; // frames in the queue of a piece

// A piece at work.
struct work {
    struct wr_pieces *pieces;
    struct wr_piece piece;
    struct wr_encoder encoder;
    struct wr_durations durations;
    struct wr_queue *frames; // NULL where the caller's thread encodes
    pthread_t thread;
    bool has_thread, has_ended;
    enum wr_status status; // known once the thread has been joined
    struct wr_error error;
};

struct wr_pieces {
    struct wr_pieces_terms terms;
    int at_once;
    bool rounding_told;
    struct work **works; // oldest first
    int count;
};

static void drop_frame(void *frame)
{
    av_frame_free(frame);
}

// ---- one piece

static enum wr_status receive_packets(struct work *work, struct wr_error *error)
{
    for (;;) {
        AVPacket *packet = av_packet_alloc();
        if (!packet)
            return wr_fail(error, WR_FAILED, "out of memory");
        int status = wr_encoder_receive(&work->encoder, packet, error);
        if (status) {
            av_packet_free(&packet);
            return status == WR_END ? WR_OK : (enum wr_status)status;
        }
        packet->duration = wr_durations_take(&work->durations, packet->pts, packet->duration);
        status = (int)wr_piece_add(&work->piece, &packet, error);
        if (status)
            return (enum wr_status)status;
    }
}

static enum wr_status encode(struct work *work, AVFrame **frame, struct wr_error *error)
{
    const struct wr_log *log = &work->pieces->terms.options->log;
    enum wr_status status = wr_encoder_send(&work->encoder, log, frame, error);
    if (!status)
        status = wr_durations_add(&work->durations, *frame, error);
    if (!status)
        status = receive_packets(work, error);
    work->piece.frames += !status;
    if (!status)
        av_frame_free(frame);
    return status;
}

// All pieces share the header of the file.
static enum wr_status check_header(const struct work *work, struct wr_error *error)
{
    const AVCodecContext *one = work->pieces->terms.first->context, *other = work->encoder.context;
    const bool same = one->extradata_size == other->extradata_size &&
                      (!one->extradata_size ||
                       !memcmp(one->extradata, other->extradata, (size_t)one->extradata_size));
    return same ? WR_OK
                : wr_fail(error, WR_FAILED,
                          "encoder %s gives each piece of the video a header of its own, so they "
                          "cannot be put into one file",
                          one->codec->name);
}

static enum wr_status flush(struct work *work, struct wr_error *error)
{
    enum wr_status status = wr_encoder_end(&work->encoder, error);
    if (!status)
        status = receive_packets(work, error);
    if (!status)
        status = check_header(work, error);
    work->piece.begin = work->durations.begin;
    work->piece.end = work->durations.end;
    work->piece.last = work->durations.last;
    avcodec_free_context(&work->encoder.context);
    return status;
}

static void *encode_piece(void *argument)
{
    struct work *work = argument;
    const struct wr_pieces_terms *terms = &work->pieces->terms;
    int status = WR_OK;
    while (!status) {
        AVFrame *frame = NULL;
        status = wr_queue_receive(work->frames, &frame);
        if (!status && terms->interrupted && terms->interrupted(terms->opaque))
            status = wr_fail(&work->error, WR_INTERRUPTED, "interrupted");
        else if (!status)
            status = encode(work, &frame, &work->error);
        av_frame_free(&frame);
    }
    work->status = status == WR_END ? flush(work, &work->error) : (enum wr_status)status;
    wr_queue_finish(work->frames, work->status ? (int)work->status : WR_END);
    return NULL;
}

static void close_work(struct work **work)
{
    struct work *old = *work;
    if (!old)
        return;
    if (old->frames)
        wr_queue_finish(old->frames, WR_INTERRUPTED);
    if (old->has_thread)
        pthread_join(old->thread, NULL);
    wr_queue_close(&old->frames, drop_frame);
    wr_encoder_close(&old->encoder);
    wr_durations_close(&old->durations);
    wr_piece_close(&old->piece);
    free(old);
    *work = NULL;
}

static enum wr_status open_work(struct wr_pieces *pieces, int64_t number, struct work **work,
                                struct wr_error *error)
{
    const struct wr_writer_options *options = pieces->terms.options;
    struct work *new = *work = calloc(1, sizeof *new);
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    new->pieces = pieces;
    new->piece.number = number;
    new->durations = WR_DURATIONS;
    enum wr_status status =
        wr_encoder_open_like(&new->encoder, pieces->terms.first, options, error);
    new->encoder.rounding_told |= pieces->rounding_told;
    const size_t waiting = (size_t)FFMIN(options->chunk, MOST_WAITING);
    if (!status && pieces->at_once > 1) {
        if (wr_queue_open(&new->frames, sizeof(AVFrame *), waiting))
            status = wr_fail(error, WR_FAILED, "out of memory");
        else if (pthread_create(&new->thread, NULL, encode_piece, new))
            status = wr_fail(error, WR_FAILED, "cannot start a thread");
        else
            new->has_thread = true;
    }
    if (status)
        close_work(work);
    return status;
}

// ---- all of them

enum wr_status wr_pieces_open(struct wr_pieces **pieces, const struct wr_pieces_terms *terms,
                              struct wr_error *error)
{
    struct wr_pieces *new = *pieces = calloc(1, sizeof *new);
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    new->terms = *terms;
    new->at_once = FFMAX(terms->options->pieces_at_once, 1);
    new->works = calloc((size_t)(new->at_once), sizeof(struct work *));
    if (new->works)
        return WR_OK;
    wr_pieces_close(pieces);
    return wr_fail(error, WR_FAILED, "out of memory");
}

static struct work *newest(const struct wr_pieces *pieces)
{
    return pieces->count ? pieces->works[pieces->count - 1] : NULL;
}

void wr_pieces_end(struct wr_pieces *pieces)
{
    struct work *last = newest(pieces);
    if (!last || last->has_ended)
        return;
    last->has_ended = true;
    if (last->frames)
        wr_queue_finish(last->frames, WR_END);
}

bool wr_pieces_turn(struct wr_pieces *pieces, int64_t number)
{
    const struct work *last = newest(pieces);
    if (last && !last->has_ended && last->piece.number == number)
        return false;
    wr_pieces_end(pieces);
    return pieces->count == pieces->at_once;
}

enum wr_status wr_pieces_send(struct wr_pieces *pieces, int64_t number, AVFrame **frame,
                              struct wr_error *error)
{
    struct work *last = newest(pieces);
    if (!last || last->has_ended) {
        const enum wr_status status =
            open_work(pieces, number, &pieces->works[pieces->count], error);
        if (status)
            return status;
        last = pieces->works[pieces->count++];
    }
    if (!last->frames)
        return encode(last, frame, error);
    if (wr_queue_send(last->frames, frame)) { // the thread has failed, and waits to be joined
        pthread_join(last->thread, NULL);
        last->has_thread = false;
        return wr_fail(error, last->error.status, "%s", last->error.text);
    }
    *frame = NULL;
    return WR_OK;
}

int wr_pieces_take(struct wr_pieces *pieces, struct wr_piece *piece, struct wr_error *error)
{
    struct work *work = pieces->count ? pieces->works[0] : NULL;
    if (!work || !work->has_ended)
        return WR_END;
    if (work->has_thread) {
        pthread_join(work->thread, NULL);
        work->has_thread = false;
        if (work->status)
            wr_fail(error, work->status, "%s", work->error.text);
    } else {
        work->status = flush(work, error);
    }
    pieces->rounding_told |= work->encoder.rounding_told;
    const enum wr_status status = work->status;
    if (!status) {
        *piece = work->piece;
        work->piece = (struct wr_piece){0};
    }
    pieces->count--;
    memmove(pieces->works, pieces->works + 1, (size_t)pieces->count * sizeof(struct work *));
    pieces->works[pieces->count] = NULL;
    close_work(&work);
    return (int)status;
}

void wr_pieces_close(struct wr_pieces **pieces)
{
    struct wr_pieces *old = *pieces;
    if (!old)
        return;
    for (int n = 0; n < old->count; n++)
        close_work(&old->works[n]);
    free(old->works);
    free(old);
    *pieces = NULL;
}
