// SPDX-License-Identifier: MIT
// Adds an input for each further video that a graph names.
#include "cli/ffmpeg/ffmpeg_videos.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/paths.h"

enum { MOST_VIDEOS = 32 };

// A video that a label names, and the input that has become of it.
struct video {
    int input, number; // both from 0
    int added;         // or the same input, where nothing else is taken of it
};

struct videos {
    struct video items[MOST_VIDEOS];
    int count;
};

// The length of the label with which the text begins, if it is that of a video other than the first
// of its input; else 0.
static int read_label(const char *text, struct video *video)
{
    char letter[2];
    int length = 0;
    *video = (struct video){0};
    const int read =
        sscanf(text, "[%d:%1[vV]:%d]%n", &video->input, letter, &video->number, &length);
    return read == 3 && video->input >= 0 && video->number > 0 ? length : 0;
}

static enum wr_status set_for(struct wr_ffmpeg_line *line, int input, const char *key,
                              const char *value)
{
    return value ? wr_ffmpeg_set(line, "input-setting",
                                 wr_ffmpeg_make(line, "%d/%s%s", input, key, value))
                 : WR_OK;
}

// Asks for the added input what is asked for the one whose file it has.
static enum wr_status copy_settings(struct wr_ffmpeg_line *line, const struct video *video)
{
    const struct wr_job_options *const job = &line->settings->job;
    enum wr_status status = WR_OK;
    if (!video->input) {
        const char *const pairs[][2] = {{"format=", job->input_format},
                                        {"framerate=", job->framerate},
                                        {"start=", job->start},
                                        {"to=", job->to}};
        for (size_t n = 0; n < sizeof(pairs) / sizeof(*pairs) && !status; n++)
            status = set_for(line, video->added, pairs[n][0], pairs[n][1]);
        for (int n = 0; job->input_options && job->input_options[n] && !status; n++)
            status = set_for(line, video->added, "", job->input_options[n]);
    }
    int count = 0;
    while (job->input_settings && job->input_settings[count])
        count++;
    for (int n = 0; n < count && !status; n++) {
        char *rest;
        if (strtol(job->input_settings[n], &rest, 10) == video->input)
            status = set_for(line, video->added, "", rest + 1);
    }
    return status;
}

// Whether the graph takes the first video of an input.
static bool takes_first(const char *graph, int input)
{
    static const char *const ends[] = {"", ":v", ":v:0"};
    char label[32];
    bool takes = false;
    for (size_t n = 0; n < sizeof(ends) / sizeof(*ends); n++) {
        snprintf(label, sizeof label, "[%d%s]", input, ends[n]);
        takes |= strstr(graph, label) != NULL;
    }
    return takes;
}

static bool is_taken(const struct videos *videos, int input)
{
    bool is = false;
    for (int n = 0; n < videos->count; n++)
        is |= videos->items[n].input == input;
    return is;
}

// Adds the video's file once more, unless it is an input already.
static enum wr_status add_video(struct wr_ffmpeg_line *line, struct videos *videos,
                                struct video *video, const char *graph)
{
    for (int n = 0; n < videos->count; n++)
        if (videos->items[n].input == video->input && videos->items[n].number == video->number) {
            video->added = videos->items[n].added;
            return WR_OK;
        }
    if (videos->count == MOST_VIDEOS)
        return wr_fail(line->error, WR_USAGE, "the graph takes more than %d videos", MOST_VIDEOS);
    const bool is_alone = !takes_first(graph, video->input) && !is_taken(videos, video->input);
    const struct wr_job_options *const job = &line->settings->job;
    const char *const name = video->input ? job->inputs[video->input - 1] : job->input;
    if (!is_alone && wr_path_is_standard(name))
        return wr_fail(line->error, WR_USAGE,
                       "[%d:v:%d]: a file of which two videos are filtered is read twice, and "
                       "standard input can be read once",
                       video->input, video->number);
    video->added = is_alone ? video->input : line->inputs++;
    videos->items[videos->count++] = *video;
    enum wr_status status = is_alone ? WR_OK : wr_ffmpeg_set(line, "input", name);
    if (!status && !is_alone)
        status = copy_settings(line, video);
    return status
               ? status
               : set_for(line, video->added, "video=v:", wr_ffmpeg_make(line, "%d", video->number));
}

// Writes the graph with other labels for those videos. What is quoted is no label.
static enum wr_status write_graph(struct wr_ffmpeg_line *line, FILE *out, const char *graph)
{
    struct videos videos = {.count = 0};
    const int inputs = line->inputs;
    enum wr_status status = WR_OK;
    bool is_quoted = false;
    for (const char *at = graph; *at && !status; at++) {
        struct video video;
        const int length = is_quoted ? 0 : read_label(at, &video);
        if (length && video.input < inputs) {
            status = add_video(line, &videos, &video, graph);
            fprintf(out, "[%d:v]", video.added);
            at += length - 1;
            continue;
        }
        is_quoted ^= *at == '\'';
        fputc(*at, out);
        if (*at == '\\' && !is_quoted && at[1])
            fputc(*++at, out);
    }
    return status;
}

enum wr_status wr_ffmpeg_put_videos(struct wr_ffmpeg_line *line)
{
    const char *const graph = line->settings->job.chain;
    if (!line->has_graph || !graph)
        return WR_OK;
    char *text = NULL;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    if (!out)
        return wr_fail(line->error, WR_FAILED, "out of memory");
    enum wr_status status = WR_OK;
    for (int n = 0; n < line->inputs && !status; n++)
        status = takes_first(graph, n) ? set_for(line, n, "video=", "v:0") : WR_OK;
    if (!status)
        status = write_graph(line, out, graph);
    const char *const kept = fclose(out) ? NULL : wr_settings_keep(line->settings, text);
    if (!kept)
        status = wr_fail(line->error, WR_FAILED, "out of memory");
    return status || !strcmp(kept, graph) ? status : wr_ffmpeg_set(line, "filter", kept);
}
