// SPDX-License-Identifier: MIT
// Parses a chain and lowers it, filter by filter, in the order the user wrote it.
#include "lib/chain.h"

#include <libavutil/avstring.h>
#include <libavutil/bprint.h>
#include <libavutil/mem.h>
#include <stdio.h>
#include <string.h>

#include "kernels/converter.h"
#include "kernels/enable.h"
#include "lib/layout.h"
#include "lib/parameters.h"
#include "lib/warpreel.h"
#include "lib/words.h"

static const char *filter_name(const void *filters, int n)
{
    return ((const struct wr_filter *const *)filters)[n]->name;
}

static const struct wr_filter *find_filter(const char *name, struct wr_error *error)
{
    for (int n = 0; n < wr_filter_total; n++)
        if (!strcmp(wr_filters[n]->name, name))
            return wr_filters[n];
    const char *nearest = wr_nearest(name, filter_name, wr_filters, wr_filter_total);
    if (nearest)
        wr_fail(error, WR_USAGE, "no filter '%s', did you mean '%s'?", name, nearest);
    else
        wr_fail(error, WR_USAGE, "no filter '%s', --list-filters shows all there are", name);
    return NULL;
}

// The layout that a filter is to find.
static struct wr_format layout_for(enum wr_layout layout, const struct wr_lowering *lowering)
{
    const struct wr_format *now = &lowering->picture.format, *home = &lowering->home;
    struct wr_format fine = *home;
    switch (layout) {
    case WR_LAYOUT_RGB:
        return wr_rgb_inside(now);
    case WR_LAYOUT_YUV:
        return home->model != WR_RGB ? *home : now->model != WR_RGB ? *now : wr_yuv_inside(now);
    case WR_LAYOUT_444:
        fine.log2_chroma_w = fine.log2_chroma_h = 0;
        return fine;
    case WR_LAYOUT_AS_IS:
        return *now;
    default:
        return *home;
    }
}

// Converts the picture, and says so in text as a filter of the chain.
static enum wr_status convert(struct wr_lowering *lowering, const struct wr_format *to,
                              AVBPrint *text)
{
    const struct wr_format from = lowering->picture.format;
    if (wr_same_layout(&from, to))
        return WR_OK;
    const enum wr_status status = wr_convert(lowering, to);
    if (status)
        return status;
    const struct wr_format *now = &lowering->picture.format;
    const bool is_full = wr_format_is_full(now);
    char name[32];
    wr_format_name(now, name, sizeof name);
    av_bprintf(text, "%sformat=%s%s", text->len ? "," : "", name,
               is_full == wr_usual_range(&from, now->model) ? ""
               : is_full                                    ? ":color_ranges=pc"
                                                            : ":color_ranges=tv");
    return WR_OK;
}

static enum wr_status lower_parsed(struct wr_lowering *lowering, const struct wr_parameters *parsed,
                                   AVBPrint *text)
{
    const struct wr_filter *filter = parsed->filter;
    const enum wr_layout needed =
        filter->layout_for ? filter->layout_for(parsed->values) : filter->layout;
    const struct wr_format layout = layout_for(needed, lowering);
    // Frames for which the filter is off stay as they were: not even converted from the user's
    // layout and back.
    const bool at_home = wr_same_layout(&lowering->picture.format, &lowering->home);
    enum wr_status status = at_home ? WR_OK : convert(lowering, &layout, text);
    const struct wr_picture before = lowering->picture;
    const int first = lowering->program->pass_count;
    if (!status)
        status = convert(lowering, &layout, text);
    if (status)
        return status;
    av_bprintf(text, "%s%s", text->len ? "," : "", filter->name);
    wr_parameters_print(parsed, text);
    status = filter->lower(lowering, parsed->values);
    if (!status && parsed->enable && needed != WR_LAYOUT_AS_IS)
        status = convert(lowering, &before.format, text);
    if (!status && parsed->enable)
        status = wr_enable(lowering, &before, first, parsed->enable);
    if (needed == WR_LAYOUT_ANY || needed == WR_LAYOUT_AS_IS)
        lowering->home = lowering->picture.format;
    else
        lowering->home.alpha = lowering->picture.format.alpha;
    return status;
}

static enum wr_status lower_filter(struct wr_lowering *lowering, const char *name,
                                   const char *parameters, AVBPrint *text)
{
    const struct wr_filter *filter = find_filter(name, lowering->error);
    if (!filter)
        return WR_USAGE;
    struct wr_parameters parsed;
    enum wr_status status = wr_parameters_open(&parsed, filter, parameters, lowering->error);
    if (status)
        return status;
    lowering->filter = filter->name;
    status = lower_parsed(lowering, &parsed, text);
    wr_parameters_close(&parsed);
    return status;
}

// One "name@label=parameters" from *chain, which is moved behind it.
static enum wr_status parse_filter(const char **chain, struct wr_lowering *lowering, AVBPrint *text)
{
    char *name = av_get_token(chain, "=,;[");
    char *parameters = NULL;
    if (**chain == '=') {
        ++*chain;
        parameters = av_get_token(chain, "[],;");
    }
    enum wr_status status = WR_OK;
    if (!name || (**chain && !strchr(",[];", **chain)))
        status = wr_fail(lowering->error, WR_FAILED, "out of memory while reading the filters");
    else if (**chain && **chain != ',')
        status = wr_fail(lowering->error, WR_USAGE,
                         "'%c' in the chain: links and graphs are not supported, write filters "
                         "one after the other with commas",
                         **chain);
    else if (!*name)
        status = wr_fail(lowering->error, WR_USAGE, "a filter's name is missing in the chain%s%s%s",
                         **chain ? " before '" : "", *chain, **chain ? "'" : "");
    if (!status) {
        name[strcspn(name, "@")] = '\0'; // FFmpeg's label of an instance
        status = lower_filter(lowering, name, parameters, text);
    }
    av_free(name);
    av_free(parameters);
    return status;
}

enum wr_status wr_chain_lower(const char *chain, const struct wr_format *input,
                              struct wr_program *program, char **text, struct wr_error *error)
{
    AVBPrint printed;
    av_bprint_init(&printed, 0, AV_BPRINT_SIZE_UNLIMITED);
    if (text)
        *text = NULL;
    wr_program_open(program, input);
    struct wr_lowering lowering = {.program = program,
                                   .picture = program->input,
                                   .home = *input,
                                   .matrix = wr_likely_matrix(input->width, input->height),
                                   .error = error,
                                   .words = &wr_words};
    enum wr_status status = WR_OK;
    const char *rest = chain ? chain : "";
    bool more = rest[strspn(rest, " \n\t\r")] != '\0';
    while (more && !status) {
        status = parse_filter(&rest, &lowering, &printed);
        more = *rest == ',';
        rest += more;
    }
    lowering.filter = "format";
    if (!status)
        status = convert(&lowering, &lowering.home, &printed);
    if (!status)
        status = wr_program_finish(program, &lowering.picture, error);
    const bool whole = av_bprint_is_complete(&printed);
    const bool wanted = text && !status;
    if ((av_bprint_finalize(&printed, wanted ? text : NULL) < 0 || !whole) && wanted) {
        av_freep(text);
        status = wr_fail(error, WR_FAILED, "out of memory while reading the filters");
    }
    if (status)
        wr_program_close(program);
    return status;
}
