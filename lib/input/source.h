// SPDX-License-Identifier: MIT
// An opened input: the file, its video stream, and which part of it is read. The reader's modules
// work on it; the writer looks into it.
#pragma once

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "lib/base/error.h"
#include "lib/media/frame.h"

struct wr_descriptor;

// A demuxer or decoder that fails more often than this in a row has nothing more to give.
enum { WR_MOST_ERRORS_IN_A_ROW = 1000 };

struct wr_source {
    // What is asked for, set before wr_source_open. Strings are borrowed.
    const char *name;  // as the user wrote it
    const char *start; // time to begin at, as the user wrote it; NULL for the beginning
    int64_t frames;    // end after this many, -1 for all
    int cancelled;     // a descriptor that becomes readable when reading is to end, -1 for none

    // Set by wr_source_open.
    bool cut;                         // only a part is read: start or frames
    struct wr_descriptor *descriptor; // what file reads through, NULL if libavformat opened it
    AVFormatContext *file;
    AVStream *video;       // the stream that is decoded
    AVRational frame_rate; // 0/1 if not known

    // Set while reading.
    int64_t offset;        // subtracted from the times of every stream, in AV_TIME_BASE
    bool from_beginning;   // decoding begins with the file's first packet, so no frame is missed
    AVFrame *first;        // the first frame that is wanted, as decoded; NULL until it is known
    int64_t damaged;       // packets and frames
    atomic_int complaints; // errors that demuxer and decoder log, counted by lib/media/libav.c
};

// Opens and probes the file, picks its video stream. After a failure too, wr_source_close is due.
enum wr_status wr_source_open(struct wr_source *source, struct wr_error *error);
void wr_source_close(struct wr_source *source);

// Opens the file anew, at its beginning: seeking does not lead back to the first packet in every
// container.
enum wr_status wr_source_reopen(struct wr_source *source, struct wr_error *error);

// Where the file's times begin, in AV_TIME_BASE.
int64_t wr_source_beginning(const struct wr_source *source);

// The offset in ticks of time_base.
int64_t wr_source_offset(const struct wr_source *source, AVRational time_base);

// True once reading is to end.
bool wr_source_is_cancelled(const struct wr_source *source);

// True if the file is shorter than its header says. Only for after the end: it moves the position.
bool wr_source_is_truncated(const struct wr_source *source);

// Expected number of frames, and seconds, of the part that is read; 0 if not known.
int64_t wr_source_frames(const struct wr_source *source);
double wr_source_duration(const struct wr_source *source);
void wr_source_describe(const struct wr_source *source, struct wr_media_report *report);

// Fills in range, matrix, primaries and transfer in FFmpeg's words.
void wr_describe_color(struct wr_media_report *report, enum AVColorRange range,
                       enum AVColorSpace matrix, enum AVColorPrimaries primaries,
                       enum AVColorTransferCharacteristic transfer);

// Subtitles in text, of which any part can be shown. This is not so for subtitles in pictures: one
// may need the picture before it, and only its content may tell when it ends.
static inline bool wr_is_text_subtitle(const AVStream *stream)
{
    const AVCodecDescriptor *codec = avcodec_descriptor_get(stream->codecpar->codec_id);
    return codec && codec->type == AVMEDIA_TYPE_SUBTITLE && codec->props & AV_CODEC_PROP_TEXT_SUB;
}

// A stream of one picture that stands for the file; it is no video.
static inline bool wr_is_cover(const AVStream *stream)
{
    return stream->disposition & AV_DISPOSITION_ATTACHED_PIC;
}

// True for pictures made of letters: libavformat takes any .txt for such ANSI art.
static inline bool wr_is_text_art(const AVStream *stream)
{
    const enum AVCodecID codec = stream->codecpar->codec_id;
    return codec == AV_CODEC_ID_ANSI || codec == AV_CODEC_ID_BINTEXT || codec == AV_CODEC_ID_XBIN ||
           codec == AV_CODEC_ID_IDF;
}
