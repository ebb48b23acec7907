// SPDX-License-Identifier: MIT
// unsharp: two passes for each plane that is sharpened or blurred.
#include "kernels/filters/unsharp.h"

#include "kernels/program/filter.h"

enum {
    unsharp_wide_rows_scratch_use = WR_NEEDS_SCRATCH,
    unsharp_wide_columns_scratch_use = WR_NO_SCRATCH,
};
WR_DEFINE_KERNELS

struct unsharp_parameters {
    int luma_msize_x, luma_msize_y;
    double luma_amount;
    int chroma_msize_x, chroma_msize_y;
    double chroma_amount;
    int alpha_msize_x, alpha_msize_y;
    double alpha_amount;
};

#define SIZE(field, alias, help)                                                                   \
    WR_PARAMETER(struct unsharp_parameters, field, alias, "5", 3, UNSHARP_MAX_SIZE, help)
#define AMOUNT(field, alias, standard, help)                                                       \
    WR_PARAMETER(struct unsharp_parameters, field, alias, standard, -2, 5, help)

static const struct wr_parameter parameters[] = {
    SIZE(luma_msize_x, "lx", "width of the luma (or RGB) window, odd"),
    SIZE(luma_msize_y, "ly", "height of the luma (or RGB) window, odd"),
    AMOUNT(luma_amount, "la", "1", "strength for luma (or RGB), negative blurs"),
    SIZE(chroma_msize_x, "cx", "width of the chroma window, odd"),
    SIZE(chroma_msize_y, "cy", "height of the chroma window, odd"),
    AMOUNT(chroma_amount, "ca", "0", "strength for chroma, negative blurs"),
    SIZE(alpha_msize_x, "ax", "width of the alpha window, odd"),
    SIZE(alpha_msize_y, "ay", "height of the alpha window, odd"),
    AMOUNT(alpha_amount, "aa", "0", "strength for alpha, negative blurs"),
};

struct effect {
    const char *name;
    int size_x, size_y;
    double amount;
};

// Row `size` of Pascal's triangle.
static void binomial(int weights[UNSHARP_MAX_SIZE], int size)
{
    weights[0] = 1;
    for (int n = 1; n < size; n++) {
        weights[n] = 1;
        for (int k = n - 1; k > 0; k--)
            weights[k] += weights[k - 1];
    }
}

// Up to this reach the CPU has loops of constant length.
enum { NARROW = 4 };

struct kernels {
    const struct wr_kernel *rows, *columns;
};

// Narrow windows whose sums along rows have 16 bits, and others, some of which need more than 32.
// Where a file has samples of more bits than its format says, sums of 16 bits wrap around.
static struct kernels kernels_for(int sum_bits, int reach_x, int reach_y, int dropped, bool is_long)
{
    if (sum_bits <= 16 && reach_x <= NARROW && reach_y <= NARROW && !is_long)
        return (struct kernels){&wr_unsharp_rows_kernel, &wr_unsharp_columns_kernel};
    return (struct kernels){
        dropped ? &wr_unsharp_rows_shifted_kernel : &wr_unsharp_wide_rows_kernel,
        is_long ? &wr_unsharp_columns_long_kernel : &wr_unsharp_wide_columns_kernel};
}

static void lower_plane(struct wr_lowering *lowering, struct wr_plane *plane,
                        const struct effect *effect)
{
    const int depth = lowering->picture.format.depth;
    const int bits_x = effect->size_x - 1, bits_y = effect->size_y - 1;
    const int reach_x = effect->size_x / 2, reach_y = effect->size_y / 2;
    const int dropped = depth + bits_x > 32 ? depth + bits_x - 32 : 0;
    // The largest amount, times the largest difference of samples, has 19 bits more than a sample.
    const bool is_long = depth > 12 || depth + bits_x + bits_y > 32;

    struct unsharp rows = {.shift = dropped}, columns = {.shift = bits_x + bits_y - dropped};
    binomial(rows.weights, effect->size_x);
    binomial(columns.weights, effect->size_y);
    columns.amount = (int)((float)effect->amount * 65536.0);
    columns.max = (1 << depth) - 1;

    const struct wr_plane before = *plane;
    const struct kernels kernels = kernels_for(depth + bits_x, reach_x, reach_y, dropped, is_long);
    struct wr_pass *pass = wr_plane_pass(lowering, kernels.rows, &rows, plane);
    pass->reach_x = reach_x;
    pass->scratch = kernels.rows->scratch ? unsharp_scratch(reach_x) : 0;
    pass = wr_plane_pass(lowering, kernels.columns, &columns, plane);
    wr_pass_in(pass, before);
    pass->reach_y = reach_y;
}

static enum wr_status check(const struct wr_lowering *lowering, const struct effect *effect)
{
    if (effect->size_x % 2 == 0 || effect->size_y % 2 == 0)
        return wr_refuse(lowering, "%s_msize_x:%s_msize_y=%d:%d is not allowed, both must be odd",
                         effect->name, effect->name, effect->size_x, effect->size_y);
    if (effect->size_x + effect->size_y > 26)
        return wr_refuse(lowering,
                         "%s_msize_x:%s_msize_y=%d:%d is not allowed, together they are at most 26",
                         effect->name, effect->name, effect->size_x, effect->size_y);
    return WR_OK;
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct unsharp_parameters *p = values;
    const struct effect luma = {"luma", p->luma_msize_x, p->luma_msize_y, p->luma_amount};
    const struct effect chroma = {"chroma", p->chroma_msize_x, p->chroma_msize_y, p->chroma_amount};
    const struct effect alpha = {"alpha", p->alpha_msize_x, p->alpha_msize_y, p->alpha_amount};
    enum wr_status status = check(lowering, &luma);
    if (!status)
        status = check(lowering, &chroma);
    if (!status)
        status = check(lowering, &alpha);

    struct wr_picture *picture = &lowering->picture;
    for (int n = 0; n < wr_format_planes(&picture->format) && !status; n++) {
        const struct effect *effect = wr_format_is_alpha(&picture->format, n)    ? &alpha
                                      : wr_format_is_chroma(&picture->format, n) ? &chroma
                                                                                 : &luma;
        if ((int)((float)effect->amount * 65536.0) != 0)
            lower_plane(lowering, &picture->plane[n], effect);
    }
    return status;
}

const struct wr_filter wr_unsharp_filter = {
    .name = "unsharp",
    .help = "Sharpen or blur the picture.",
    .example = "unsharp=7:7:1.5",
    WR_PARAMETERS(parameters, struct unsharp_parameters),
    .lower = lower,
};
