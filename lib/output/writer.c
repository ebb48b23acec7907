// SPDX-License-Identifier: MIT
// Encodes the filtered frames and sends them to the muxer. Packets of sources are the business of
// writer_packets.h.
#include "lib/output/writer.h"

#include <stdlib.h>

#include "lib/base/queue.h"
#include "lib/output/animation.h"
#include "lib/output/convert/stream_converter.h"
#include "lib/output/video/fields.h"
#include "lib/output/video/h264.h"
#include "lib/output/writer_begin.h"
#include "lib/output/writer_packets.h"

// Gives the packet its times and its stream, and counts the frames that are in it.
static void complete_packet(struct wr_writer *writer)
{
    AVPacket *packet = writer->packet;
    const AVStream *stream = writer->muxer.file->streams[writer->video];
    struct wr_written *written = &writer->written;
    if (writer->plan.encoder_row->one_packet) {
        written->frames += writer->durations.count;
        writer->durations.count = 0;
        wr_animation_set_webp_delay(packet, writer->durations.last, writer->encoder.time_base);
    } else {
        written->frames++;
        packet->duration = wr_durations_take(&writer->durations, packet->pts, packet->duration);
    }
    const double seconds = (double)packet->pts * av_q2d(writer->encoder.time_base);
    if (packet->pts != AV_NOPTS_VALUE && seconds > written->position)
        written->position = seconds;
    av_packet_rescale_ts(packet, writer->encoder.time_base, stream->time_base);
    packet->stream_index = writer->video;
}

int wr_writer_write_encoded(struct wr_writer *writer, struct wr_error *error)
{
    const int status = wr_encoder_receive(&writer->encoder, writer->packet, error);
    if (status)
        return status;
    if (writer->h264 && wr_h264_apply(writer->h264, writer->packet) < 0)
        return wr_fail(error, WR_FAILED, "out of memory");
    complete_packet(writer);
    return wr_muxer_write(&writer->muxer, writer->packet, error);
}

static enum wr_status send_frame(struct wr_writer *writer, AVFrame **frame, struct wr_error *error)
{
    int status = wr_encoder_send(&writer->encoder, &writer->options.log, frame, error);
    if (!status)
        status = wr_durations_add(&writer->durations, *frame, error);
    while (!status)
        status = wr_writer_write_encoded(writer, error);
    if (status != WR_END)
        return status;
    av_frame_free(frame);
    writer->written.begin = writer->durations.begin;
    writer->written.end = writer->durations.end;
    writer->written.last = writer->durations.last;
    return WR_OK;
}

static void tell_captions(struct wr_writer *writer, const AVFrame *frame)
{
    if (!writer->misses_captions || !av_frame_get_side_data(frame, AV_FRAME_DATA_A53_CC))
        return;
    wr_say(&writer->options.log, WR_LOG_LOSS,
           "%s with %s does not keep closed captions, which begin at %.3f s",
           writer->plan.container->name, writer->plan.codec->name,
           (double)frame->pts * av_q2d(writer->encoder.source_time_base));
    writer->misses_captions = false;
}

// Other orders of fields than the first frame's.
static void tell_fields(struct wr_writer *writer, const AVFrame *frame)
{
    const enum wr_fields first = wr_fields_of(writer->plan.stream.like), now = wr_fields_of(frame);
    if (now == first || !(writer->misses_fields & 1u << now))
        return;
    wr_say(&writer->options.log, WR_LOG_LOSS,
           "the order of fields changes from %s to %s at %.3f s, which %s with %s does not keep",
           wr_fields_name(first), wr_fields_name(now),
           (double)frame->pts * av_q2d(writer->encoder.source_time_base),
           writer->plan.container->name, writer->plan.codec->name);
    writer->misses_fields = 0;
}

enum wr_status wr_writer_send(struct wr_writer *writer, struct wr_message *message,
                              struct wr_error *error)
{
    if (writer->waits && !message->frame)
        return wr_writer_hold(writer, message, error);
    const enum wr_status begun =
        writer->waits ? wr_writer_begin(writer, message->frame, error) : WR_OK;
    if (begun)
        return begun;
    if (message->frame) {
        tell_captions(writer, message->frame);
        tell_fields(writer, message->frame);
    }
    const enum wr_status status =
        !message->frame ? wr_writer_send_packet(writer, &message->packet, message->is_end, error)
        : writer->options.chunk
            ? wr_chunks_send(&writer->chunks, &message->frame, message->index, error)
            : send_frame(writer, &message->frame, error);
    AVIOContext *const pb = writer->muxer.file ? writer->muxer.file->pb : NULL;
    writer->is_full =
        writer->options.size_limit && pb && !status && avio_tell(pb) >= writer->options.size_limit;
    return status;
}

// ---- what is known of it, and its end

int64_t wr_writer_frames(const struct wr_writer *writer)
{
    return writer->written.frames;
}

bool wr_writer_is_full(const struct wr_writer *writer)
{
    return writer->is_full;
}

double wr_writer_position(const struct wr_writer *writer)
{
    return writer->written.position;
}

void wr_writer_tell_source(struct wr_writer *writer, int64_t frames, int64_t damaged)
{
    writer->tail = (struct wr_part_tail){frames, damaged};
}

int64_t wr_writer_damaged(const struct wr_writer *writer)
{
    return writer->chunks.joined ? wr_joined_damaged(writer->chunks.joined) : 0;
}

void wr_writer_abandon(const struct wr_writer *writer)
{
    wr_target_remove(&writer->muxer.target);
}

void wr_writer_close(struct wr_writer **writer)
{
    struct wr_writer *old = *writer;
    if (!old)
        return;
    wr_messages_clear(&old->waiting);
    wr_chunks_close(&old->chunks);
    av_bsf_free(&old->h264);
    wr_encoder_close(&old->encoder);
    wr_muxer_close(&old->muxer);
    av_packet_free(&old->packet);
    for (int i = 0; i < old->route_count && old->routes; i++)
        wr_converter_close(&old->routes[i].converter);
    free(old->routes);
    wr_durations_close(&old->durations);
    free(old);
    *writer = NULL;
}
