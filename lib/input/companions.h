// SPDX-License-Identifier: MIT
// Further files of which sound and text are written beside the video of a source. Their packets are
// read in step with its frames.
#pragma once

#include "lib/input/companion_list.h"
#include "lib/input/copies.h"

// A further input as it is asked for; as the fields of struct wr_source. Strings are borrowed.
struct wr_companion_options {
    int number;
    const char *name, *format, *start, *to;
    int64_t later; // how much later its sound and text are, in microseconds
    double scale;  // by how much its times are multiplied, 0 for 1
    bool from_zero;
    const char *const *options;
    int64_t loops;         // how often it is read again from its beginning, -1 without end
    bool ends_as_pictures; // only filters of pictures end it: its sound and text would not end
    bool gives_tags, gives_chapters; // the output has those of this file
};

// How much ffmpeg weighs an input's video against those of others, as far as it can be opened now;
// -1 where it has none. One that can be read only once, such as a pipe, weighs more than any other.
int64_t wr_companion_video_weight(const struct wr_companion_options *options);

// Opens the files of the list that may give a stream, and appends their streams to those of main,
// which is open: main->streams. Main's maps say which streams are wanted. Without maps that choose,
// a file's sound takes the place of main's where ffmpeg would take it, and its text counts where
// main has none; files that can be read only once are then left for others.
//
// Tags come from the file that is to give them, or if that is a picture, from the first file that
// is not. If main has no chapters they come from the first file that has some, unless one file is
// to give them. wr_companions_close is due after a failure, too.
enum wr_status wr_companions_open(struct wr_companions *companions, struct wr_source *main,
                                  const struct wr_companion_options *list, int count,
                                  struct wr_error *error);
void wr_companions_close(struct wr_companions *companions);

// Gives copies what begins before `until`, in AV_TIME_BASE from the output's start. With tell_ends,
// `ready` is told where streams end.
enum wr_status wr_companions_read(struct wr_companions *companions, int64_t until, bool tell_ends,
                                  struct wr_copies *copies, struct wr_messages *ready,
                                  struct wr_error *error);

// Reads the next packet of a stream that is wanted into companion->packet, unless there is one or
// the file has ended: see has_packet and ended. One that is repeated without end has, once the
// chain needs no more sound. The packet has its stream's number among those of all files, and its
// time behind the laps before.
enum wr_status wr_companion_read(struct wr_companion *companion, const struct wr_source *main,
                                 struct wr_error *error);

// Whether all has been read.
bool wr_companions_ended(const struct wr_companions *companions);

// The name of the first that has stalled; NULL if none has.
const char *wr_companions_stalled(const struct wr_companions *companions);

// In how many places they are damaged, as far as they are read.
int64_t wr_companions_damage(const struct wr_companions *companions);

// The name of the first that is damaged; NULL if none is.
const char *wr_companions_damaged_input(const struct wr_companions *companions);
