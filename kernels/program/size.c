// SPDX-License-Identifier: MIT
// Sizes given as expressions over the picture's own size.
#include "kernels/program/size.h"

#include <limits.h>
#include <math.h>
#include <string.h>

void wr_size_set(struct wr_size *size, const char *name, double value)
{
    for (struct wr_variable *v = size->variables; v->name; v++)
        if (!strcmp(v->name, name))
            v->value = value;
}

static void set_out(struct wr_size *size, double w, double h)
{
    wr_size_set(size, "out_w", w);
    wr_size_set(size, "ow", w);
    wr_size_set(size, "out_h", h);
    wr_size_set(size, "oh", h);
}

enum wr_status wr_size_evaluate(const struct wr_size *size, const struct wr_lowering *lowering,
                                const char *parameter, const char *expression, double *result)
{
    return wr_evaluate(lowering, parameter, expression, size->variables, result);
}

enum wr_status wr_size_open(struct wr_size *size, const struct wr_lowering *lowering,
                            const char *w_name, const char *w, const char *h_name, const char *h,
                            double (*seen)(double))
{
    const struct wr_format *format = &lowering->picture.format;
    const double aspect = (double)format->width / format->height;
    const double sar = format->sar_num ? (double)format->sar_num / format->sar_den : 1;
    const double hsub = 1 << format->log2_chroma_w, vsub = 1 << format->log2_chroma_h;
    *size = (struct wr_size){NAN,
                             NAN,
                             {{"in_w", format->width, WR_CONSTANT},
                              {"iw", format->width, WR_CONSTANT},
                              {"in_h", format->height, WR_CONSTANT},
                              {"ih", format->height, WR_CONSTANT},
                              {"out_w", NAN, WR_CONSTANT},
                              {"ow", NAN, WR_CONSTANT},
                              {"out_h", NAN, WR_CONSTANT},
                              {"oh", NAN, WR_CONSTANT},
                              {"a", aspect, WR_CONSTANT},
                              {"sar", sar, WR_CONSTANT},
                              {"dar", aspect * sar, WR_CONSTANT},
                              {"hsub", hsub, WR_CONSTANT},
                              {"vsub", vsub, WR_CONSTANT},
                              {"ohsub", hsub, WR_CONSTANT},
                              {"ovsub", vsub, WR_CONSTANT},
                              {"x", NAN, WR_CONSTANT},
                              {"y", NAN, WR_CONSTANT},
                              {NULL, 0, WR_CONSTANT}}};
    // The width comes twice, since it may have been written in terms of the height.
    enum wr_status status = wr_size_evaluate(size, lowering, w_name, w, &size->w);
    set_out(size, size->w == 0 ? format->width : seen(size->w), NAN);
    if (!status)
        status = wr_size_evaluate(size, lowering, h_name, h, &size->h);
    set_out(size, seen(size->w), size->h == 0 ? format->height : seen(size->h));
    if (!status)
        status = wr_size_evaluate(size, lowering, w_name, w, &size->w);
    set_out(size, seen(size->w), seen(size->h));
    return status;
}

static long long greatest_common_divisor(long long a, long long b)
{
    while (b) {
        const long long rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

void wr_size_keep_aspect(struct wr_format *format, int from_w, int from_h, int w, int h)
{
    long long num = (long long)from_w * h, den = (long long)from_h * w;
    long long divisor = greatest_common_divisor(num, den);
    num = num / divisor * format->sar_num;
    den = den / divisor * format->sar_den;
    divisor = greatest_common_divisor(num, den);
    num /= divisor;
    den /= divisor;
    // Ratios too fine for the field lose their last bits.
    while (num > INT_MAX || den > INT_MAX) {
        num = (num + 1) / 2;
        den = (den + 1) / 2;
    }
    format->sar_num = (int)num;
    format->sar_den = (int)den;
}
