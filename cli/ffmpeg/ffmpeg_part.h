// SPDX-License-Identifier: MIT
// A line of ffmpeg's with one output, made of one that may have several.
#pragma once

struct wr_ffmpeg_part {
    int argc;
    char **argv; // NULL at the end; the words are those of the whole line, or `made`
    char **made; // owned
    int made_count;
    int output; // the number of the word that names the output; 0 for none
};
