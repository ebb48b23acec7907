// SPDX-License-Identifier: MIT
// Compares the length that a container promises with the file.
#pragma once

#include <libavformat/avformat.h>
#include <stdbool.h>

#include "lib/input/descriptor.h"

// True if a header, an index or a mark of the end tells that the file was longer once, or where the
// parts follow each other without an index, the next one is not where it should be. Only for after
// the end of the file: it moves the position. `descriptor` is what the file is read through, or
// NULL.
bool wr_is_cut_short(const AVFormatContext *file, const struct wr_descriptor *descriptor);

// A number of frames that no file has. Whoever writes into a pipe, and cannot put the real number
// into the header later, puts in such a one: 1 << 30 in AVI, UINT32_MAX in IVF.
enum { WR_BEYOND_FRAMES = 1 << 30 };

// How many frames the header says that the stream has; 0 if it does not say.
int64_t wr_frames_in_header(const AVStream *stream);

// How many packets of the stream the index or the header tells of; 0 if none does.
int64_t wr_promised_packets(const AVFormatContext *file, AVStream *stream);

// How many ticks the packets of the stream last by its header, where the file is read from a pipe
// and its index does not come before them; 0 if it does not say.
int64_t wr_promised_ticks(const AVFormatContext *file, const AVStream *stream);

// Reads a packet as av_read_frame does. Some demuxers fail at the end of every file: there it
// returns AVERROR_EOF where wr_is_cut_short can tell whether something is missing. Some do not
// complain of a packet whose end is missing: that is counted where file->opaque counts complaints.
int wr_read_packet(AVFormatContext *file, AVPacket *packet);
