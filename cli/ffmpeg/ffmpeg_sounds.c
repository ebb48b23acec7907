// SPDX-License-Identifier: MIT
// Puts together what is asked for sounds: what stands for all of them, and for one.
#include "cli/ffmpeg/ffmpeg_sounds.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The number of the sound that the word's specifier names, as "a:1" does; -1 for all of them.
static int number_of_sound(const struct wr_ffmpeg_line *line)
{
    const char *const specifier = line->word->specifier;
    const bool is_one = !strncmp(specifier, "a:", 2) && isdigit((unsigned char)specifier[2]) &&
                        atoi(specifier + 2) < WR_FFMPEG_SOUNDS;
    return is_one ? atoi(specifier + 2) : -1;
}

static struct wr_ffmpeg_sound *sound_of(struct wr_ffmpeg_line *line)
{
    const int number = number_of_sound(line);
    return number < 0 ? &line->all_sounds : &line->sounds[number];
}

enum wr_status wr_ffmpeg_read_audio_filter(struct wr_ffmpeg_line *line)
{
    const int number = number_of_sound(line);
    const char *const chain = line->word->value;
    return number < 0 ? wr_ffmpeg_set(line, "audio-filter", chain)
                      : wr_ffmpeg_set(line, "stream-audio-filter",
                                      wr_ffmpeg_make(line, "%d/%s", number, chain));
}

// "0.1.0" is the first channel of the file's stream number 1, "-1" is silence.
enum wr_status wr_ffmpeg_read_channel(struct wr_ffmpeg_line *line)
{
    int file, stream, channel, length = 0;
    const char *const value = line->word->value;
    const char *const before = line->channels ? line->channels : "";
    const int count = line->channel_count++;
    if (!strcmp(value, "-1"))
        line->channels = wr_ffmpeg_make(line, "%s|c%d=0*c0", before, count);
    else if (sscanf(value, "%d.%d.%d%n", &file, &stream, &channel, &length) == 3 && channel >= 0 &&
             (!value[length] || !strcmp(value + length, "?")))
        line->channels = wr_ffmpeg_make(line, "%s|c%d=c%d", before, count, channel);
    else
        return wr_fail(line->error, WR_USAGE,
                       "%s %s is not possible: it takes the numbers of an input, a stream and a "
                       "channel, as 0.1.0, or -1 for silence",
                       line->word->text, value);
    return line->channels ? WR_OK : WR_FAILED;
}

enum wr_status wr_ffmpeg_read_codec(struct wr_ffmpeg_line *line, const struct wr_ffmpeg_option *row)
{
    const char *const value = line->word->value;
    const char stream = row->key ? *row->key : *line->word->specifier;
    if (!strncmp(line->word->specifier, "v:", 2) && atoi(line->word->specifier + 2) > 0)
        return wr_ffmpeg_remark(
            line, wr_ffmpeg_make(line, "%s changes nothing: pictures beside the video are copied",
                                 line->word->text));
    if (stream == 'a' || !stream)
        sound_of(line)->codec = value;
    if (stream == 'v' || (!stream && !line->settings->job.codec))
        return wr_ffmpeg_set(line, "codec", value);
    if (stream == 's' && !strncmp(line->word->specifier, "s:", 2))
        return wr_ffmpeg_set(line, "stream-subtitles",
                             wr_ffmpeg_make(line, "%d/%s", atoi(line->word->specifier + 2), value));
    return stream == 's' ? wr_ffmpeg_set(line, "subtitles", value) : WR_OK;
}

enum wr_status wr_ffmpeg_read_audio_option(struct wr_ffmpeg_line *line, const char *key)
{
    struct wr_ffmpeg_sound *const sound = sound_of(line);
    const char *const before = sound->options;
    sound->options = wr_ffmpeg_make(line, "%s%s%s=%s", before ? before : "", before ? ":" : "", key,
                                    line->word->value);
    return sound->options ? WR_OK : WR_FAILED;
}

// ---- once the line is read

// "copy?" or "CODEC:OPTIONS" for one sound. Options for all sounds come first, then those for this
// one. A sound that is copied has no use for options: it is told of those that are its own.
static const char *write_sound(struct wr_ffmpeg_line *line, const struct wr_ffmpeg_sound *one)
{
    const struct wr_ffmpeg_sound *const all = &line->all_sounds;
    const char *const codec = one->codec ? one->codec : all->codec ? all->codec : "";
    const char *const first = all->options && one != all ? all->options : NULL;
    const char *const second = one->options;
    if (strcmp(codec, "copy") != 0)
        return wr_ffmpeg_make(line, "%s%s%s%s%s", codec, first ? ":" : "", first ? first : "",
                              second ? ":" : "", second ? second : "");
    if (second &&
        wr_ffmpeg_remark(line,
                         wr_ffmpeg_make(line, "%s changes nothing, since sound is copied", second)))
        return NULL;
    return "copy?";
}

static bool is_asked(const struct wr_ffmpeg_sound *sound)
{
    return sound->codec || sound->options;
}

// Whether the output is a hash of its content. Such outputs take decoded sound.
static bool is_hash(const struct wr_ffmpeg_line *line)
{
    static const char *const names[] = {"md5",      "hash", "framemd5",  "framehash",
                                        "framecrc", "crc",  "streamhash"};
    const char *const format = line->settings->job.format;
    bool found = false;
    for (size_t n = 0; format && n < sizeof(names) / sizeof(*names); n++)
        found |= !strcmp(format, names[n]);
    return found;
}

// Adds what -map_channel asks for as a filter `pan` behind the others, which is ffmpeg's order.
static enum wr_status put_channels(struct wr_ffmpeg_line *line)
{
    const char *const chain = line->settings->job.audio_filter;
    if (!line->channels)
        return WR_OK;
    const enum wr_status status = wr_ffmpeg_set(
        line, "audio-filter",
        wr_ffmpeg_make(line, "%s%s%span=%dc%s", chain ? chain : "", chain ? wr_open_end(chain) : "",
                       chain ? "," : "", line->channel_count, line->channels));
    return status ? status
                  : wr_ffmpeg_remark(line, "-map_channel takes channels of every sound alike");
}

enum wr_status wr_ffmpeg_put_sounds(struct wr_ffmpeg_line *line)
{
    enum wr_status status = put_channels(line);
    if (is_hash(line) && !line->all_sounds.codec)
        line->all_sounds.codec = "pcm_s16le";
    if (status || line->settings->job.no_audio)
        return status;
    if (is_asked(&line->all_sounds))
        status = wr_ffmpeg_set(line, "audio", write_sound(line, &line->all_sounds));
    for (int n = 0; n < WR_FFMPEG_SOUNDS && !status; n++) {
        if (!is_asked(&line->sounds[n]))
            continue;
        const char *const text = write_sound(line, &line->sounds[n]);
        status = text ? wr_ffmpeg_set(line, "stream-audio", wr_ffmpeg_make(line, "%d/%s", n, text))
                      : WR_FAILED;
    }
    return status;
}
