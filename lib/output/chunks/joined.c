// SPDX-License-Identifier: MIT
// Piece by piece in turn from all parts: piece i is in part i modulo their number.
#include "lib/output/chunks/joined.h"

#include <libavutil/common.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/queue.h"

struct wr_joined {
    struct wr_part_file *parts; // by number
    int count;
    int64_t pieces, frames; // so far
    bool has_ended;
};

static const char *const word_names[] = {
    [WR_PART_VERSION] = "version of warpreel or FFmpeg",
    [WR_PART_SOURCE] = "input",
    [WR_PART_CHAIN] = "filters",
    [WR_PART_FILES] = "files that the filters read",
    [WR_PART_ENCODER] = "encoder",
    [WR_PART_TIMES] = "length of pieces",
    [WR_PART_SETTINGS] = "settings",
};

static enum wr_status check_words(const struct wr_part_file *part, const struct wr_part_head *like,
                                  struct wr_error *error)
{
    for (int n = 0; n < WR_PART_COMMON; n++)
        if (strcmp(part->head.words[n], like->words[n]))
            return wr_fail(error, WR_FAILED, "%s does not belong here: it differs in its %s",
                           part->path, word_names[n]);
    return WR_OK;
}

// Puts the part in its place.
static enum wr_status place(struct wr_joined *joined, struct wr_part_file *part,
                            const struct wr_part_head *like, struct wr_error *error)
{
    int number = 0, count = 0;
    if (sscanf(part->head.words[WR_PART_NUMBER], "%d/%d", &number, &count) != 2 || number < 1 ||
        number > count)
        return wr_fail(error, WR_FAILED, "%s does not say which part it is", part->path);
    const enum wr_status status = check_words(part, like, error);
    if (status)
        return status;
    if (count != joined->count)
        return wr_fail(error, WR_FAILED, "%s is one of %d parts, but there %s %d here", part->path,
                       count, joined->count == 1 ? "is" : "are", joined->count);
    if (joined->parts[number - 1].file)
        return wr_fail(error, WR_FAILED, "%s and %s are both part %d of %d",
                       joined->parts[number - 1].path, part->path, number, count);
    joined->parts[number - 1] = *part;
    return WR_OK;
}

enum wr_status wr_joined_open(struct wr_joined **joined, const char *const *paths,
                              const struct wr_part_head *like, struct wr_error *error)
{
    struct wr_joined *j = *joined = calloc(1, sizeof *j);
    while (j && paths[j->count])
        j->count++;
    if (j)
        j->parts = calloc((size_t)j->count + 1, sizeof *j->parts);
    enum wr_status status = j && j->parts ? WR_OK : wr_fail(error, WR_FAILED, "out of memory");
    for (int n = 0; !status && n < j->count; n++) {
        struct wr_part_file part;
        status = wr_part_open(&part, paths[n], error);
        if (!status)
            status = place(j, &part, like, error);
        if (status)
            wr_part_close(&part);
    }
    if (status)
        wr_joined_close(joined);
    return status;
}

// All parts must have come to their ends, and agree on how long the video is.
static int check_end(struct wr_joined *joined, int last, struct wr_error *error)
{
    for (int n = 0; n < joined->count; n++) {
        struct wr_part_file *part = &joined->parts[n];
        struct wr_piece more = {0};
        const int status = n == last ? WR_END : wr_part_read(part, &more, error);
        wr_piece_close(&more);
        if (status && status != WR_END)
            return status;
        if (!status || part->tail.frames != joined->frames)
            return wr_fail(error, WR_FAILED,
                           "%s is a part of a video with another number of frames than the %lld "
                           "that the parts have together: where the input is damaged, make it in "
                           "one run, without --part",
                           part->path, (long long)joined->frames);
    }
    joined->has_ended = true;
    return WR_END;
}

int wr_joined_next(struct wr_joined *joined, struct wr_piece *piece, struct wr_error *error)
{
    if (joined->has_ended)
        return WR_END;
    const int turn = (int)(joined->pieces % joined->count);
    const int status = wr_part_read(&joined->parts[turn], piece, error);
    if (status == WR_END)
        return check_end(joined, turn, error);
    if (status)
        return status;
    if (piece->number != joined->pieces) {
        const long long number = piece->number;
        wr_piece_close(piece);
        return wr_fail(error, WR_FAILED, "%s has piece %lld where piece %lld belongs",
                       joined->parts[turn].path, number + 1, (long long)joined->pieces + 1);
    }
    joined->pieces++;
    joined->frames += piece->frames;
    return WR_OK;
}

int64_t wr_joined_damaged(const struct wr_joined *joined)
{
    int64_t damaged = 0;
    for (int n = 0; n < joined->count; n++)
        damaged = FFMAX(damaged, joined->parts[n].tail.damaged);
    return damaged;
}

void wr_joined_close(struct wr_joined **joined)
{
    struct wr_joined *old = *joined;
    if (!old)
        return;
    for (int n = 0; n < old->count && old->parts; n++)
        wr_part_close(&old->parts[n]);
    free(old->parts);
    free(old);
    *joined = NULL;
}
