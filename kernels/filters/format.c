// SPDX-License-Identifier: MIT
// format: the layout and depth of the picture from here on.
#include <string.h>

#include "kernels/program/converter.h"

enum { MOST_NAMES = 64, LONGEST_NAME = 32 };

struct format_parameters {
    const char *pix_fmts;
    int color_spaces, color_ranges;
};

// Numbers of H.273 beside their names.
static const char *const space_names[] = {"auto",      "bt709",     "fcc",      "bt470bg",
                                          "smpte170m", "smpte240m", "bt2020nc", NULL};
static const int spaces[] = {2, 1, 4, 5, 6, 7, 9};

enum { AUTO, LIMITED, FULL };
static const char *const range_names[] = {"auto", "tv", "pc", NULL};

static const struct wr_parameter parameters[] = {
    WR_PARAMETER_FORMATS(
        struct format_parameters, pix_fmts, NULL, "",
        "names of pixel formats, a|b|c: the picture's own if it is listed, else the "
        "one that loses least; packed names mean the same samples as planar ones"),
    WR_PARAMETER_CHOICE(
        struct format_parameters, color_spaces, NULL, "auto", space_names,
        "matrix of the new YUV picture; auto keeps the picture's, or the one it had "
        "before it became RGB; if there is none, bt709 from 1280 pixels in width "
        "or 577 in height on, and smpte170m below"),
    WR_PARAMETER_CHOICE(
        struct format_parameters, color_ranges, NULL, "auto", range_names,
        "limited (tv) or full (pc) range; auto keeps that of YUV, takes full for RGB, "
        "gray, yuvj420p and other yuvj formats, and limited for YUV made of RGB or gray"),
};

// What the names in text stand for; names point into `words`.
struct list {
    char words[MOST_NAMES][LONGEST_NAME];
    const char *names[MOST_NAMES];
    struct wr_format formats[MOST_NAMES];
    int count;
};

static enum wr_status read_list(const struct wr_lowering *lowering, const char *text,
                                struct list *list)
{
    while (*text) {
        const size_t length = strcspn(text, "|");
        if (list->count == MOST_NAMES)
            return wr_refuse(lowering, "pix_fmts has more than %d names", MOST_NAMES);
        char *word = list->words[list->count];
        memcpy(word, text, length);
        lowering->syntax->parse_format(word, &list->formats[list->count]);
        list->names[list->count++] = word;
        text += length + (text[length] == '|');
    }
    return WR_OK;
}

static bool same_samples(const struct wr_format *a, const struct wr_format *b)
{
    return a->model == b->model && a->depth == b->depth && a->alpha == b->alpha &&
           a->log2_chroma_w == b->log2_chroma_w && a->log2_chroma_h == b->log2_chroma_h;
}

static const struct wr_format *choose(const struct wr_lowering *lowering, const struct list *list)
{
    for (int n = 0; n < list->count; n++)
        if (same_samples(&list->formats[n], &lowering->nominal) &&
            list->formats[n].full_range <= lowering->nominal.full_range)
            return &list->formats[n];
    return &list->formats[lowering->syntax->choose_format(&lowering->nominal, list->names,
                                                          list->count)];
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct format_parameters *p = values;
    const struct wr_format *nominal = &lowering->nominal;
    struct list list = {.count = 0};
    const enum wr_status status = read_list(lowering, p->pix_fmts, &list);
    if (status)
        return status;
    struct wr_format to = *nominal;
    if (list.count) {
        const struct wr_format *chosen = choose(lowering, &list);
        to.model = chosen->model;
        to.depth = chosen->depth;
        to.alpha = chosen->alpha;
        to.log2_chroma_w = chosen->log2_chroma_w;
        to.log2_chroma_h = chosen->log2_chroma_h;
        to.full_range = chosen->full_range || wr_usual_range(nominal, to.model);
        to.range_open &= to.model == nominal->model && !chosen->full_range;
    }
    if (p->color_ranges != AUTO) {
        to.full_range = p->color_ranges == FULL;
        to.range_open = false;
    }
    if (p->color_spaces != AUTO && to.model == WR_YUV)
        to.matrix = spaces[p->color_spaces];
    return wr_convert(lowering, &to);
}

const struct wr_filter wr_format_filter = {
    .name = "format",
    .help = "Convert the picture to a pixel format.",
    .example = "format=yuv422p10|yuv444p10",
    .works_on = WR_ON_AS_IS,
    WR_PARAMETERS(parameters, struct format_parameters),
    .reshapes = true,
    .lower = lower,
};
