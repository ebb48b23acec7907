// SPDX-License-Identifier: MIT
// The two ends of the pipeline, reader and writer, and the frames and packets that travel between.
#pragma once

#include <libavutil/frame.h>

#include "kernels/format.h"
#include "lib/layout.h"
#include "lib/warpreel.h"

struct AVPacket;
struct wr_reader;
struct wr_writer;

// What travels from the reader towards the writer: a decoded frame of the filtered stream, or a packet
// of a stream that is copied (packet->stream_index: the input's). One of the two is NULL. Whoever holds
// the message owns it.
struct wr_message {
    AVFrame *frame; // planar, native byte order: see wr_frame_format; pts and duration in the time
                    // base of wr_reader_time_base, pts always set and strictly rising
    struct AVPacket *packet;
};

void wr_message_drop(struct wr_message *message);

// ---- reader.c

// Opens the input, finds the video stream, decodes up to its first frame. Only the options input,
// start, frames, threads and log are read. Reading fails with WR_INTERRUPTED, however long the input
// keeps it waiting, once the descriptor `cancelled` becomes readable (-1: never).
enum wr_status wr_reader_open(struct wr_reader **reader, const struct wr_options *options,
                              int cancelled, struct wr_error *error);

// Next message, owned by the caller; WR_END after the last. Damage is counted, not an error; a change
// of picture size or format in mid-stream is an error (WR_FAILED with a sentence).
int wr_reader_next(struct wr_reader *reader, struct wr_message *message, struct wr_error *error);

const struct wr_format *wr_reader_format(const struct wr_reader *reader); // of every frame
AVRational wr_reader_time_base(const struct wr_reader *reader);
int64_t wr_reader_damaged(const struct wr_reader *reader);       // damaged packets and frames so far
int64_t wr_reader_frames_total(const struct wr_reader *reader);  // expected, 0 if not known; constant
double wr_reader_duration(const struct wr_reader *reader);       // seconds, 0 if not known; constant
void wr_reader_describe(const struct wr_reader *reader, struct wr_media_report *report);
void wr_reader_close(struct wr_reader **reader);

// ---- writer.c

// Opens encoder and container for frames of `format` (the chain's output) beside the final name. Says
// through options->log what the container cannot hold and leaves those streams out. Takes all it needs
// to know of the source from the reader, which must outlive this call only. Fills in report->output and
// report->streams; the report must outlive the writer. `interrupted` may be NULL; it is asked during
// blocking writes and ends them by returning non-zero.
enum wr_status wr_writer_open(struct wr_writer **writer, const struct wr_options *options,
                              const struct wr_reader *reader, const struct wr_format *format,
                              struct wr_report *report, int (*interrupted)(void *), void *opaque,
                              struct wr_error *error);

// Consumes the message on success, leaves it untouched on failure.
enum wr_status wr_writer_send(struct wr_writer *writer, struct wr_message *message,
                              struct wr_error *error);

// Writes one more packet of those the encoder holds back; call it until it says WR_END: then the file is
// complete, but has no name yet.
int wr_writer_flush(struct wr_writer *writer, struct wr_error *error);

// Gives the flushed file its name.
enum wr_status wr_writer_finish(struct wr_writer *writer, struct wr_error *error);

int64_t wr_writer_frames(const struct wr_writer *writer);  // frames whose packets were written
double wr_writer_position(const struct wr_writer *writer); // seconds: the latest of them is shown at

// Removes the partial output, from any thread; nothing but the end of the process may follow.
void wr_writer_abandon(const struct wr_writer *writer);

// Removes the partial file unless it was finished. Tolerates NULL.
void wr_writer_close(struct wr_writer **writer);

// ---- frame.c: between libavutil's pixel formats and ours

// What the numbers of frames of format mean, in libavutil's words: unspecified stays unspecified as
// long as no filter has decided.
struct wr_color {
    enum AVColorRange range;
    enum AVColorSpace matrix;
};

struct wr_color wr_format_color(const struct wr_format *format);

// Describes frame's layout and colour; false if warpreel has no such pixel format (float, Bayer,
// palette-less bits below 8, hardware frames).
bool wr_frame_format(const AVFrame *frame, struct wr_format *format);

// The frame's planes in our order, one sample array each: data[p] and linesize[p] serve directly.
// Packed, semi-planar, palette and foreign-endian frames, and those with rows from last to first, are
// unpacked into a frame of the pool, which is for their format; planar ones come back as they are. On success
// *frame is replaced.
struct wr_frame_pool;
enum wr_status wr_frame_unpack(AVFrame **frame, struct wr_frame_pool *pool, struct wr_error *error);

// The reverse: *frame, planes in our order and with frame->format saying which, is replaced by one of
// pix_fmt. Fails, and leaves *frame, where pix_fmt does not hold just these samples.
enum wr_status wr_frame_pack(AVFrame **frame, enum AVPixelFormat pix_fmt, struct wr_error *error);

// A new frame for format, planes in our order in data[]/linesize[] (64-byte aligned), or NULL when out of
// memory. Buffers come from and return to pool. frame->format is wr_format_pix_fmt (or NONE). Planes whose
// bits are not set in `planes` are left out, for wr_frame_share.
enum { WR_ALL_PLANES = (1 << WR_MAX_PLANES) - 1 };
struct wr_frame_pool *wr_frame_pool_open(const struct wr_format *format, unsigned planes);
AVFrame *wr_frame_pool_get(struct wr_frame_pool *pool);
void wr_frame_pool_close(struct wr_frame_pool **pool); // frames still out stay valid

// Makes plane p of `to` what `plane` says of `from`, whose buffers are numbered as its planes and whose samples
// are of `bytes` bytes; both then own the memory, which nobody may write any more. False when out of memory.
struct wr_plane;
bool wr_frame_share(AVFrame *to, int p, AVFrame *from, const struct wr_plane *plane, int bytes);
