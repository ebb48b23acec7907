// SPDX-License-Identifier: MIT
// Finds the packet that decoding begins with when reading starts within the file.
#pragma once

#include "lib/input/source.h"

// Times are those of the file, in AV_TIME_BASE.
struct wr_seek {
    struct wr_source *source; // borrowed
    bool found;               // decoding has begun, and takes every packet from now on
    int64_t limit;            // a key frame shown no later than this is looked for
    int64_t margin;           // how far before the limit the next seek goes
    int keys;                 // key frames still to be found, each earlier than the one before
    bool preroll;             // once it is found: read from further back, for the sake of subtitles
    int64_t resume; // while they are read: when the key frame is shown; else AV_NOPTS_VALUE
};

// Reads source->start, or 0, and sets where reading ends. A start of "-10" counts from the end of
// the file. Fails with WR_USAGE where what is asked for is no time, or nothing lies between.
enum wr_status wr_read_times(struct wr_source *source, int64_t *start, struct wr_error *error);

// Moves a file whose packets are copied to the key frame before its time `start`, where ffmpeg
// would begin. If that is not possible, reading goes on from where the file is.
void wr_seek_packets(const struct wr_source *source, int64_t start);

// Sets the source's offset and moves the file to before source->start. WR_USAGE if that is no time.
enum wr_status wr_seek_start(struct wr_seek *seek, struct wr_source *source,
                             struct wr_error *error);

// What the next packet of the video is good for. WR_SEEK_BACK: wr_seek_back is due.
enum wr_packet_use { WR_DECODE, WR_SKIP, WR_SEEK_BACK };
enum wr_packet_use wr_seek_judge(struct wr_seek *seek, const AVPacket *packet);

// Moves the file further back, in the end to its beginning. Then source->from_beginning is true,
// and this must not be called again. The caller forgets what it has read so far.
enum wr_status wr_seek_back(struct wr_seek *seek, struct wr_error *error);
