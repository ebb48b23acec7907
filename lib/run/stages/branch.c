// SPDX-License-Identifier: MIT
// Lowers the filters before a host stage, and the conversion to what it takes.
#include "lib/run/stages/branch.h"

#include <stdio.h>
#include <string.h>

#include "kernels/program/converter.h"
#include "lib/chain/turn.h"

enum wr_status wr_append_layout(struct wr_chain *chain, const struct wr_format *format,
                                struct wr_error *error)
{
    char name[32];
    wr_format_name(format, name, sizeof name);
    return wr_chain_append(chain, "format", name, error);
}

enum wr_status wr_append_ranged(struct wr_chain *chain, const struct wr_format *format,
                                struct wr_error *error)
{
    char name[32], arguments[64];
    wr_format_name(format, name, sizeof name);
    snprintf(arguments, sizeof arguments, "%s:color_ranges=%s", name,
             format->full_range ? "pc" : "tv");
    return wr_chain_append(chain, "format", arguments, error);
}

static enum wr_status append_crop(struct wr_chain *chain, struct wr_stream *in,
                                  struct wr_error *error)
{
    const uint32_t top = in->crop[0], bottom = in->crop[1], left = in->crop[2], right = in->crop[3];
    char text[128];
    snprintf(text, sizeof text, "iw-%u:ih-%u:%u:%u", left + right, top + bottom, left, top);
    // A damaged file may claim anything.
    const bool is_whole = !(top | bottom | left | right) ||
                          (uint64_t)top + bottom >= (uint64_t)in->format.height ||
                          (uint64_t)left + right >= (uint64_t)in->format.width;
    memset(in->crop, 0, sizeof in->crop);
    return is_whole ? WR_OK : wr_chain_append(chain, "crop", text, error);
}

enum wr_status wr_append_view(struct wr_chain *chain, struct wr_stream *in, struct wr_error *error)
{
    enum wr_status status = append_crop(chain, in, error);
    if (status || !in->is_turned)
        return status;
    status = wr_turn_append(chain, in->matrix, &in->format, error);
    in->matrix = NULL;
    in->is_turned = false;
    return status;
}

static enum wr_status lower(struct wr_branch *branch, struct wr_error *error)
{
    branch->program = NULL;
    const enum wr_status status =
        branch->chain->count
            ? wr_program_stage_open(&branch->program, branch->chain, &branch->before, error)
            : WR_OK;
    branch->now = branch->program ? branch->program->out : branch->before;
    return status;
}

enum wr_status wr_branch_open(struct wr_branch *branch, struct wr_error *error)
{
    const enum wr_status status = lower(branch, error);
    branch->own = branch->now.format;
    return status;
}

enum wr_status wr_branch_convert(struct wr_branch *branch, const struct wr_format *wanted,
                                 struct wr_error *error)
{
    const bool moves_range = branch->own.model == WR_YUV && wanted->model == WR_YUV &&
                             branch->own.full_range != wanted->full_range;
    if (wr_same_layout(&branch->own, wanted) && !moves_range)
        return WR_OK;
    wr_branch_close(branch);
    const enum wr_status status = moves_range ? wr_append_ranged(branch->chain, wanted, error)
                                              : wr_append_layout(branch->chain, wanted, error);
    return status ? status : lower(branch, error);
}

struct wr_program_stage *wr_branch_take(struct wr_branch *branch)
{
    struct wr_program_stage *program = branch->program;
    branch->program = NULL;
    return program;
}

void wr_branch_close(struct wr_branch *branch)
{
    struct wr_program_stage *program = wr_branch_take(branch);
    struct wr_stage *stage = program ? &program->stage : NULL;
    wr_stage_close(&stage);
}
