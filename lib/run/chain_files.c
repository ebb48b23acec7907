// SPDX-License-Identifier: MIT
// Finds out where the time of an input begins by its own clock.
#include "lib/run/chain_files.h"

#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/run/input.h"

// Sets *start to the seconds at which the file begins, 0 where it does not say. A file that cannot
// be opened is refused later.
static enum wr_status find_start(double *start, const struct wr_input *input, enum AVMediaType type,
                                 struct wr_error *error)
{
    AVFormatContext *file = NULL;
    enum wr_status status = WR_OK;
    const AVInputFormat *format = input->format ? av_find_input_format(input->format) : NULL;
    *start = 0;
    if (avformat_open_input(&file, input->name, format, NULL) >= 0 &&
        avformat_find_stream_info(file, NULL) >= 0) {
        if (file->start_time != AV_NOPTS_VALUE)
            *start = (double)file->start_time / AV_TIME_BASE;
        if (av_find_best_stream(file, type, -1, -1, NULL, 0) < 0)
            status = wr_fail(error, WR_USAGE, "%s has no %s, which the chain takes", input->name,
                             type == AVMEDIA_TYPE_AUDIO ? "sound" : "pictures");
    }
    avformat_close_input(&file);
    return status;
}

static bool can_be_read_twice(const char *name)
{
    struct stat status;
    return strcmp(name, "-") != 0 && !av_strstart(name, "pipe:", NULL) &&
           !(stat(name, &status) == 0 && S_ISFIFO(status.st_mode));
}

static enum wr_status describe(struct wr_chain_file *file, const struct wr_input *input,
                               enum AVMediaType type, struct wr_error *error)
{
    int64_t start = 0, to = 0;
    double begins;
    if (!can_be_read_twice(input->name))
        return wr_fail(error, WR_USAGE,
                       "%s: the chain has filters of both pictures and sound, for which a file is "
                       "read twice; a pipe cannot be",
                       input->name);
    if (input->loops)
        return wr_fail(
            error, WR_USAGE,
            "%s: what is repeated (repeat=%s) cannot go into filters of both pictures and "
            "sound",
            input->name, input->loop);
    if (input->start && !wr_parse_time(input->start, &start))
        return wr_fail(error, WR_USAGE, "start \"%s\" is not a time such as 90 or 1:30",
                       input->start);
    const bool is_length = input->to && *input->to == '+';
    if (input->to && !wr_parse_time(input->to + is_length, &to))
        return wr_fail(error, WR_USAGE, "end \"%s\" is not a time such as 90 or 1:30", input->to);
    const double seek = (double)start / AV_TIME_BASE;
    const enum wr_status status = find_start(&begins, input, type, error);
    *file = (struct wr_chain_file){
        .name = input->name,
        .format = input->format,
        .seek = seek,
        .begin = begins + seek,
        .end = input->to ? begins + (double)(to + is_length * start) / AV_TIME_BASE : INFINITY,
    };
    file->begin -= (double)input->later / AV_TIME_BASE;
    return status;
}

static enum wr_status find(const struct wr_chain_files *files, int number, enum AVMediaType type,
                           struct wr_chain_file *file, struct wr_error *error)
{
    struct wr_input input;
    enum wr_status status = wr_input_read(&input, files->from, number, error);
    if (!status)
        status = describe(file, &input, type, error);
    wr_input_close(&input);
    return status;
}

struct wr_chain_files wr_chain_files(const struct wr_job_options *options)
{
    return (struct wr_chain_files){
        .from = options,
        .count = 1 + wr_further_count(options),
        .wanted = options->shares_chain ? options->maps : NULL,
        .find = find,
    };
}
