// SPDX-License-Identifier: MIT
// Lowers the filters before a host stage, and the conversion to what it takes.
#include "lib/run/line.h"

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

static enum wr_status lower(struct wr_line *line, struct wr_error *error)
{
    line->program = NULL;
    const enum wr_status status =
        line->chain->count
            ? wr_program_stage_open(&line->program, line->chain, &line->before, error)
            : WR_OK;
    line->now = line->program ? line->program->out : line->before;
    return status;
}

enum wr_status wr_line_open(struct wr_line *line, struct wr_error *error)
{
    const enum wr_status status = lower(line, error);
    line->own = line->now.format;
    return status;
}

enum wr_status wr_line_convert(struct wr_line *line, const struct wr_format *wanted,
                               struct wr_error *error)
{
    if (wr_same_layout(&line->own, wanted))
        return WR_OK;
    wr_line_close(line);
    const enum wr_status status = wr_append_layout(line->chain, wanted, error);
    return status ? status : lower(line, error);
}

struct wr_program_stage *wr_line_take(struct wr_line *line)
{
    struct wr_program_stage *program = line->program;
    line->program = NULL;
    return program;
}

void wr_line_close(struct wr_line *line)
{
    struct wr_program_stage *program = wr_line_take(line);
    struct wr_stage *stage = program ? &program->stage : NULL;
    wr_stage_close(&stage);
}
