// SPDX-License-Identifier: MIT
// An opened input: the file, its video stream, and which part of it is read. The reader's modules
// work on it; the writer looks into it.
#pragma once

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/input/live.h"
#include "lib/input/maps.h"
#include "lib/media/frame.h"
#include "lib/media/sequence.h"

struct wr_descriptor;

// A demuxer or decoder that fails more often than this in a row has nothing more to give.
enum { WR_MOST_ERRORS_IN_A_ROW = 1000 };

struct wr_source;

// A stream that may come into the output.
struct wr_source_stream {
    AVStream *av;
    const struct wr_source *from; // whose file it is of
    bool wanted;                  // its packets: by what the maps say, or by the chain
    bool is_heard;                // by the chain
    bool is_output;               // it comes into the output, if that can hold it
    int sound;                    // it is what the chain makes of sound, with this number; -1: not
    int marked;                   // above 0: one of its last packets was, as damaged
    int64_t last;                 // when the last one is decoded, if is_followed
    int64_t step;                 // the longest time from one to the next
    bool is_followed;             // a packet was read since the file's beginning or the last seek
    int takes; // the stream whose packets it has: itself, or what it has been made of once more
};

struct wr_source {
    // What is asked for, set before wr_source_open. Strings are borrowed.
    const char *name;           // as the user wrote it
    int number;                 // of the input in maps
    const char *format;         // FFmpeg's name of the demuxer or device, NULL to find out
    const char *const *options; // "K=V" for demuxer or decoder, NULL at the end
    const char *framerate;      // of the frames, whatever their times; NULL to keep these
    const char *start;          // time to begin at, as the user wrote it; NULL for the beginning
    const char *to;             // time to end at, "+TIME" from the start; NULL for the end
    const char *duration;       // how much is read at most, NULL for all
    int64_t later;              // how much later all of it is, in microseconds; where frames are
                                // decoded, nothing may be cut off then
    double scale;               // by how much its times are multiplied, 0 for 1
    const char *named_video;    // which stream its pictures are, in FFmpeg's words; NULL to choose
    bool from_zero;             // times count from 0, and not from where the input begins
    int64_t cut_behind;         // what filters give is cut off until then, in AV_TIME_BASE
    int64_t frames;             // end after this many, -1 for all
    struct wr_maps maps;
    enum wr_on_change on_change;
    bool copies; // no frame is decoded: packets of the video, if there is one, are copied as well
    struct wr_live live;              // its timeout and pace are asked for
    const atomic_bool *sound_is_made; // set once the chain needs no more sound; NULL: nobody says
    struct wr_log log;                // for what is told while reading, of the first input
    int cancelled; // a descriptor that becomes readable when reading is to end, -1 for none

    // Set by wr_source_open.
    bool skips;                       // packets are left out that come before the output's start
    bool cut;                         // only a part is read: some of the above is set
    struct wr_descriptor *descriptor; // what file reads through, NULL if libavformat opened it
    AVFormatContext *file;
    AVStream *video;               // the stream that is decoded; NULL only where `copies` is set
    bool lacks_video;              // there is none, or none that is asked for
    int video_count;               // how many there are to choose from
    struct wr_sequence sequence;   // of numbered pictures; zero for anything else
    int told_streams;              // in the file: any later one is told of
    int plays;                     // how often an animation plays, 0 forever, below 0 not known
    AVRational frame_rate;         // 0/1 if not known
    AVRational forced_rate;        // asked for, and counts in place of times; 0/1 for none
    AVDictionary *decoder_options; // options that the demuxer did not take

    // Set by wr_companions_open: the streams of the file, and those of other files that are written
    // beside them. What turns up later in the file is not among them.
    struct wr_source_stream *streams;
    int stream_count;
    int *order;                // of the streams in the output, by their numbers
    int heard[WR_MOST_SOUNDS]; // the streams that the chain takes as its sound number N
    const struct wr_source *tags, *chapters; // whose the output has: its own, or another file's

    // Set by wr_seek_start.
    int64_t end;  // from the first frame on, in AV_TIME_BASE; INT64_MAX for all
    int64_t most; // the duration that is asked for, from the offset on; INT64_MAX for all

    // Set while reading.
    int64_t offset;      // subtracted from the times of every stream, in AV_TIME_BASE
    bool from_beginning; // decoding begins with the file's first packet, so no frame is missed
    int32_t turn[9];     // how the picture is to be turned when it is shown, if has_turn
    bool has_turn;       // known with `first`
    AVFrame *first;      // the first frame that is wanted, as decoded; NULL until it is known
    int64_t changed_at;  // where another size ended the input, in the video's time base after the
                         // offset; AV_NOPTS_VALUE if none did
    int64_t damaged;     // packets and frames
    int64_t joints;      // of these, packets before which nothing is missing: see wr_source_follow
    atomic_int complaints;  // errors that demuxer and decoder log, counted by lib/media/libav.c
    int complaints_probing; // the count when the file was probed
    bool is_interrupted;    // reading was told to end
    int complaints_before;  // the count at that moment: later ones come of it and are no damage
};

// Opens and probes the file, and picks none of its streams. After a failure too, wr_source_close is
// due.
enum wr_status wr_source_open_file(struct wr_source *source, struct wr_error *error);

// The same, and picks the video stream. After a failure too, wr_source_close is due.
enum wr_status wr_source_open(struct wr_source *source, struct wr_error *error);
void wr_source_close(struct wr_source *source);

// How much ffmpeg weighs the file's video against those of other files; -1 where no stream of
// pictures is neither a cover nor made of letters.
int64_t wr_file_video_weight(AVFormatContext *file);

// Opens the file anew, at its beginning: seeking does not lead back to the first packet in every
// container.
enum wr_status wr_source_reopen(struct wr_source *source, struct wr_error *error);

// Where the file's times begin, in AV_TIME_BASE.
int64_t wr_source_beginning(const struct wr_source *source);

// The time base in which the video's frames are handed over.
AVRational wr_source_time_base(const struct wr_source *source);

// The offset in ticks of time_base.
int64_t wr_source_offset(const struct wr_source *source, AVRational time_base);

// True if it comes at a pace of its own.
bool wr_source_is_live(const struct wr_source *source);

// True once reading is to end.
bool wr_source_is_cancelled(const struct wr_source *source);

// How many errors demuxer and decoder logged of what is in the file.
int wr_source_complaints(const struct wr_source *source);

// Whether a result means that memory is short. Where a damaged file only claims a size that nobody
// has, it is not: a little memory can still be had.
bool wr_source_is_out_of_memory(int result);

// True for a stream that may have packets before time 0.
static inline bool wr_begins_within(const struct wr_source_stream *stream)
{
    const struct wr_source *from = stream->from;
    return from->start || from->later < 0;
}

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
