// SPDX-License-Identifier: MIT
// The table of containers, and how they are found in it.
#include "lib/output/containers.h"

#include <libavutil/avstring.h>
#include <libavutil/opt.h>
#include <stdio.h>
#include <string.h>

#include "lib/media/options.h"

// MP4, QuickTime and their kin are written by one muxer. Without the time scale the starts of
// streams would be counted in thousandths of a second, which is too coarse.
#define MOV_FAMILY                                                                                 \
    .encoder = "libx264", .rgb_encoder = "libx264rgb", .sound = "aac", .text = "mov_text",         \
    .options = "movie_timescale=90000", .file_options = "movflags=+faststart",                     \
    .stream_options = "movflags=+frag_keyframe+empty_moov+delay_moov",                             \
    .free_tag_options = "movflags=+use_metadata_tags", .start_options = "movflags=+delay_moov",    \
    .any_time = true, .holds_order = true, .rotation = true, .drops_empty = true

#define MP4_TAGS                                                                                   \
    "title,artist,album_artist,composer,album,date,comment,genre,copyright,grouping,lyrics,"       \
    "description,synopsis,show,episode_id,network,keywords,episode_sort,season_number,media_type," \
    "hd_video,gapless_playback,compilation,track,disc,location,creation_time,timecode"
#define MOV_TAGS                                                                                   \
    "title,artist,album,date,comment,genre,copyright,make,model,location,creation_time,timecode"

static const struct wr_container_row rows[] = {
    {.names = "mp4,ipod",
     MOV_FAMILY,
     .tags = MP4_TAGS,
     .covers = true,
     .chapters = WR_CHAPTERS_ANY_TIME},
    {.names = "mov",
     MOV_FAMILY,
     .tags = MOV_TAGS,
     .negative_gray = true,
     .tags_by_shape = true,
     .chapters = WR_CHAPTERS_ANY_TIME},
    {.names = "psp", MOV_FAMILY, .tags = MP4_TAGS, .covers = true},
    {.names = "3gp,3g2,f4v,ismv", MOV_FAMILY},
    {
        .names = "matroska",
        .encoder = "libx264",
        .rgb_encoder = "libx264rgb",
        .holds_order = true,
        .rotation_since = 60,
        .attachments = true,
        .chapters = WR_CHAPTERS_ANY_TIME,
    },
    {.names = "webm",
     .encoder = "libvpx-vp9",
     .holds_order = true,
     .rotation_since = 60,
     .chapters = WR_CHAPTERS_ANY_TIME},
    {.names = "mpegts", .sound = "aac"},
    {.names = "mpeg,vob,dvd,svcd,vcd", .sound = "mp2,ac3"},
    {.names = "avi", .varies = true, .decoding_times = true, .sound = "libmp3lame,ac3"},
    {.names = "flv", .sound = "aac"},
    {.names = "nut", .chapters = WR_CHAPTERS_IN_HEADER},
    {.names = "asf",
     .sound = "wmav2,ac3",
     .any_time = true,
     .decoding_times = true,
     .chapters = WR_CHAPTERS_IN_HEADER},
    {.names = "asf_stream", .sound = "wmav2,ac3", .chapters = WR_CHAPTERS_IN_HEADER},
    {.names = "mxf,mxf_d10,mxf_opatom,dv", .needs_sound = true},
    {.names = "mp3,flac,ogg,oga", .covers = true},
    {.names = "wav,w64,au,caf", .plain_sound = true},
    {.names = "aiff", .plain_sound = true, .covers = true},
    // A playlist would name the last five segments only. Who deletes segments wants that.
    {.names = "hls",
     .inner = "mpegts",
     .any_time = true,
     .options = "hls_list_size=0",
     .options_unless = "hls_flags=delete_segments"},
    {.names = "dash", .inner = "mp4", .any_time = true},
    {.names = "segment,stream_segment,ssegment", .inner = "*", .any_time = true},
    {.names = "image2", .holds_pictures = true, .converts = true},
    {.names = "image2pipe", .converts = true, .says_nothing = true},
    {.names = "rawvideo,data", .says_nothing = true},
    {.names = "gif",
     .converts = true,
     .plays_option = "loop",
     .counts_repeats = true,
     .last_delay_option = "final_delay",
     .ticks_of_delay = 100},
    {.names = "apng",
     .converts = true,
     .plays_option = "plays",
     .last_delay_option = "final_delay"},
    {.names = "webp", .converts = true, .plays_option = "loop"},
    {.names = "avif", .converts = true},
    {.names = "null",
     .takes_anything = true,
     .writes_nothing = true,
     .chapters = WR_CHAPTERS_IN_HEADER},
    {.names = "framehash,framemd5,framecrc,hash,md5,crc,streamhash",
     .takes_anything = true,
     .chapters = WR_CHAPTERS_IN_HEADER},
    {.names = "ffmetadata", .chapters = WR_CHAPTERS_ANY_TIME},
    {.names = "tee", .refused = "one output at a time"},
};

const struct wr_container_row *wr_container_row(const AVOutputFormat *container)
{
    static const struct wr_container_row unknown;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (av_match_name(container->name, rows[i].names))
            return &rows[i];
    return &unknown;
}

// ---- finding by name

static const char *muxer_name(const void *names, int n)
{
    (void)names;
    void *iterator = NULL;
    const AVOutputFormat *muxer;
    while ((muxer = av_muxer_iterate(&iterator)))
        if (!n--)
            return muxer->name;
    return NULL;
}

static int muxer_count(void)
{
    int count = 0;
    while (muxer_name(NULL, count))
        count++;
    return count;
}

static enum wr_status fail_unknown(const char *format, const char *output, struct wr_error *error)
{
    if (!format && !strcmp(output, "-"))
        return wr_fail(error, WR_USAGE,
                       "standard output has no suffix: name the container with --format");
    if (!format)
        return wr_fail(error, WR_USAGE,
                       "cannot tell the container from the name %s: choose one with --format",
                       output);
    const char *nearest = wr_nearest(format, muxer_name, NULL, muxer_count());
    return wr_fail(error, WR_USAGE, "unknown format \"%s\"%s%s%s", format,
                   nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
}

enum wr_status wr_find_container(const AVOutputFormat **container, const char *format,
                                 const char *output, struct wr_error *error)
{
    *container = av_guess_format(format, format ? NULL : output, NULL);
    if (format && !*container) { // "mkv" is what people call matroska
        char file[64];
        snprintf(file, sizeof file, "x.%s", format);
        *container = av_guess_format(NULL, file, NULL);
    }
    if (!*container)
        return fail_unknown(format, output, error);
    const char *refused = wr_container_row(*container)->refused;
    return refused ? wr_fail(error, WR_USAGE, "format %s is not possible: %s", (*container)->name,
                             refused)
                   : WR_OK;
}

bool wr_container_is_of_sound(const char *format, const char *output)
{
    const AVOutputFormat *container;
    if (wr_find_container(&container, format, output, NULL) || !container->audio_codec ||
        wr_container_row(container)->takes_anything || container->flags & AVFMT_NOFILE)
        return false;
    const int answer = avformat_query_codec(container, container->video_codec, 0);
    return !container->video_codec || answer == MKTAG('A', 'P', 'I', 'C');
}

bool wr_container_is_of_text(const char *format, const char *output)
{
    const AVOutputFormat *container;
    return !wr_find_container(&container, format, output, NULL) && container->subtitle_codec &&
           !container->audio_codec && !container->video_codec;
}

bool wr_container_is_of_pictures(const AVOutputFormat *container)
{
    return wr_container_row(container)->holds_pictures ||
           (container->audio_codec == AV_CODEC_ID_NONE &&
            container->subtitle_codec == AV_CODEC_ID_NONE);
}

bool wr_asks_for_pictures(const char *format, const char *output)
{
    const AVOutputFormat *container;
    return !wr_find_container(&container, format, output, NULL) &&
           wr_container_is_of_pictures(container);
}

bool wr_asks_for_nothing(const char *format, const char *output)
{
    const AVOutputFormat *container;
    return !wr_find_container(&container, format, output, NULL) &&
           wr_container_row(container)->writes_nothing;
}

bool wr_asks_for_tags(const char *format, const char *output)
{
    const AVOutputFormat *container;
    return !wr_find_container(&container, format, output, NULL) &&
           container->flags & AVFMT_NOSTREAMS;
}

static enum wr_status try_option(AVFormatContext *file, const char *key, const char *value,
                                 bool may_be_missing, struct wr_error *error)
{
    const int result = av_opt_set(file, key, value, AV_OPT_SEARCH_CHILDREN);
    const bool is_missing = result == AVERROR_OPTION_NOT_FOUND;
    if (result >= 0 || (is_missing && may_be_missing))
        return WR_OK;
    return wr_option_refuse(file, "container", key, value, is_missing, error);
}

enum wr_status wr_container_check_options(const AVOutputFormat *container, const char *const *asked,
                                          struct wr_error *error)
{
    AVFormatContext *file = NULL;
    enum wr_status status = WR_OK;
    if (!asked || avformat_alloc_output_context2(&file, container, NULL, NULL) < 0)
        return WR_OK; // opening the output will tell
    for (; *asked && !status; asked++) {
        char key[64];
        const size_t length = strcspn(*asked, "?=");
        av_strlcpy(key, *asked, FFMIN(length + 1, sizeof key));
        const bool may_be_missing = (*asked)[length] == '?';
        if ((*asked)[length])
            status =
                try_option(file, key, *asked + length + 1 + may_be_missing, may_be_missing, error);
    }
    avformat_free_context(file);
    return status;
}
