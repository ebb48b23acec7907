// SPDX-License-Identifier: MIT
// Counts the frames that a filter holds, and the memory that they take.
#include "lib/run/stages/host_source.h"

#include <libavutil/imgutils.h>
#include <stdio.h>

#include "lib/chain/host_traits.h"
#include "lib/run/stages/host_graph.h"

enum wr_status wr_host_source_refuse(const struct wr_host_source *source, struct wr_error *error)
{
    char held[64];
    const int64_t count = wr_host_frames_held(source->holder);
    snprintf(held, sizeof held,
             count == INT64_MAX ? "all frames until the last has come" : "up to %lld frames",
             (long long)count);
    return wr_fail(error, WR_FAILED,
                   "%s: holds %s, and more than %lld of them are more than %.0f MB of memory: "
                   "shorten the video before it with trim, or raise --memory-limit",
                   source->holder->filter->name, held, (long long)source->most_frames,
                   (double)source->memory_limit / 1e6);
}

enum wr_status wr_host_source_limit(struct wr_host_source *source, int64_t limit, int64_t frames,
                                    const struct wr_log *notes, struct wr_error *error)
{
    const AVFilterLink *link = source->context->outputs[0];
    source->memory_limit = limit;
    if (!(source->holder = wr_host_graph_holder(source->context)))
        return WR_OK;
    const int64_t count = wr_host_frames_held(source->holder);
    const int64_t held = frames ? FFMIN(frames, count) : count;
    const bool is_all = count == INT64_MAX, is_known = held < INT64_MAX;
    const int64_t bytes = av_image_get_buffer_size(source->pix_fmt, link->w, link->h, 1);
    const int64_t most = bytes > 0 ? limit / bytes : 0;
    source->most_frames = count <= most ? INT64_MAX : most;
    source->held = is_known ? held * bytes : -1;
    if (frames && held > most)
        return wr_host_source_refuse(source, error);
    const double megabytes = (double)source->held / 1e6;
    if (is_known)
        wr_say(notes, megabytes < 1000 || !frames ? WR_LOG_INFO : WR_LOG_WARNING,
               is_all ? "%s: holds all %lld frames until the last has come, %.0f MB of memory"
                      : "%s: holds up to %lld frames, %.0f MB of memory",
               source->holder->filter->name, (long long)held, megabytes);
    return WR_OK;
}

bool wr_host_source_is_full(const struct wr_host_source *source)
{
    return source->holder && source->frames == source->most_frames;
}
