// SPDX-License-Identifier: MIT
// An opened input: the file, its video stream and the decoder. Reader and writer both look into it.
#pragma once

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <stdatomic.h>

#include "lib/media/frame.h"
#include "lib/media/message.h"
#include "lib/warpreel.h"

struct wr_source {
    const char *name;       // as the user wrote it
    int cancelled;          // a descriptor that is readable once reading is to end, -1: none
    struct wr_input *input; // what file reads through, if libavformat does not open it itself
    AVFormatContext *file;
    AVStream *video;
    AVCodecContext *decoder;
    AVRational frame_rate; // 0/1 if not known
    int64_t offset;        // what every stream's times are moved back by, in AV_TIME_BASE
    bool cut;              // only a part is read: --start or --frames
    bool whole;            // read from the file's beginning: there is nothing to go back to
    bool begun;            // a packet has been found that decoding can begin with
    int keys;              // key frames still wanted before the limit
    int64_t limit, margin; // how the beginning is searched, in AV_TIME_BASE
    bool preroll;          // subtitles from before the beginning are still to be read
    int64_t resume;        // while they are: the time of the beginning that was found
    AVFrame *first;        // the first frame as decoded; set by the reader
    atomic_int complaints; // of demuxer and decoder, counted by libav.c
};

// Opens, probes, seeks to options->start. On failure source is to be closed nevertheless.
// `cancelled` as for wr_reader_open.
enum wr_status wr_source_open(struct wr_source *source, const struct wr_options *options,
                              int cancelled, struct wr_error *error);
void wr_source_close(struct wr_source *source);

// Opens the file anew, at its beginning: not every container finds back to its first packet by
// seeking.
enum wr_status wr_source_reopen(struct wr_source *source, struct wr_error *error);

// ---- seek.c

// Where the file's times begin, in AV_TIME_BASE.
int64_t wr_source_beginning(const struct wr_source *source);

// Sets the offset, and goes to before `start` (a time in words, NULL for the beginning).
enum wr_status wr_source_seek(struct wr_source *source, const char *start, struct wr_error *error);

// What the next packet of the video is good for after a seek.
enum wr_use { WR_USE, WR_SKIP, WR_GO_BACK };
enum wr_use wr_source_judge(struct wr_source *source, const AVPacket *packet);

// Seeks to before a beginning that was found, for the subtitles that are on screen then; otherwise
// further back, in the end to the file's beginning. Never when source->whole.
enum wr_status wr_source_go_back(struct wr_source *source, struct wr_error *error);

// ---- source.c

// True once reading is to end.
bool wr_source_is_cancelled(const struct wr_source *source);

// True if the file is shorter than it says itself; asked when all has been read.
bool wr_source_is_truncated(const struct wr_source *source);

// Expected number of frames and seconds of what is read, with start and frames; 0 if not known.
int64_t wr_source_frames(const struct wr_source *source, const struct wr_options *options);
double wr_source_duration(const struct wr_source *source, const struct wr_options *options);
void wr_source_describe(const struct wr_source *source, struct wr_media_report *report);

// "tv, bt709/bt709/bt709": range, matrix, primaries and transfer in FFmpeg's words.
void wr_describe_color(char *text, size_t size, enum AVColorRange range, enum AVColorSpace matrix,
                       enum AVColorPrimaries primaries,
                       enum AVColorTransferCharacteristic transfer);

// Subtitles of which a part may be shown. Pictures depend on those before them, or tell inside when
// they end.
static inline bool wr_is_text_subtitle(const AVStream *stream)
{
    const AVCodecDescriptor *codec = avcodec_descriptor_get(stream->codecpar->codec_id);
    return codec && codec->type == AVMEDIA_TYPE_SUBTITLE && codec->props & AV_CODEC_PROP_TEXT_SUB;
}

// A stream that carries one picture for the file, not a video.
static inline bool wr_is_cover(const AVStream *stream)
{
    return stream->disposition & AV_DISPOSITION_ATTACHED_PIC;
}

// Sends one sentence to the caller's log.
void wr_log(const struct wr_options *options, enum wr_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
