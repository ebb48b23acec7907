// SPDX-License-Identifier: MIT
// What operators do to sizes, of constants and of pictures alike: shapes, boxes, orders of axes.
#include "kernels/model/fold.h"

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

enum wr_status wr_fold_sizes(struct wr_resolver *r, int rank, const int64_t *sizes)
{
    int64_t first = wr_node_integer(r->node, "start", 0);
    int64_t end = wr_node_integer(r->node, "end", rank);
    first = clamp(first < 0 ? clamp(first, -rank, 0) + rank : first, 0, rank);
    end = clamp(end < 0 ? clamp(end, -rank, 0) + rank : end, first, rank);
    const int64_t count = end - first;
    struct wr_constant shape;
    if (!wr_constant_open(&shape, true, 1, &count))
        return wr_resolver_fail(r);
    for (int64_t n = 0; n < count; n++)
        shape.integers[n] = sizes[first + n];
    return wr_resolver_give(r, &shape);
}

// Models that cut pictures into squares by Reshape fail here where the size is no multiple of them.
static enum wr_status refuse_shape(const struct wr_resolver *r)
{
    const char *const what = "its new shape does not hold as many values as the old one";
    const struct wr_tensor picture = r->tensors[0];
    const struct wr_known *const input = wr_resolver_input(r, 0);
    if (!input || input->kind == WR_CONSTANT)
        return wr_resolver_refuse(r, "%s", what);
    return wr_resolver_refuse(r,
                              "%s; the model does not take pictures of %dx%d (perhaps it needs "
                              "even sizes: put pad or scale before it)",
                              what, picture.width, picture.height);
}

enum wr_status wr_fold_new_shape(struct wr_resolver *r, int rank, const int64_t *sizes,
                                 int *new_rank, int64_t new_sizes[WR_MOST_AXES])
{
    enum wr_status status;
    const struct wr_constant *const shape = wr_resolver_constant(r, 1, &status);
    if (status)
        return status;
    if (!shape || shape->count > WR_MOST_AXES)
        return wr_resolver_refuse(r, "its new shape is missing or has more than %d axes",
                                  WR_MOST_AXES);
    const bool zero_is_zero = wr_node_integer(r->node, "allowzero", 0) != 0;
    const int64_t whole = wr_constant_count(rank, sizes);
    int open = -1;
    *new_rank = (int)shape->count;
    for (int n = 0; n < *new_rank; n++) {
        new_sizes[n] = wr_constant_integer(shape, (size_t)n);
        if (new_sizes[n] == 0 && !zero_is_zero && n < rank)
            new_sizes[n] = sizes[n];
        if (new_sizes[n] == -1 && open < 0)
            new_sizes[open = n] = 1;
    }
    const int64_t count = wr_constant_count(*new_rank, new_sizes);
    if (open >= 0 && count > 0 && whole % count == 0)
        new_sizes[open] = whole / count;
    if (whole < 0 || wr_constant_count(*new_rank, new_sizes) != whole)
        return refuse_shape(r);
    return WR_OK;
}

enum wr_status wr_fold_box(struct wr_resolver *r, int rank, const int64_t *whole, int64_t *first,
                           int64_t *sizes, int64_t *steps)
{
    enum wr_status status[4];
    const struct wr_constant *const starts = wr_resolver_constant(r, 1, &status[0]);
    const struct wr_constant *const ends = wr_resolver_constant(r, 2, &status[1]);
    const struct wr_constant *const axes = wr_resolver_constant(r, 3, &status[2]);
    const struct wr_constant *const strides = wr_resolver_constant(r, 4, &status[3]);
    for (int n = 0; n < 4; n++)
        if (status[n])
            return status[n];
    if (!starts || !ends || starts->count != ends->count ||
        (axes && axes->count != starts->count) || (strides && strides->count != starts->count) ||
        (!axes && (int)starts->count > rank))
        return wr_resolver_refuse(r, "its lists are missing or not of the same length");
    for (int n = 0; n < rank; n++)
        first[n] = 0, sizes[n] = whole[n], steps[n] = 1;
    for (size_t n = 0; n < starts->count; n++) {
        int axis;
        if (wr_resolver_axis(r, axes ? wr_constant_integer(axes, n) : (int64_t)n, rank, &axis))
            return WR_USAGE;
        const int64_t size = whole[axis], step = strides ? wr_constant_integer(strides, n) : 1;
        if (step == 0 || step < -(1 << 30) || step > 1 << 30)
            return wr_resolver_refuse(r, "its step of %lld is not supported", (long long)step);
        int64_t start = wr_constant_integer(starts, n), end = wr_constant_integer(ends, n);
        const int64_t low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;
        start = clamp(start < 0 ? start + size : start, step > 0 ? 0 : low, high);
        end = clamp(end < 0 ? end + size : end, low, high);
        const int64_t span = step > 0 ? end - start : start - end, by = step > 0 ? step : -step;
        first[axis] = start;
        sizes[axis] = span > 0 && size > 0 ? (span + by - 1) / by : 0;
        steps[axis] = step;
    }
    return WR_OK;
}

enum wr_status wr_fold_order(struct wr_resolver *r, int rank, int64_t *order)
{
    const struct wr_attribute *const given = wr_node_find(r->node, "perm");
    unsigned seen = 0;
    for (int n = 0; n < rank; n++) {
        order[n] = rank - 1 - n;
        if (given && (int)given->numbers.count == rank)
            order[n] = wr_constant_integer(&given->numbers, (size_t)n);
        if (order[n] >= 0 && order[n] < rank)
            seen |= 1u << order[n];
    }
    if (seen != (1u << rank) - 1 || (given && (int)given->numbers.count != rank))
        return wr_resolver_refuse(r, "its order of axes is none of %d axes", rank);
    return WR_OK;
}
