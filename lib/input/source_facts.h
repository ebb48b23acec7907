// SPDX-License-Identifier: MIT
// What is known of an opened input: how long it is, and what its pictures are.
#pragma once

#include "lib/input/source.h"

// Expected number of frames, and seconds, of the part that is read; 0 if not known.
int64_t wr_source_frames(const struct wr_source *source);
double wr_source_duration(const struct wr_source *source);
void wr_source_describe(const struct wr_source *source, struct wr_media_report *report);

// True if it is files of single pictures, an animation in a format for pictures, or drawn by
// filters.
bool wr_source_is_of_pictures(const struct wr_source *source);

// Fills in range, matrix, primaries and transfer in FFmpeg's words.
void wr_describe_color(struct wr_media_report *report, enum AVColorRange range,
                       enum AVColorSpace matrix, enum AVColorPrimaries primaries,
                       enum AVColorTransferCharacteristic transfer);

// True if reading failed at the end of the file, or the file promised more than it has. Only for
// after its end.
bool wr_source_is_cut_short(const struct wr_source *source);

// Whether so many packets of the video, which were read to the end of the file, are fewer than it
// promises.
bool wr_source_lacks_packets(const struct wr_source *source, int64_t packets);

// Looks at each packet that is read of a stream. Where files were put one behind the other, as
// concat: and cat do, the demuxer marks the last packet before the joint, or one near it, as
// damaged, since the count of packets begins anew. So do the times there, which is how it is known.
void wr_source_follow(struct wr_source *source, struct wr_source_stream *stream,
                      const AVPacket *packet);

// Tells of a stream whose first packet this is, if the file did not tell of it at its beginning,
// and maps do not leave it out: the output is begun without it.
void wr_source_tell_late(struct wr_source *source, const AVPacket *packet);

// Whoever seeks says so: the times of packets before and behind it do not follow each other.
void wr_source_leap(struct wr_source *source);

// In how many places the file is damaged, as far as it is read.
int64_t wr_source_damage(const struct wr_source *source);
