// SPDX-License-Identifier: MIT
// The options of lines that are written for ffmpeg, as completion spells them.
#pragma once

// Calls put_row() for each spelling of each option that may stand behind -i: "-c", "-c:v", "-c:a".
// argument: what it takes, in the words of the help; NULL for nothing. help: the help of the option
// of ours that it becomes, "" where there is none.
void each_ffmpeg_spelling(void (*put_row)(void *opaque, const char *spelling, const char *argument,
                                          const char *help),
                          void *opaque);
