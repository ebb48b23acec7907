// SPDX-License-Identifier: MIT
// Copies packets and converts sound and text, and counts what is written of a copied video.
#include "lib/output/writer_packets.h"

#include <stdlib.h>

#include "lib/base/queue.h"
#include "lib/output/convert/plain_sound.h"
#include "lib/output/convert/stream_converter.h"
#include "lib/output/copy.h"

// A container that keeps times needs to know when a picture is shown, which follows from when it is
// decoded only where none waits for another.
static enum wr_status check_times(const struct wr_writer *writer, const AVStream *stream,
                                  const AVPacket *packet, struct wr_error *error)
{
    const AVOutputFormat *container = writer->muxer.file->oformat;
    return !writer->plan.codec && stream->index == writer->video && packet->pts == AV_NOPTS_VALUE &&
                   stream->codecpar->video_delay && !(container->flags & AVFMT_NOTIMESTAMPS) &&
                   !writer->plan.container_row->decoding_times
               ? wr_fail(error, WR_FAILED,
                         "the input does not say when its pictures are shown, so they cannot be "
                         "copied into %s: encode them, or for AVI add -fflags +genpts before -i",
                         container->name)
               : WR_OK;
}

// Counts a packet of the video that is copied, or where there is none, of any other stream. Its
// times are in AV_TIME_BASE.
static void count_copied(struct wr_writer *writer, int stream, const AVPacket *packet)
{
    struct wr_written *written = &writer->written;
    const int64_t end = packet->pts + packet->duration;
    if (writer->plan.codec || (writer->video >= 0 && stream != writer->video))
        return;
    written->frames += stream == writer->video;
    if (packet->pts == AV_NOPTS_VALUE)
        return;
    written->begin = FFMIN(written->begin, packet->pts);
    written->end = FFMAX(written->end, end);
    written->position = FFMAX(written->position, (double)packet->pts / AV_TIME_BASE);
}

// Pictures that are not equally far apart, in a container without times, which is read at one rate,
// or in one that was taken to need no finer times. Times in thousandths of a second may differ by
// one each.
static void tell_uneven(struct wr_writer *writer, int stream, int64_t time)
{
    const int64_t most = 2 * AV_TIME_BASE / 1000 + 1;
    const int64_t step = writer->copied == AV_NOPTS_VALUE ? AV_NOPTS_VALUE : time - writer->copied;
    if (stream != writer->video || writer->plan.codec || writer->is_uneven ||
        time == AV_NOPTS_VALUE ||
        !(writer->muxer.file->oformat->flags & AVFMT_NOTIMESTAMPS ||
          wr_copy_counts_frames(writer->muxer.file, writer->source->video)))
        return;
    if (writer->copied_step == AV_NOPTS_VALUE)
        writer->copied_step = step;
    writer->is_uneven = step != AV_NOPTS_VALUE && llabs(step - writer->copied_step) > most;
    if (writer->is_uneven)
        wr_say(&writer->options.log, WR_LOG_LOSS,
               "frames are not equally far apart from %.3f s on, which %s does not keep",
               (double)time / AV_TIME_BASE, writer->plan.container->name);
    writer->copied = time;
}

// Whether a sound of the output has as many packets as are asked for.
static bool has_enough_sound(const struct wr_writer *writer, int stream)
{
    const int64_t most = writer->options.sound_packets;
    return most && writer->muxer.streams[stream].given >= most;
}

// Writes a packet of another stream than an encoded video, with times in time_base.
static enum wr_status write_packet(struct wr_writer *writer, const struct wr_stream_route *route,
                                   AVPacket *packet, AVRational time_base, struct wr_error *error)
{
    const AVStream *stream = writer->muxer.file->streams[route->output];
    AVPacket times = {.pts = packet->pts, .dts = packet->dts, .duration = packet->duration};
    av_packet_rescale_ts(&times, time_base, AV_TIME_BASE_Q);
    count_copied(writer, route->output, &times);
    tell_uneven(writer, route->output, times.dts);
    const enum wr_status checked = check_times(writer, stream, packet, error);
    if (checked)
        return checked;
    const bool is_trimmed = route->is_trimmed && !route->converter && packet->pts != AV_NOPTS_VALUE;
    if (is_trimmed)
        wr_trim_plain_sound(packet, time_base, writer->sound_until, stream->codecpar);
    if (wr_route_leads_up(route, packet) || (is_trimmed && !packet->size)) {
        av_packet_unref(packet);
        return WR_OK;
    }
    const bool is_sound = stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
    if (is_sound && has_enough_sound(writer, route->output)) {
        av_packet_unref(packet);
        return WR_OK;
    }
    if (is_sound && times.pts != AV_NOPTS_VALUE)
        writer->sound_end = FFMAX(writer->sound_end, times.pts + times.duration);
    av_packet_rescale_ts(packet, time_base, stream->time_base);
    wr_route_shift(route, stream->time_base, packet);
    packet->stream_index = route->output;
    packet->pos = -1;
    packet->flags &= ~AV_PKT_FLAG_DISCARD; // newer muxers would leave out what decoders need
    const int64_t time = wr_packet_time(packet);
    const enum wr_status status =
        writer->options.joined && time != AV_NOPTS_VALUE
            ? wr_chunks_write_until(&writer->chunks, time, stream->time_base, error)
            : WR_OK;
    return status ? status : wr_muxer_write(&writer->muxer, packet, error);
}

enum wr_status wr_writer_write_converted(struct wr_writer *writer,
                                         const struct wr_stream_route *route,
                                         struct wr_error *error)
{
    const AVRational time_base = route->converter->encoder->time_base;
    int status = WR_OK;
    while (!status) {
        status = wr_converter_receive(route->converter, writer->packet, error);
        const bool is_past_end = !status && av_compare_ts(writer->packet->pts, time_base,
                                                          writer->sound_until, AV_TIME_BASE_Q) >= 0;
        if (is_past_end)
            av_packet_unref(writer->packet);
        else if (!status)
            status = write_packet(writer, route, writer->packet, time_base, error);
    }
    return status == WR_END ? WR_OK : (enum wr_status)status;
}

// The filters of sound need no more packets once each of their outputs has enough.
static void tell_if_made(const struct wr_writer *writer)
{
    bool is_made = true;
    for (int i = 0; i < writer->route_count; i++)
        if (wr_route_filters(writer->source, &writer->routes[i], i))
            is_made &= writer->routes[i].converter->has_enough;
    if (is_made && writer->options.sound_is_made)
        atomic_store(writer->options.sound_is_made, true);
}

// Gives a packet of a source's stream, NULL at its end, to the inputs of the converter that take
// it.
static enum wr_status convert(struct wr_writer *writer, int index, int stream,
                              const AVPacket *packet, struct wr_error *error)
{
    const struct wr_source *source = writer->source;
    const struct wr_stream_route *route = &writer->routes[index];
    const struct wr_sound_output *made = wr_route_made(source, index);
    const int count = made ? made->count : 1;
    bool takes = false;
    enum wr_status status = WR_OK;
    for (int n = 0; n < count && !status; n++) {
        if ((made ? source->heard[made->first + n] : source->streams[index].takes) != stream)
            continue;
        takes = true;
        status = packet ? wr_converter_send(route->converter, n, packet, error)
                        : wr_converter_end_input(route->converter, n, error);
    }
    if (!takes)
        return WR_OK;
    if (route->converter->has_enough)
        tell_if_made(writer);
    return status ? status : wr_writer_write_converted(writer, route, error);
}

static enum wr_status copy_packet(struct wr_writer *writer, const struct wr_stream_route *route,
                                  const AVPacket *packet, struct wr_error *error)
{
    if (av_packet_ref(writer->packet, packet) < 0)
        return wr_fail(error, WR_FAILED, "out of memory");
    return write_packet(writer, route, writer->packet, route->time_base, error);
}

// Of a stream that is copied, nothing is left to write at the end.
enum wr_status wr_writer_send_packet(struct wr_writer *writer, AVPacket **packet, bool is_end,
                                     struct wr_error *error)
{
    const int stream = (*packet)->stream_index;
    enum wr_status status = WR_OK;
    for (int i = 0; i < writer->route_count && !status; i++) {
        const struct wr_stream_route *route = &writer->routes[i];
        if (route->converter)
            status = convert(writer, i, stream, is_end ? NULL : *packet, error);
        else if (writer->source->streams[i].takes == stream && !is_end && route->output >= 0 &&
                 !route->in_header)
            status = copy_packet(writer, route, *packet, error);
    }
    if (!status)
        av_packet_free(packet);
    return status;
}

enum wr_status wr_writer_release(struct wr_writer *writer, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    struct wr_message message;
    while (!status && wr_messages_get(&writer->waiting, &message)) {
        status = wr_writer_send_packet(writer, &message.packet, message.is_end, error);
        wr_message_drop(&message);
    }
    return status;
}
