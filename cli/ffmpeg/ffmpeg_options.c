// SPDX-License-Identifier: MIT
// The table of ffmpeg's options. Options that FFmpeg's encoders, containers and demuxers have by
// themselves (-crf, -preset, -movflags, -loop) have no rows: the libraries know them.
#include "cli/ffmpeg/ffmpeg_options.h"

#include <string.h>

#include "lib/warpreel.h"

enum { EITHER = WR_BEFORE | WR_BEHIND };

#define ON_THE_GPU                                                                                 \
    "is not needed: filters run on the GPU where there is one, files are decoded on the CPU"
#define CHOSEN_BY_CONTENT "is not needed: the decoder is chosen by the file"

// clang-format off
static const struct wr_ffmpeg_option rows[] = {
    // Anywhere.
    {"y", WR_GLOBAL, true, .own = "overwrite"},
    {"n", WR_GLOBAL, true, .unneeded = ""},
    {"hide_banner", WR_GLOBAL, true, .unneeded = ""},
    {"nostdin", WR_GLOBAL, true, .unneeded = ""},
    {"stdin", WR_GLOBAL, true, .unneeded = ""},
    {"stats", WR_GLOBAL, true, .unneeded = ""},
    {"nostats", WR_GLOBAL, true, .own = "progress", .key = "none"},
    {"stats_period", WR_GLOBAL, .unneeded = ""},
    {"loglevel", WR_GLOBAL, .own = "quiet", .special = WR_FFMPEG_LOG_LEVEL},
    {"v", WR_GLOBAL, .own = "quiet", .special = WR_FFMPEG_LOG_LEVEL},
    {"progress", WR_GLOBAL, .own = "progress-to"},
    {"report", WR_GLOBAL, true, .refused = "is not possible: --report FILE writes what was done"},
    {"benchmark", WR_GLOBAL, true, .unneeded = "is not needed: the last line tells the time"},
    {"threads", WR_GLOBAL, .own = "threads", .streams = "-va"},
    {"filter_threads", WR_GLOBAL, .unneeded = "changes nothing: -threads is for filters as well"},
    {"filter_complex_threads", WR_GLOBAL, .unneeded = "changes nothing: -threads is for filters as well"},
    {"thread_queue_size", WR_GLOBAL, .unneeded = ""},
    {"max_muxing_queue_size", WR_GLOBAL, .unneeded = "", .streams = "-vas"},
    {"ignore_unknown", WR_GLOBAL, true, .unneeded = ""},
    {"copy_unknown", WR_GLOBAL, true, .unneeded = ""},
    {"strict", WR_GLOBAL, .unneeded = "", .streams = "-va"},
    {"init_hw_device", WR_GLOBAL, .unneeded = ON_THE_GPU},
    {"filter_hw_device", WR_GLOBAL, .unneeded = ON_THE_GPU},
    {"vaapi_device", WR_GLOBAL, .unneeded = ON_THE_GPU},
    {"qsv_device", WR_GLOBAL, .unneeded = ON_THE_GPU},
    {"sws_flags", WR_GLOBAL, .special = WR_FFMPEG_SCALER_FLAGS},
    {"vsync", WR_GLOBAL, .own = "fps-mode", .special = WR_FFMPEG_SYNC},
    {"fps_mode", WR_GLOBAL, .own = "fps-mode", .special = WR_FFMPEG_SYNC},
    {"filter_complex", WR_GLOBAL, .own = "filter", .special = WR_FFMPEG_GRAPH},
    {"lavfi", WR_GLOBAL, .own = "filter", .special = WR_FFMPEG_GRAPH},
    {"filter_complex_script", WR_GLOBAL, .own = "filter", .special = WR_FFMPEG_GRAPH_SCRIPT},
    {"copyts", WR_GLOBAL, true, .special = WR_FFMPEG_COPY_TIMES},
    {"start_at_zero", WR_GLOBAL, true, .unneeded = ""},
    {"bitexact", WR_GLOBAL, true, .special = WR_FFMPEG_BITEXACT},
    {"async", WR_GLOBAL, .unneeded = "changes nothing: sound stays in step with the pictures"},

    {"auto_conversion_filters", WR_GLOBAL, true, .unneeded = ""},
    {"noauto_conversion_filters", WR_GLOBAL, true, .unneeded = ""},
    {"benchmark_all", WR_GLOBAL, true, .unneeded = "is not needed: the last line tells the time"},
    {"copytb", WR_GLOBAL, .unneeded = "changes nothing: times are kept as they are"},
    {"cpuflags", WR_GLOBAL, .unneeded = "changes nothing: all processors give the same bits"},
    {"cpucount", WR_GLOBAL, .unneeded = ""},
    {"debug_ts", WR_GLOBAL, true, .unneeded = ""},
    {"dts_delta_threshold", WR_GLOBAL, .unneeded = ""},
    {"dts_error_threshold", WR_GLOBAL, .unneeded = ""},
    {"dump", WR_GLOBAL, true, .unneeded = ""},
    {"hex", WR_GLOBAL, true, .unneeded = ""},
    {"frame_drop_threshold", WR_GLOBAL, .unneeded = ""},
    {"max_alloc", WR_GLOBAL, .unneeded = "changes nothing: --memory-limit does"},
    {"max_error_rate", WR_GLOBAL, .unneeded = "changes nothing: any damage ends with exit code 4"},
    {"xerror", WR_GLOBAL, true, .unneeded = "changes nothing: any damage ends with exit code 4"},
    {"qphist", WR_GLOBAL, true, .unneeded = ""},
    {"psnr", WR_GLOBAL, true, .unneeded = "changes nothing: --expect FILE tells how near pictures are"},
    {"timelimit", WR_GLOBAL, .unneeded = "changes nothing: the shell's ulimit -t ends a program"},
    {"vstats", WR_GLOBAL, true, .refused = "is not possible: --report FILE writes what was done"},
    {"vstats_file", WR_GLOBAL, .refused = "is not possible: --report FILE writes what was done"},
    {"sdp_file", WR_GLOBAL, .refused = "is not possible"},

    // Before -i.
    {"f", WR_BEFORE, .own = "input-format"},
    {"ss", WR_BEFORE, .own = "start", .special = WR_FFMPEG_START},
    {"t", WR_BEFORE, .own = "to", .special = WR_FFMPEG_LENGTH},
    {"to", WR_BEFORE, .own = "to"},
    {"r", WR_BEFORE, .own = "framerate"},
    {"s", WR_BEFORE, .own = "input-option", .key = "video_size"},
    {"pix_fmt", WR_BEFORE, .own = "input-option", .key = "pixel_format"},
    {"ar", WR_BEFORE, .streams = "-a", .own = "input-option", .key = "sample_rate"},
    {"ac", WR_BEFORE, .streams = "-a", .own = "input-option", .special = WR_FFMPEG_CHANNELS},
    {"c", WR_BEFORE, .streams = "-vasd", .unneeded = CHOSEN_BY_CONTENT},
    {"codec", WR_BEFORE, .streams = "-vasd", .unneeded = CHOSEN_BY_CONTENT},
    {"vcodec", WR_BEFORE, .unneeded = CHOSEN_BY_CONTENT},
    {"acodec", WR_BEFORE, .unneeded = CHOSEN_BY_CONTENT},
    {"hwaccel", WR_BEFORE, .unneeded = ON_THE_GPU},
    {"hwaccel_device", WR_BEFORE, .unneeded = ON_THE_GPU},
    {"hwaccel_output_format", WR_BEFORE, .unneeded = ON_THE_GPU},
    {"extra_hw_frames", WR_BEFORE, .unneeded = ""},
    {"accurate_seek", WR_BEFORE, true, .unneeded = ""},
    {"noaccurate_seek", WR_BEFORE, true, .unneeded = "changes nothing: -ss is exact to the frame"},
    {"re", WR_BEFORE, true, .own = "realtime"},
    {"readrate", WR_BEFORE, .unneeded = "changes nothing: the input is read as fast as it is filtered"},
    {"autorotate", WR_BEFORE, .special = WR_FFMPEG_SWITCH},
    {"noautorotate", WR_BEFORE, true, .own = "no-autorotate"},
    {"canvas_size", WR_BEFORE, .unneeded = ""},
    {"find_stream_info", WR_BEFORE, true, .unneeded = ""},
    {"fix_sub_duration", WR_BEFORE, true, .unneeded = "changes nothing: subtitles are shown as long as the file says"},
    {"guess_layout_max", WR_BEFORE, .unneeded = "", .streams = "-a"},
    {"isync", WR_BEFORE, .unneeded = ""},
    {"recast_media", WR_BEFORE, true, .unneeded = ""},
    {"reinit_filter", WR_BEFORE, .unneeded = "changes nothing: --on-change says what a change of size does"},
    {"readrate_initial_burst", WR_BEFORE, .unneeded = ""},
    {"display_rotation", WR_BEFORE, .refused = "is not possible: -metadata:s:v rotate=90 turns a video that is copied, -vf transpose one that is encoded"},
    {"sseof", WR_BEFORE, .own = "start"}, // which counts from the end below 0
    {"seek_timestamp", WR_BEFORE, .refused = "is not possible: -ss counts from the beginning"},
    {"stream_loop", WR_BEFORE, .own = "input-setting", .key = "repeat"},
    {"itsoffset", WR_BEFORE, .own = "input-setting", .key = "offset"},
    {"itsscale", WR_BEFORE, .own = "input-setting", .key = "scale"},
    {"discard", WR_BEFORE, .refused = "is not possible: -skip_frame nokey decodes key frames only"},
    {"dump_attachment", WR_BEFORE, .refused = "is not possible: attached files are copied", .streams = "-vastd"},

    // Behind -i.
    {"f", WR_BEHIND, .own = "format"},
    {"ss", WR_BEHIND, .own = "skip", .special = WR_FFMPEG_START},
    {"t", WR_BEHIND, .own = "duration"},
    {"to", WR_BEHIND, .own = "duration", .special = WR_FFMPEG_END},
    {"fs", WR_BEHIND, .own = "size-limit", .special = WR_FFMPEG_BYTES},
    {"frames", WR_BEHIND, .own = "frames"},
    {"vframes", WR_BEHIND, .own = "frames"},
    {"vf", WR_BEHIND, .own = "filter"},
    {"filter", WR_BEHIND, .own = "filter"},
    {"filter_script", WR_BEHIND, .own = "filter", .special = WR_FFMPEG_SCRIPT},
    {"filter_script", WR_BEHIND, .streams = "a", .own = "audio-filter", .special = WR_FFMPEG_SCRIPT},
    {"af", WR_BEHIND, .own = "audio-filter"},
    {"filter", WR_BEHIND, .streams = "a", .own = "audio-filter", .special = WR_FFMPEG_AUDIO_FILTER},
    {"vol", WR_BEHIND, .refused = "is not possible: -af volume=2 does what -vol 512 did"},
    {"r", WR_BEHIND, .own = "rate"},
    {"s", WR_BEHIND, .own = "size"},
    {"aspect", WR_BEHIND, .own = "aspect"},
    {"pix_fmt", WR_BEHIND, .own = "pix-fmt", .special = WR_FFMPEG_PIX_FMT},
    {"c", WR_BEHIND, .streams = "-vasdt", .own = "codec", .special = WR_FFMPEG_CODEC},
    {"codec", WR_BEHIND, .streams = "-vasdt", .own = "codec", .special = WR_FFMPEG_CODEC},
    {"vcodec", WR_BEHIND, .key = "v", .own = "codec", .special = WR_FFMPEG_CODEC},
    {"acodec", WR_BEHIND, .own = "audio", .key = "a", .special = WR_FFMPEG_CODEC},
    {"scodec", WR_BEHIND, .key = "s", .special = WR_FFMPEG_CODEC},
    {"q", WR_BEHIND, .own = "encoder-option", .key = "qscale"},
    {"qscale", WR_BEHIND, .own = "encoder-option", .key = "qscale"},
    {"vb", WR_BEHIND, .own = "encoder-option", .key = "b"},
    {"q", WR_BEHIND, .streams = "a", .own = "audio", .special = WR_FFMPEG_AUDIO_OPTION, .key = "q"},
    {"qscale", WR_BEHIND, .streams = "a", .own = "audio", .special = WR_FFMPEG_AUDIO_OPTION, .key = "q"},
    {"aq", WR_BEHIND, .own = "audio", .special = WR_FFMPEG_AUDIO_OPTION, .key = "q"},
    {"ab", WR_BEHIND, .own = "audio", .special = WR_FFMPEG_AUDIO_OPTION, .key = "b"},
    {"ac", WR_BEHIND, .streams = "-a", .own = "audio", .special = WR_FFMPEG_AUDIO_OPTION, .key = "ac"},
    {"ar", WR_BEHIND, .streams = "-a", .own = "audio", .special = WR_FFMPEG_AUDIO_OPTION, .key = "ar"},
    {"sample_fmt", WR_BEHIND, .streams = "-a", .own = "audio", .special = WR_FFMPEG_AUDIO_OPTION, .key = "sample_fmt"},
    {"an", EITHER, true, .own = "no-audio"},
    {"sn", EITHER, true, .own = "no-subtitles"},
    {"dn", EITHER, true, .own = "no-data"},
    {"vn", EITHER, true, .own = "no-video"},
    {"map", WR_BEHIND, .own = "map"},
    {"map_metadata", WR_BEHIND, .streams = "-vasgc", .own = "metadata-from", .key = "no-metadata", .special = WR_FFMPEG_MAP_FROM},
    {"map_channel", WR_BEHIND, .special = WR_FFMPEG_MAP_CHANNEL},
    {"map_chapters", WR_BEHIND, .own = "chapters-from", .key = "no-chapters", .special = WR_FFMPEG_MAP_FROM},
    {"metadata", WR_BEHIND, .streams = "-sg", .own = "metadata", .special = WR_FFMPEG_METADATA},
    {"timecode", WR_BEHIND, .own = "metadata", .key = "timecode"},
    {"shortest", WR_BEHIND, true, .own = "shortest"},
    {"tag", WR_BEHIND, .own = "tag"},
    {"vtag", WR_BEHIND, .own = "tag"},
    {"tag", WR_BEHIND, .streams = "asdt0123456789", .own = "stream-tag", .special = WR_FFMPEG_OF_STREAMS},
    {"atag", WR_BEHIND, .own = "stream-tag", .key = "a", .special = WR_FFMPEG_OF_STREAMS},
    {"stag", WR_BEHIND, .own = "stream-tag", .key = "s", .special = WR_FFMPEG_OF_STREAMS},
    {"enc_time_base", WR_BEHIND, .unneeded = "changes nothing: times are kept as they are", .streams = "-va"},
    {"disposition", WR_BEHIND, .streams = "-vast0123456789", .own = "disposition", .special = WR_FFMPEG_OF_STREAMS},
    {"bsf", WR_BEHIND, .streams = "-vas", .own = "packet-filter", .special = WR_FFMPEG_PACKET_FILTER},
    {"vbsf", WR_BEHIND, .own = "packet-filter", .key = "v", .special = WR_FFMPEG_PACKET_FILTER},
    {"absf", WR_BEHIND, .own = "packet-filter", .key = "a", .special = WR_FFMPEG_PACKET_FILTER},
    {"force_key_frames", WR_BEHIND, .own = "key-frames"},
    {"pass", WR_BEHIND, .own = "pass"},
    {"passlogfile", WR_BEHIND, .own = "pass-log"},
    {"target", WR_BEHIND, .special = WR_FFMPEG_TARGET},
    {"attach", WR_BEHIND, .own = "attach"},
    {"aframes", WR_BEHIND, .own = "audio-packets"},
    {"frames", WR_BEHIND, .own = "audio-packets", .streams = "a"},
    {"dframes", WR_BEHIND, .unneeded = ""},
    {"dcodec", WR_BEHIND, .unneeded = "changes nothing: data is copied"},
    {"apad", WR_BEHIND, .refused = "is not possible: -af apad does so"},
    {"autoscale", WR_BEHIND, .special = WR_FFMPEG_SWITCH},
    {"noautoscale", WR_BEHIND, true, .unneeded = "changes nothing: --on-change says what a change of size does"},
    {"bits_per_raw_sample", WR_BEHIND, .unneeded = "changes nothing: samples keep their bits"},
    {"copyinkf", WR_BEHIND, true, .unneeded = "", .streams = "-va"},
    {"copypriorss", WR_BEHIND, .unneeded = "", .streams = "-va"},
    {"force_fps", WR_BEHIND, true, .unneeded = ""},
    {"fpsmax", WR_BEHIND, .refused = "is not possible: -r sets the rate"},
    {"fflags", WR_BEHIND, .own = "muxer-option", .special = WR_FFMPEG_FLAGS},
    {"muxing_queue_data_threshold", WR_BEHIND, .unneeded = "", .streams = "-vas"},
    {"shortest_buf_duration", WR_BEHIND, .unneeded = ""},
    {"time_base", WR_BEHIND, .unneeded = "changes nothing: times are kept as they are"},
    {"timestamp", WR_BEHIND, .own = "metadata", .special = WR_FFMPEG_TIMESTAMP},
    {"top", WR_BEHIND, .refused = "is not possible: -vf setfield=tff says which field comes first"},
    {"program", WR_BEHIND, .refused = "is not possible: programs are copied"},
    {"rc_override", WR_BEHIND, .refused = "is not possible: -qmin and -qmax bound the quantiser"},
    {"intra_matrix", WR_BEHIND, .refused = "is not possible: encoders get their own matrices"},
    {"inter_matrix", WR_BEHIND, .refused = "is not possible: encoders get their own matrices"},
    {"muxdelay", WR_BEHIND, .special = WR_FFMPEG_MUX_DELAY},
    {"muxpreload", WR_BEHIND, .unneeded = ""},
};
// clang-format on

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static bool fits(const struct wr_ffmpeg_option *row, const char *specifier)
{
    const char letter = *specifier == 'V' ? 'v' : *specifier ? *specifier : '-';
    return strchr(row->streams ? row->streams : "-v", letter) != NULL;
}

const struct wr_ffmpeg_option *wr_ffmpeg_option_find(const char *name, const char *specifier,
                                                     int place)
{
    for (int n = 0; n < ROWS; n++)
        if (rows[n].places & (place | WR_GLOBAL) && !strcmp(rows[n].name, name) &&
            fits(&rows[n], specifier))
            return &rows[n];
    return NULL;
}

const struct wr_ffmpeg_option *wr_ffmpeg_option_at(int n)
{
    return n < ROWS ? &rows[n] : NULL;
}

static bool is_word(const char *word, const char *text, size_t length)
{
    return strlen(word) == length && !strncmp(word, text, length);
}

const char *wr_ffmpeg_option_name(const char *own, size_t own_length, const char *key,
                                  size_t key_length)
{
    // Rows that say what becomes of ffmpeg's words do not serve for the way back.
    if (!key_length && is_word("input", own, own_length))
        return "i";
    if (!key_length && is_word("codec", own, own_length))
        return "c:v";
    for (int n = 0; n < ROWS; n++) {
        const struct wr_ffmpeg_option *const row = &rows[n];
        const bool is_alike =
            !row->special || row->special == WR_FFMPEG_START || row->special == WR_FFMPEG_PIX_FMT;
        if (row->own && is_alike && is_word(row->own, own, own_length) &&
            is_word(row->key ? row->key : "", key, key_length))
            return row->name;
    }
    return NULL;
}

static const char *name_of(const void *table, int n)
{
    return ((const struct wr_ffmpeg_option *)table)[n].name;
}

const char *wr_ffmpeg_option_nearest(const char *name)
{
    return wr_nearest(name, name_of, rows, ROWS);
}
