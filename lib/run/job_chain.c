// SPDX-License-Identifier: MIT
// Puts the chain of the report together.
#include "lib/run/job_chain.h"

#include <libavutil/avstring.h>
#include <libavutil/mem.h>
#include <libavutil/pixdesc.h>

#include "lib/media/pixel_format.h"

// What frames are unpacked to as they are read, "" if they come in planes.
static const char *unpacked_as(const struct wr_job *job)
{
    if (wr_pix_fmt_is_planar(av_get_pix_fmt(job->report.input.pix_fmt)))
        return "";
    const char *name = av_get_pix_fmt_name(wr_format_pix_fmt(wr_reader_format(job->reader)));
    return name ? name : "planar"; // of gray with alpha libavutil knows none
}

// What finished frames are packed or converted to for the encoder, "" if it takes them as they are.
static const char *packed_as(const struct wr_job *job)
{
    const char *name = job->report.output.pix_fmt;
    const enum AVPixelFormat pix_fmt = av_get_pix_fmt(name);
    const bool same =
        wr_pix_fmt_is_planar(pix_fmt) && wr_pix_fmt_holds(pix_fmt, &job->stages.out.format);
    return same ? "" : name;
}

// Appends filters to the chain of the report; "" is none.
static enum wr_status append_chain(struct wr_job *job, const char *prefix, const char *words,
                                   struct wr_error *error)
{
    const char *before = job->chain ? job->chain : "";
    char *chain =
        av_asprintf("%s%s%s%s", before, *before && *words ? "," : "", *words ? prefix : "", words);
    if (!chain)
        return wr_fail(error, WR_FAILED, "out of memory");
    av_free(job->chain);
    job->report.chain = job->chain = chain;
    return WR_OK;
}

enum wr_status wr_job_chain_begin(struct wr_job *job, struct wr_error *error)
{
    if (!job->stages.chain)
        return WR_OK;
    const enum wr_status status = append_chain(job, "format=", unpacked_as(job), error);
    return status ? status : append_chain(job, "", job->stages.chain, error);
}

enum wr_status wr_job_chain_end(struct wr_job *job, struct wr_error *error)
{
    return append_chain(job, "format=", packed_as(job), error);
}
