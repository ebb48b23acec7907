// SPDX-License-Identifier: MIT
// Lowers a chain stretch by stretch. Filters of a stretch find the picture in one format, so that
// it is converted once before them all, and not at all for frames for which each of them is off.
#include "lib/chain/lower.h"

#include <libavutil/bprint.h>
#include <string.h>

#include "kernels/program/converter.h"
#include "kernels/program/enable.h"
#include "kernels/program/place.h"
#include "lib/media/pixel_format.h"

static enum wr_works_on works_on(const struct wr_parameters *use)
{
    const struct wr_filter *filter = use->filter;
    return filter->works_on_for ? filter->works_on_for(use->values) : filter->works_on;
}

// The format in which a filter is to find the picture.
static struct wr_format format_for(enum wr_works_on works_on, const struct wr_lowering *lowering)
{
    const struct wr_format *now = &lowering->picture.format, *nominal = &lowering->nominal;
    struct wr_format fine = *nominal;
    switch (works_on) {
    case WR_ON_RGB:
        return wr_rgb_inside(now);
    case WR_ON_YUV:
        return nominal->model != WR_RGB ? *nominal
               : now->model != WR_RGB   ? *now
                                        : wr_yuv_inside(now);
    case WR_ON_444:
        fine.log2_chroma_w = fine.log2_chroma_h = 0;
        return fine;
    case WR_ON_AS_IS:
        return *now;
    default:
        return *nominal;
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

static void take_places(struct wr_format *to, const struct wr_format *from)
{
    to->chroma_location = from->chroma_location;
    to->chroma_right = from->chroma_right;
    to->chroma_down = from->chroma_down;
}

// Whether a pass from number `first` on computes a row of the source picture from several of its
// rows. In a picture that is turned, the source's rows are columns. A pass that only moves chroma
// to another place does not count. A filter that turns the picture has set format->rows itself.
static bool mixes_rows(const struct wr_program *program, int first, const struct wr_format *before,
                       const struct wr_format *now)
{
    const bool is_turned = wr_format_is_turned(before);
    if (wr_format_is_turned(now) != is_turned && now->rows != WR_ROWS_MIXED)
        return false;
    for (int n = first; n < program->pass_count; n++) {
        const struct wr_pass *pass = &program->passes[n];
        const bool reads_several = pass->reach_y || (is_turned && pass->reach_x) ||
                                   pass->reads_anywhere ||
                                   (pass->row_table >= 0 && pass->row_count > 1);
        if (reads_several && pass->in[0].height == before->height)
            return true;
    }
    return false;
}

static enum wr_status lower_one(struct wr_lowering *lowering, const struct wr_parameters *use,
                                AVBPrint *text)
{
    const struct wr_format *format = &lowering->picture.format, before = *format;
    const int first = lowering->program->pass_count;
    lowering->filter = use->filter->name;
    av_bprintf(text, "%s%s", text->len ? "," : "", use->filter->name);
    wr_parameters_print(use, text);
    const enum wr_status status = use->filter->lower(lowering, use->values);
    if (works_on(use) != WR_ON_AS_IS && mixes_rows(lowering->program, first, &before, format))
        wr_mix_rows(lowering);
    struct wr_format in_place = *format;
    take_places(&in_place, &before);
    const bool reshaped = format->width != before.width || format->height != before.height ||
                          !wr_same_layout(&in_place, &before);
    if (!status && use->enable && reshaped)
        return wr_refuse(lowering,
                         "enable='%s' is not possible where the size or layout of the "
                         "picture changes",
                         use->enable);
    return status;
}

static bool same_enable(const struct wr_parameters *a, const struct wr_parameters *b)
{
    return a->enable && b->enable ? !strcmp(a->enable, b->enable) : a->enable == b->enable;
}

// How many filters, from the first on, are switched on and off together, by the same `enable`.
static int count_switched(const struct wr_parameters *uses, int count)
{
    int n = 1;
    while (n < count && same_enable(&uses[n], uses))
        n++;
    return n;
}

// How many filters, from the first on, share one conversion: those that work on the same format
// and, between them, those that only mirror the picture. If all the others may be off, the stretch
// ends before a mirror that is on for other frames than the filter before it; otherwise frames
// would be converted for the mirror alone.
static int count_stretch(const struct wr_parameters *uses, int count)
{
    const enum wr_works_on needed = works_on(uses);
    bool always = !uses->enable;
    int length = 1, mirror = count;
    for (int n = 1; n < count && needed != WR_ON_AS_IS; n++)
        if (works_on(&uses[n]) == needed) {
            length = n + 1;
            always |= !uses[n].enable;
        } else if (!uses[n].filter->mirrors) {
            break;
        } else if (!same_enable(&uses[n], &uses[n - 1]) && mirror == count) {
            mirror = n;
        }
    return always || length < mirror ? length : mirror;
}

// A filter that mirrors only some frames leaves no place of chroma, and no order of rows, that
// would be right for all frames: the places before it stay, and rows count as mixed.
static void forget_mirrors(struct wr_lowering *lowering, const struct wr_format *before)
{
    struct wr_format *format = &lowering->picture.format;
    take_places(format, before);
    if (format->rows != before->rows)
        wr_mix_rows(lowering);
}

// Lowers filters that are switched together. *when gets the number that says for which frames they
// are on. All other frames stay as they were before, unless `elsewhere` says that the caller sees
// to that.
static enum wr_status lower_switched(struct wr_lowering *lowering, const struct wr_parameters *uses,
                                     int count, bool elsewhere, int *when, AVBPrint *text)
{
    const struct wr_picture before = lowering->picture;
    const int first = lowering->program->pass_count;
    enum wr_status status = WR_OK;
    for (int n = 0; n < count && !status; n++)
        status = lower_one(lowering, &uses[n], text);
    *when = WR_ALWAYS;
    if (!status && uses->enable)
        status = wr_compile_when(lowering, &before.format, uses->enable, when);
    if (!status && !elsewhere)
        wr_enable(lowering, &before, first, *when);
    if (!status && uses->enable)
        forget_mirrors(lowering, &before.format);
    return status;
}

// What filters change that find the picture in a format of their own.
static void follow_picture(struct wr_format *nominal, const struct wr_format *now)
{
    nominal->alpha = now->alpha;
    if (nominal->log2_chroma_w != now->log2_chroma_w ||
        nominal->log2_chroma_h != now->log2_chroma_h)
        return;
    take_places(nominal, now);
}

static enum wr_status lower_stretch(struct wr_lowering *lowering, const struct wr_parameters *uses,
                                    int count, AVBPrint *text)
{
    lowering->filter = uses->filter->name;
    const enum wr_works_on needed = works_on(uses);
    const struct wr_format layout = format_for(needed, lowering);
    const bool is_nominal = wr_same_layout(&lowering->picture.format, &lowering->nominal);
    enum wr_status status = is_nominal ? WR_OK : convert(lowering, &layout, text);
    const struct wr_picture before = lowering->picture;
    const int first = lowering->program->pass_count;
    const bool converted = !wr_same_layout(&before.format, &layout);
    if (!status)
        status = convert(lowering, &layout, text);
    int any = WR_NEVER;
    for (int n = 0, length; n < count && !status; n += length) {
        int when = WR_ALWAYS;
        length = count_switched(uses + n, count - n);
        status =
            lower_switched(lowering, uses + n, length, converted && length == count, &when, text);
        any = wr_either(lowering->program, any, when);
    }
    if (!status && converted && any != WR_ALWAYS) {
        status = convert(lowering, &before.format, text);
        wr_enable(lowering, &before, first, any);
    }
    if (needed == WR_ON_NOMINAL || needed == WR_ON_AS_IS)
        lowering->nominal = lowering->picture.format;
    else
        follow_picture(&lowering->nominal, &lowering->picture.format);
    return status;
}

enum wr_status wr_lower_filters(struct wr_lowering *lowering, const struct wr_parameters *uses,
                                int count, AVBPrint *text)
{
    enum wr_status status = WR_OK;
    for (int n = 0, length; n < count && !status; n += length) {
        length = count_stretch(uses + n, count - n);
        status = lower_stretch(lowering, uses + n, length, text);
    }
    lowering->filter = "format";
    return status ? status : convert(lowering, &lowering->nominal, text);
}
