// SPDX-License-Identifier: MIT
// Brings pieces to the muxer or into the file of a part. Both go by the pieces alone, so the output
// is the same wherever they were made.
#include "lib/output/chunks/chunks.h"

#include <libavutil/avstring.h>

#include "lib/base/queue.h"
#include "lib/output/chunks/part_words.h"
#include "lib/output/video/h264.h"

char *wr_part_name(const struct wr_writer_options *options)
{
    return av_asprintf("%s.part%dof%d", options->output, options->part, options->parts);
}

// ---- writing a piece

static void account(struct wr_chunks *chunks, const struct wr_piece *piece)
{
    struct wr_written *written = chunks->terms.written;
    const AVRational tick = chunks->terms.encoder->time_base;
    written->begin = FFMIN(written->begin, piece->begin);
    written->end = FFMAX(written->end, piece->end);
    written->last = piece->last;
    written->frames += piece->frames;
    written->position = (double)(piece->end - piece->last) * av_q2d(tick);
}

static enum wr_status write_packet(struct wr_chunks *chunks, struct wr_error *error)
{
    struct wr_muxer *muxer = chunks->terms.muxer;
    AVPacket *packet = chunks->piece.packets[chunks->next++];
    if (chunks->h264 && wr_h264_apply(chunks->h264, packet) < 0)
        return wr_fail(error, WR_FAILED, "out of memory");
    av_packet_rescale_ts(packet, chunks->terms.encoder->time_base,
                         muxer->file->streams[chunks->video]->time_base);
    packet->stream_index = chunks->video;
    return wr_muxer_write(muxer, packet, error);
}

static bool has_packet(const struct wr_chunks *chunks)
{
    return chunks->next < chunks->piece.count;
}

// Gets the next piece ready to be written.
static int next_piece(struct wr_chunks *chunks, struct wr_error *error)
{
    wr_piece_close(&chunks->piece);
    chunks->next = 0;
    int status = chunks->joined ? wr_joined_next(chunks->joined, &chunks->piece, error)
                                : wr_pieces_take(chunks->pieces, &chunks->piece, error);
    if (!status && !chunks->part)
        status = (int)wr_joint_add(&chunks->joint, &chunks->piece, error);
    if (!status)
        account(chunks, &chunks->piece);
    return status;
}

static enum wr_status fail_part(const struct wr_chunks *chunks, struct wr_error *error)
{
    const int result = chunks->part->error;
    return result < 0 ? wr_fail(error, WR_FAILED, "cannot write %s: %s", chunks->part_name,
                                av_err2str(result))
                      : wr_fail(error, WR_FAILED, "out of memory");
}

// Writes the next piece as a whole; WR_END if there is none.
static int pass_piece(struct wr_chunks *chunks, struct wr_error *error)
{
    int status = next_piece(chunks, error);
    if (!status && chunks->part) {
        const bool whole = wr_part_write_piece(chunks->part, &chunks->piece);
        return whole && chunks->part->error >= 0 ? WR_OK : (int)fail_part(chunks, error);
    }
    while (!status && has_packet(chunks))
        status = (int)write_packet(chunks, error);
    return status;
}

// ---- the interface

enum wr_status wr_chunks_open(struct wr_chunks *chunks, const struct wr_chunks_terms *terms,
                              const struct wr_source *source, const char *chain,
                              struct wr_error *error)
{
    const struct wr_writer_options *options = terms->options;
    const struct wr_encoder *encoder = terms->encoder;
    *chunks = (struct wr_chunks){.terms = *terms};
    if (encoder->plan->encoder_row->one_packet)
        return wr_fail(error, WR_FAILED,
                       "encoder %s makes one packet of all frames, so the video "
                       "cannot be written in pieces",
                       encoder->context->codec->name);
    wr_joint_begin(&chunks->joint, encoder->context->has_b_frames, options->chunk);
    enum wr_status status = WR_OK;
    if (options->part || options->joined)
        status = wr_part_words_make(&chunks->head, encoder, options, source, chain, error);
    if (!status && options->joined)
        return wr_joined_open(&chunks->joined, options->joined, &chunks->head, error);
    const struct wr_pieces_terms with = {encoder, options, terms->interrupted, terms->opaque};
    return status ? status : wr_pieces_open(&chunks->pieces, &with, error);
}

// The muxer leaves out random numbers, so that the same pieces make the same file. It puts packets
// of all streams into one order by their times, as long as none is further behind than it waits;
// the video is behind by the pieces at work.
void wr_chunks_attach(struct wr_chunks *chunks, int video, AVBSFContext *h264)
{
    const struct wr_writer_options *options = chunks->terms.options;
    AVFormatContext *file = chunks->terms.muxer->file;
    const double rate = av_q2d(chunks->terms.encoder->context->framerate);
    const int pieces = 2 + FFMAX(options->pieces_at_once, 1);
    const double seconds = (double)options->chunk * pieces / FFMAX(rate, 1e-3);
    chunks->video = video;
    chunks->h264 = h264;
    file->flags |= AVFMT_FLAG_BITEXACT;
    file->max_interleave_delta += (int64_t)(FFMIN(2 * seconds, 1e9) * AV_TIME_BASE);
}

enum wr_status wr_chunks_begin_part(struct wr_chunks *chunks, struct wr_error *error)
{
    struct wr_target *target = &chunks->terms.muxer->target;
    const enum wr_status status = wr_target_begin(target, error);
    if (status)
        return status;
    const int result = avio_open(&chunks->part, target->url, AVIO_FLAG_WRITE);
    if (result < 0)
        return wr_fail(error, WR_FAILED, "cannot write %s: %s", target->name, av_err2str(result));
    return wr_part_write_head(chunks->part, &chunks->head) ? WR_OK : fail_part(chunks, error);
}

enum wr_status wr_chunks_send(struct wr_chunks *chunks, AVFrame **frame, int64_t index,
                              struct wr_error *error)
{
    const int64_t number = (chunks->part ? index : chunks->sent) / chunks->terms.options->chunk;
    if (wr_pieces_turn(chunks->pieces, number)) {
        const int status = pass_piece(chunks, error);
        if (status)
            return (enum wr_status)status;
    }
    const enum wr_status status = wr_pieces_send(chunks->pieces, number, frame, error);
    chunks->sent += !status;
    return status;
}

enum wr_status wr_chunks_write_until(struct wr_chunks *chunks, int64_t time, AVRational time_base,
                                     struct wr_error *error)
{
    const AVRational tick = chunks->terms.encoder->time_base;
    int status = WR_OK;
    while (!status) {
        while (!status && has_packet(chunks)) {
            const AVPacket *packet = chunks->piece.packets[chunks->next];
            if (av_compare_ts(packet->dts, tick, time, time_base) > 0)
                return WR_OK;
            status = (int)write_packet(chunks, error);
        }
        if (!status)
            status = next_piece(chunks, error);
    }
    return status == WR_END ? WR_OK : (enum wr_status)status;
}

int wr_chunks_flush(struct wr_chunks *chunks, struct wr_error *error)
{
    int status = WR_OK;
    while (!status && chunks->joined && has_packet(chunks))
        status = (int)write_packet(chunks, error);
    if (chunks->pieces)
        wr_pieces_end(chunks->pieces);
    return status ? status : pass_piece(chunks, error);
}

enum wr_status wr_chunks_end_part(struct wr_chunks *chunks, const struct wr_part_tail *tail,
                                  struct wr_error *error)
{
    if (!wr_part_write_tail(chunks->part, tail))
        return fail_part(chunks, error);
    avio_flush(chunks->part);
    if (chunks->part->error < 0)
        return fail_part(chunks, error);
    const int result = avio_closep(&chunks->part);
    return result < 0 ? wr_fail(error, WR_FAILED, "cannot write %s: %s", chunks->part_name,
                                av_err2str(result))
                      : WR_OK;
}

void wr_chunks_close(struct wr_chunks *chunks)
{
    wr_pieces_close(&chunks->pieces);
    wr_joined_close(&chunks->joined);
    wr_piece_close(&chunks->piece);
    wr_part_head_close(&chunks->head);
    avio_closep(&chunks->part);
    av_freep(&chunks->part_name);
}
