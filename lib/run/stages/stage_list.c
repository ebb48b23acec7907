// SPDX-License-Identifier: MIT
// Adds stages, and writes down the chain as it will run.
#include "lib/run/stages/stage_list.h"

#include <libavutil/avstring.h>
#include <libavutil/mem.h>
#include <stdio.h>

static enum wr_status append_text(struct wr_stages *stages, const char *text,
                                  struct wr_error *error)
{
    const char *before = stages->chain ? stages->chain : "";
    char *chain = av_asprintf("%s%s%s", before, *before && *text ? "," : "", text);
    if (!chain)
        return wr_fail(error, WR_FAILED, "out of memory");
    av_free(stages->chain);
    stages->chain = chain;
    return WR_OK;
}

static enum wr_status add(struct wr_stages *stages, struct wr_stage *stage, const char *text,
                          const struct wr_stream *out, struct wr_error *error)
{
    if (stages->count == WR_MAX_STAGES) {
        wr_stage_close(&stage);
        return wr_fail(error, WR_USAGE, "the chain takes more than %d stages", WR_MAX_STAGES);
    }
    stages->items[stages->count++] = stage;
    snprintf(stage->counts.filters, sizeof stage->counts.filters, "%s", text);
    stages->out = *out;
    return append_text(stages, text, error);
}

enum wr_status wr_stages_add(struct wr_stages *stages, struct wr_stage *stage,
                             const struct wr_stream *out, struct wr_error *error)
{
    return add(stages, stage, "", out, error);
}

enum wr_status wr_stages_add_program(struct wr_stages *stages, struct wr_program_stage *program,
                                     struct wr_error *error)
{
    const enum wr_status status =
        add(stages, &program->stage, program->chain, &program->out, error);
    if (status)
        return status;
    stages->programs[stages->program_count++] = program;
    stages->last_host = NULL;
    return WR_OK;
}

void wr_stages_add_further_program(struct wr_stages *stages, struct wr_further *further,
                                   struct wr_program_stage *program)
{
    stages->programs[stages->program_count++] = program;
    wr_further_set_program(further, program);
}

enum wr_status wr_stages_add_host(struct wr_stages *stages, struct wr_host_stage *host,
                                  const char *text, struct wr_error *error)
{
    const enum wr_status status = add(stages, &host->stage, text, &host->out, error);
    if (status)
        return status;
    stages->host_count++;
    stages->last_host = host;
    return WR_OK;
}

bool wr_stages_keep_count(const struct wr_stages *stages)
{
    return !stages->host_count;
}

void wr_stages_close(struct wr_stages *stages)
{
    for (int n = 0; n < stages->count; n++)
        wr_stage_close(&stages->items[n]);
    for (int n = 0; n < stages->further_count; n++)
        wr_further_close(&stages->further[n]);
    av_freep(&stages->chain);
    stages->further_count = stages->host_count = 0;
    stages->count = stages->program_count = 0;
    stages->last_host = NULL;
    stages->evened_from = 0;
}
