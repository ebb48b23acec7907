// SPDX-License-Identifier: MIT
// FFmpeg's bit stream filters on the way of a stream's packets to the muxer.
#pragma once

#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>

#include "lib/warpreel.h"

// Fails with WR_USAGE where a text of the list is not "SPECIFIER/FILTERS", or there are no such
// filters. asked may be NULL.
enum wr_status wr_packet_filters_check(const char *const *asked, struct wr_error *error);

// Opens the filters for the packets of a stream of the output; *filter is NULL where there are
// none. They are those of the last text in `asked`, "SPECIFIER/FILTERS", whose specifier matches
// the stream, and with headers_in_packets those that put the headers of a video into its packets.
// What they change of the stream's parameters is changed in the stream. Fails with WR_USAGE where
// there are no such filters, or they do not take the stream. The caller frees *filter, also after a
// failure.
enum wr_status wr_packet_filter_open(AVBSFContext **filter, AVFormatContext *file, AVStream *stream,
                                     const char *const *asked, bool headers_in_packets,
                                     struct wr_error *error);

// Gives a packet with times in time_base to the filters, NULL at the end; it is left empty. 0 or
// FFmpeg's error.
int wr_packet_filter_send(AVBSFContext *filter, AVPacket *packet, AVRational time_base);

// Takes a packet from the filters; AVERROR(EAGAIN) or AVERROR_EOF where there is none.
int wr_packet_filter_receive(AVBSFContext *filter, AVPacket *packet, AVRational time_base);
