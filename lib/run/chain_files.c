// SPDX-License-Identifier: MIT
// Finds out where the time of an input begins by its own clock.
#include "lib/run/chain_files.h"

#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/run/inputs.h"

// Seconds at which the file begins, 0 where it does not say.
static double find_start(const struct wr_input *input)
{
    AVFormatContext *file = NULL;
    double start = 0;
    const AVInputFormat *format = input->format ? av_find_input_format(input->format) : NULL;
    if (avformat_open_input(&file, input->name, format, NULL) >= 0 &&
        avformat_find_stream_info(file, NULL) >= 0 && file->start_time != AV_NOPTS_VALUE)
        start = (double)file->start_time / AV_TIME_BASE;
    avformat_close_input(&file);
    return start;
}

static bool can_be_read_twice(const char *name)
{
    struct stat status;
    return strcmp(name, "-") != 0 && !av_strstart(name, "pipe:", NULL) &&
           !(stat(name, &status) == 0 && S_ISFIFO(status.st_mode));
}

static enum wr_status describe(struct wr_chain_file *file, const struct wr_input *input,
                               struct wr_error *error)
{
    int64_t start = 0, to = 0;
    if (!can_be_read_twice(input->name))
        return wr_fail(error, WR_USAGE,
                       "%s: the chain has filters of both pictures and sound, for which a file is "
                       "read twice; a pipe cannot be",
                       input->name);
    if (input->loops)
        return wr_fail(error, WR_USAGE,
                       "%s: what is repeated (loop=%s) cannot go into filters of both pictures and "
                       "sound",
                       input->name, input->loop);
    if (input->start && !wr_parse_time(input->start, &start))
        return wr_fail(error, WR_USAGE, "start \"%s\" is not a time such as 90 or 1:30",
                       input->start);
    const bool is_length = input->to && *input->to == '+';
    if (input->to && !wr_parse_time(input->to + is_length, &to))
        return wr_fail(error, WR_USAGE, "end \"%s\" is not a time such as 90 or 1:30", input->to);
    const double begins = find_start(input), seek = (double)start / AV_TIME_BASE;
    *file = (struct wr_chain_file){
        .name = input->name,
        .format = input->format,
        .seek = seek,
        .begin = begins + seek,
        .end = input->to ? begins + (double)(to + is_length * start) / AV_TIME_BASE : INFINITY,
    };
    file->begin -= (double)input->later / AV_TIME_BASE;
    return WR_OK;
}

static enum wr_status find(const struct wr_chain_files *files, int number,
                           struct wr_chain_file *file, struct wr_error *error)
{
    struct wr_input input;
    enum wr_status status = wr_input_read(&input, files->from, number, error);
    if (!status)
        status = describe(file, &input, error);
    wr_input_close(&input);
    return status;
}

struct wr_chain_files wr_chain_files(const struct wr_job_options *options)
{
    return (struct wr_chain_files){
        .from = options, .count = 1 + wr_further_count(options), .find = find};
}
