// SPDX-License-Identifier: MIT
// Parses the chain of a job, and answers what follows from it for the rest of the job.
#include "lib/run/request.h"

#include <string.h>

#include "lib/chain/host_traits.h"

int wr_further_count(const struct wr_job_options *options)
{
    int count = 0;
    while (options->inputs && options->inputs[count])
        count++;
    return count;
}

enum wr_status wr_request_open(struct wr_request *request, const struct wr_job_options *options,
                               struct wr_error *error)
{
    request->options = options;
    return wr_segments_open(&request->chain, options->chain, 1 + wr_further_count(options), error);
}

void wr_request_close(struct wr_request *request)
{
    wr_segments_close(&request->chain);
}

bool wr_request_skips_behind(const struct wr_request *request)
{
    const struct wr_job_options *options = request->options;
    return options->skip && (options->start || (options->chain && *options->chain));
}

bool wr_request_keeps_times(const struct wr_request *request)
{
    bool all_native = !wr_request_skips_behind(request);
    for (int n = 0; n < request->chain.count; n++)
        all_native &= request->chain.items[n].is_native;
    return all_native;
}

bool wr_request_keeps_count(const struct wr_request *request)
{
    const struct wr_job_options *options = request->options;
    const bool sets_rate =
        options->rate || options->fps_mode == WR_FPS_CFR || options->fps_mode == WR_FPS_VFR;
    return !sets_rate && wr_request_keeps_times(request);
}

bool wr_request_has_filters(const struct wr_request *request)
{
    bool found = false;
    for (int n = 0; n < request->chain.count; n++) {
        const struct wr_segment *segment = &request->chain.items[n];
        found |= segment->is_native || !(wr_host_traits(segment->names) & WR_HOST_CHANGES_NOTHING);
    }
    return found;
}

bool wr_request_takes_by_number(const struct wr_request *request)
{
    uint32_t taken = 0;
    for (int n = 0; n < request->chain.count; n++)
        taken |= request->chain.items[n].further;
    return taken != 0;
}
