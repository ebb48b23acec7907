// SPDX-License-Identifier: MIT
// Says what a part does, and what a part cannot do.
#include "lib/run/chunk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/output/chunks/part_file.h"

static enum wr_status read_part(struct wr_chunk *chunk, const char *text, struct wr_error *error)
{
    struct wr_part_frames *share = &chunk->share;
    char after;
    if (sscanf(text, "%d/%d%c", &share->number, &share->parts, &after) != 2 || share->number < 1 ||
        share->parts < 1)
        return wr_fail(error, WR_USAGE, "part \"%s\" is not of the form K/N, such as 1/4", text);
    return share->number > share->parts
               ? wr_fail(error, WR_USAGE, "there is no part %d of %d", share->number, share->parts)
               : WR_OK;
}

// What a part cannot do, since it does not see where the video ends; NULL if there is nothing.
static const char *useless_with_parts(const struct wr_job_options *options)
{
    return options->inputs && *options->inputs        ? "further inputs"
           : options->frames >= 0                     ? "a number of frames"
           : options->to                              ? "an end of the input"
           : options->duration                        ? "a duration"
           : options->skip                            ? "a time to skip"
           : options->rate || options->fps_mode       ? "another rate of frames"
           : options->on_change == WR_ON_CHANGE_SPLIT ? "splitting the output"
           : options->keep_partial && options->part   ? "keeping what is there when interrupted"
           : options->output && !strcmp(options->output, "-") ? "standard output"
                                                              : NULL;
}

enum wr_status wr_chunk_open(struct wr_chunk *chunk, const struct wr_job_options *options,
                             struct wr_error *error)
{
    *chunk = (struct wr_chunk){.share = {.chunk = options->chunk}};
    while (options->joined && options->joined[chunk->joined_parts])
        chunk->joined_parts++;
    enum wr_status status = options->part ? read_part(chunk, options->part, error) : WR_OK;
    if (status || (!options->part && !options->joined))
        return status;
    if (options->chunk <= 0)
        return wr_fail(error, WR_USAGE,
                       "parts need to know how many frames a piece has: add "
                       "--chunk FRAMES, the same for all parts");
    const char *useless = useless_with_parts(options);
    return useless ? wr_fail(error, WR_USAGE, "parts do not go together with %s", useless) : WR_OK;
}

enum wr_status wr_chunk_check_stages(const struct wr_chunk *chunk, const struct wr_stages *stages,
                                     struct wr_error *error)
{
    const bool is_shared = chunk->share.parts || chunk->joined_parts;
    const bool is_split = chunk->share.parts > 1 || chunk->joined_parts > 1;
    const bool is_one_program = stages->count == 1 && stages->program_count == 1;
    if (is_shared && stages->evened_from)
        return wr_fail(error, WR_USAGE,
                       "parts do not go together with a container that counts frames, since these "
                       "are not equally far apart: choose another, or leave out --part");
    return !is_split || is_one_program
               ? WR_OK
               : wr_fail(
                     error, WR_USAGE,
                     "parts cannot be filtered by \"%s\": some of it runs in FFmpeg's "
                     "filters, which may need all frames before; run it as a whole, as --part 1/1 "
                     "or without --part",
                     stages->chain ? stages->chain : "");
}

bool wr_chunk_is_elsewhere(const struct wr_chunk *chunk, int64_t index)
{
    return !wr_share_has(&chunk->share, index);
}

enum wr_status wr_part_describe(const char *path, char **settings, char **input,
                                struct wr_error *error)
{
    struct wr_part_file part;
    *settings = *input = NULL;
    enum wr_status status = wr_part_open(&part, path, error);
    if (!status) {
        *settings = strdup(part.head.words[WR_PART_SETTINGS]);
        *input = strdup(part.head.words[WR_PART_INPUT]);
    }
    if (!status && (!*settings || !*input))
        status = wr_fail(error, WR_FAILED, "out of memory");
    if (status) {
        free(*settings);
        free(*input);
        *settings = *input = NULL;
    }
    wr_part_close(&part);
    return status;
}
