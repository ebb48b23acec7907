// SPDX-License-Identifier: MIT
#include "cli/ffmpeg/ffmpeg_times.h"

#include <string.h>

// With -copyts, -t and -to behind -i count from where the first input begins, and not from where
// -ss before it does; but from -ss behind it.
static enum wr_status move_end(struct wr_ffmpeg_line *line)
{
    const struct wr_job_options *const job = &line->settings->job;
    int64_t start = 0, end = 0;
    if (!line->copies_times || !job->start || !job->duration || job->skip ||
        !wr_parse_time(job->start, &start) || !wr_parse_time(job->duration, &end) || start < 0)
        return WR_OK;
    if (end <= start)
        return wr_fail(line->error, WR_USAGE,
                       "with -copyts, -t and -to are times of the input, and %s is not later than "
                       "-ss %s",
                       line->end ? line->end : job->duration, job->start);
    return wr_ffmpeg_set(line, "duration",
                         wr_ffmpeg_make(line, "%lldus", (long long)(end - start)));
}

// -to behind -i is a time of the input, as -ss there is.
static enum wr_status put_end(struct wr_ffmpeg_line *line)
{
    const struct wr_job_options *const job = &line->settings->job;
    int64_t start = 0, end;
    if (!line->end || job->duration)
        return WR_OK;
    if (!wr_parse_time(line->end, &end) || (job->skip && !wr_parse_time(job->skip, &start)))
        return wr_fail(line->error, WR_USAGE, "-to %s is not a time such as 90 or 1:30", line->end);
    if (end <= start)
        return wr_fail(line->error, WR_USAGE, "-to %s is not later than -ss %s", line->end,
                       job->skip ? job->skip : "0");
    return wr_ffmpeg_set(line, "duration",
                         wr_ffmpeg_make(line, "%lldus", (long long)(end - start)));
}

// With -copyts filters see the times of the input, and -ss behind -i is one of these. What is
// written begins with its first frame all the same.
static enum wr_status keep_times(struct wr_ffmpeg_line *line)
{
    struct wr_job_options *const job = &line->settings->job;
    int64_t start = 0, skip = 0;
    if (!line->copies_times || !job->start || !wr_parse_time(job->start, &start) || start <= 0)
        return WR_OK;
    if (job->skip && wr_parse_time(job->skip, &skip))
        job->skip = skip > start ? wr_ffmpeg_make(line, "%lldus", (long long)(skip - start)) : NULL;
    const bool is_line = job->chain && !line->has_graph && !strpbrk(job->chain, "[;");
    const double seconds = (double)start / 1e6;
    if (!is_line)
        return WR_OK;
    // Filters may have set times back themselves.
    const char *const text =
        wr_ffmpeg_make(line, "setpts=PTS+%.6f/TB,%s,setpts='PTS-if(gte(STARTT,%.6f),%.6f/TB,0)'",
                       seconds, job->chain, seconds - 0.0005, seconds);
    return wr_ffmpeg_set(line, "filter", text);
}

enum wr_status wr_ffmpeg_put_times(struct wr_ffmpeg_line *line)
{
    enum wr_status status = put_end(line);
    if (!status)
        status = move_end(line);
    return status ? status : keep_times(line);
}
