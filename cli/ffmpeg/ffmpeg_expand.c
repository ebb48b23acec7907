// SPDX-License-Identifier: MIT
// Reads scripts of filters, switches, and what the kinds of discs that -target names are made of.
#include "cli/ffmpeg/ffmpeg_expand.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Sets one of our options to the content of the file that the word names.
static enum wr_status read_script(struct wr_ffmpeg_line *line, const struct wr_ffmpeg_word *word,
                                  const char *own)
{
    const char *const path = word->value;
    FILE *const file = fopen(path, "r");
    char *text = NULL;
    size_t size = 0;
    errno = file ? 0 : errno;
    const ssize_t length = file ? getdelim(&text, &size, '\0', file) : -1;
    const int problem = errno;
    if (file)
        fclose(file);
    const char *const kept = length > 0 ? wr_settings_keep(line->settings, text) : NULL;
    if (length <= 0)
        free(text);
    if (problem)
        return wr_fail(line->error, WR_USAGE, "%s: cannot read %s: %s", word->text, path,
                       strerror(problem));
    return kept ? wr_ffmpeg_set(line, own, kept)
                : wr_fail(line->error, WR_USAGE, "%s: %s is empty", word->text, path);
}

// The standards of -target: 25, 30000/1001 and 24000/1001 frames a second.
enum norm { PAL, NTSC, FILM, NORMS };
static const char *const norms[NORMS] = {"pal-", "ntsc-", "film-"};
static const char *const norm_options[NORMS] = {"-r 25 -g 15", "-r 30000/1001 -g 18",
                                                "-r 24000/1001 -g 18"};

static const struct {
    const char *name, *options, *pal, *ntsc;
} targets[] = {
    {"vcd",
     "-f vcd -c:v mpeg1video -c:a mp2 -b:v 1150000 -maxrate:v 1150000 -minrate:v 1150000 "
     "-bufsize:v 327680 -b:a 224000 -ar 44100 -ac 2 -packetsize 2324 -muxrate 1411200 "
     "-preload 440000",
     "-s 352x288", "-s 352x240"},
    {"svcd",
     "-f svcd -c:v mpeg2video -c:a mp2 -pix_fmt yuv420p -b:v 2040000 -maxrate:v 2516000 "
     "-minrate:v 0 -bufsize:v 1835008 -scan_offset 1 -b:a 224000 -ar 44100 -packetsize 2324",
     "-s 480x576", "-s 480x480"},
    {"dvd",
     "-f dvd -c:v mpeg2video -c:a ac3 -pix_fmt yuv420p -b:v 6000000 -maxrate:v 9000000 "
     "-minrate:v 0 -bufsize:v 1835008 -packetsize 2048 -muxrate 10080000 -b:a 448000 -ar 48000",
     "-s 720x576", "-s 720x480"},
    {"dv", "-f dv -ar 48000 -ac 2", "-s 720x576 -pix_fmt yuv420p", "-s 720x480 -pix_fmt yuv411p"},
    {"dv50", "-f dv -pix_fmt yuv422p -ar 48000 -ac 2", "-s 720x576", "-s 720x480"},
};

// Reads "-name value -name value".
static enum wr_status read_options(struct wr_ffmpeg_line *line, const char *options)
{
    char *const text = strdup(options);
    enum wr_status status = WR_OK;
    char *rest = NULL;
    char *name = text ? strtok_r(text, " ", &rest) : NULL;
    for (; name && !status; name = strtok_r(NULL, " ", &rest)) {
        const char *const value = wr_ffmpeg_make(line, "%s", strtok_r(NULL, " ", &rest));
        struct wr_ffmpeg_word word = {.text = wr_ffmpeg_make(line, "%s", name), .value = value};
        if (!word.text || !value)
            break;
        wr_ffmpeg_split_name(&word);
        status = wr_ffmpeg_read_option(line, &word);
    }
    free(text);
    return status || !name ? status : wr_fail(line->error, WR_FAILED, "out of memory");
}

static enum wr_status read_target(struct wr_ffmpeg_line *line, const struct wr_ffmpeg_word *word)
{
    const char *kind = word->value;
    int norm = 0;
    while (norm < NORMS && strncmp(kind, norms[norm], strlen(norms[norm])))
        norm++;
    kind += norm < NORMS ? strlen(norms[norm]) : 0;
    size_t n = 0;
    while (n < sizeof targets / sizeof *targets && strcmp(kind, targets[n].name))
        n++;
    if (norm == NORMS || n == sizeof targets / sizeof *targets)
        return wr_fail(
            line->error, WR_USAGE,
            "%s %s is not possible: it takes pal-, ntsc- or film- with vcd, svcd, dvd, dv "
            "or dv50 behind it, as in pal-dvd",
            word->text, word->value);
    enum wr_status status = read_options(line, norm_options[norm]);
    if (!status)
        status = read_options(line, norm == PAL ? targets[n].pal : targets[n].ntsc);
    if (!status)
        status = read_options(line, targets[n].options);
    return status;
}

// 1 is what is done anyway.
static enum wr_status read_switch(struct wr_ffmpeg_line *line, const struct wr_ffmpeg_word *word)
{
    if (!strcmp(word->value, "1"))
        return WR_OK;
    if (strcmp(word->value, "0") != 0)
        return wr_fail(line->error, WR_USAGE, "%s takes 0 or 1, not \"%s\"", word->text,
                       word->value);
    struct wr_ffmpeg_word off = {.text = wr_ffmpeg_make(line, "-no%s", word->text + 1)};
    if (!off.text)
        return wr_fail(line->error, WR_FAILED, "out of memory");
    wr_ffmpeg_split_name(&off);
    return wr_ffmpeg_read_option(line, &off);
}

enum wr_status wr_ffmpeg_expand(struct wr_ffmpeg_line *line, const struct wr_ffmpeg_word *word)
{
    const struct wr_ffmpeg_option *const row = wr_ffmpeg_find_row(word, line->place);
    switch (row ? row->special : WR_FFMPEG_PLAIN) {
    case WR_FFMPEG_SWITCH:
        return read_switch(line, word);
    case WR_FFMPEG_TARGET:
        return read_target(line, word);
    case WR_FFMPEG_GRAPH_SCRIPT:
        line->has_graph = true;
        return read_script(line, word, row->own);
    case WR_FFMPEG_SCRIPT:
        return read_script(line, word, row->own);
    default:
        return wr_ffmpeg_read_option(line, word);
    }
}
