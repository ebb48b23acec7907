// SPDX-License-Identifier: MIT
// Codecs, encoder options and filters of a line of ffmpeg's, for all sounds or for single ones.
#pragma once

#include "cli/ffmpeg/ffmpeg_made.h"

// The word that is being read is a codec, for whatever kind of stream.
enum wr_status wr_ffmpeg_read_codec(struct wr_ffmpeg_line *line,
                                    const struct wr_ffmpeg_option *row);

// It is an option of the encoder for sound, which calls it `key`.
enum wr_status wr_ffmpeg_read_audio_option(struct wr_ffmpeg_line *line, const char *key);

enum wr_status wr_ffmpeg_read_audio_filter(struct wr_ffmpeg_line *line);

// It is a channel of an input, which becomes the next channel of the output.
enum wr_status wr_ffmpeg_read_channel(struct wr_ffmpeg_line *line);

// Sets what was put together of codecs and options, once the line is read.
enum wr_status wr_ffmpeg_put_sounds(struct wr_ffmpeg_line *line);
