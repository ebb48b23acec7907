// SPDX-License-Identifier: MIT
// Which streams of an input are asked for, in the grammar of FFmpeg's -map.
#pragma once

#include <libavformat/avformat.h>

#include "lib/base/error.h"
#include "lib/chain/sound_part.h"

// Strings are borrowed.
struct wr_maps {
    const char *const *list; // "0:v", "0:a:1?", "-0:s", "[label]", NULL at the end; NULL for all
    bool no_audio, no_subtitles, no_data, no_video;
    bool only_covers;                  // of all video
    bool takes_covers;                 // for the video, where there is no other
    bool no_streams;                   // of any kind: the output holds tags and chapters alone
    const struct wr_sound_part *sound; // what the chain takes of sound, NULL for none
};

// Whether the map is this label in brackets, "[label]"; never for NULL.
bool wr_is_label(const char *map, const char *label);

// Fails with WR_USAGE where a text is no map, or names an input that is not among so many.
enum wr_status wr_maps_check(const struct wr_maps *maps, int inputs, struct wr_error *error);

// Fails with WR_USAGE where a map of the input matches no stream of its file.
enum wr_status wr_maps_check_file(const struct wr_maps *maps, int input, AVFormatContext *file,
                                  const char *name, struct wr_error *error);

// Whether some map adds streams. If none does, streams are chosen as without maps, but for those
// that maps take away.
bool wr_maps_choose(const struct wr_maps *maps);

// Whether some map adds streams of the input, or the chain may take its sound.
bool wr_maps_name_input(const struct wr_maps *maps, int input);

// The index of the video stream that the maps name in the input, WR_NO_STREAM if none of them names
// a video, and WR_ANY_STREAM if they leave the choice.
enum { WR_NO_STREAM = -1, WR_ANY_STREAM = -2 };
int wr_maps_video(const struct wr_maps *maps, int input, AVFormatContext *file);

// Whether the last map that matches a stream of the input takes it away.
bool wr_maps_take_away(const struct wr_maps *maps, int input, AVFormatContext *file,
                       const AVStream *stream);

// The input of the first map that names a video as "1:v" does; WR_ANY_STREAM if there is none.
int wr_maps_video_input(const struct wr_maps *maps);

// Whether map number n adds a stream of the input, and no later map takes it away.
bool wr_maps_adds(const struct wr_maps *maps, int n, int input, AVFormatContext *file,
                  const AVStream *stream);

// The number of the chain's sound that a map names by its label, -1 for none.
int wr_maps_sound(const struct wr_maps *maps, const char *map);

// Whether a stream of the input, other than that video, is asked for.
bool wr_maps_have(const struct wr_maps *maps, int input, AVFormatContext *file,
                  const AVStream *stream);
