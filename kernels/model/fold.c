// SPDX-License-Identifier: MIT
// Operators between constants, mostly for shape arithmetic.
#include "kernels/model/fold.h"

#include <math.h>
#include <string.h>

// Input n, which is there and a constant; NULL with an error where it is left out.
static const struct wr_constant *need(struct wr_resolver *r, int n)
{
    enum wr_status status;
    const struct wr_constant *const c = wr_resolver_constant(r, n, &status);
    if (!c && !status)
        wr_resolver_refuse(r, "its input %d is missing", n + 1);
    return c;
}

// Opens a constant for the node to give.
static enum wr_status open(struct wr_resolver *r, struct wr_constant *c, bool is_integer, int rank,
                           const int64_t *sizes)
{
    const enum wr_status status = wr_resolver_room(r, rank, sizes);
    if (status)
        return status;
    return wr_constant_open(c, is_integer, rank, sizes) ? WR_OK : wr_resolver_fail(r);
}

// Gives part of a constant, as wr_constant_pick().
static enum wr_status give_pick(struct wr_resolver *r, const struct wr_constant *in, int rank,
                                const int64_t *sizes, int64_t first, const int64_t *steps)
{
    struct wr_constant c;
    const enum wr_status status = wr_resolver_room(r, rank, sizes);
    if (status)
        return status;
    if (!wr_constant_pick(&c, in, rank, sizes, first, steps))
        return wr_resolver_fail(r);
    return wr_resolver_give(r, &c);
}

// Gives the same values in another shape.
static enum wr_status give_shaped(struct wr_resolver *r, const struct wr_constant *in, int rank,
                                  const int64_t *sizes)
{
    struct wr_constant shape = {.rank = rank};
    int64_t steps[WR_MOST_AXES];
    if (rank)
        memcpy(shape.sizes, sizes, (size_t)rank * sizeof *sizes);
    wr_constant_steps(&shape, steps);
    return give_pick(r, in, rank, sizes, 0, steps);
}

enum wr_status wr_fold_identity(struct wr_resolver *r)
{
    const struct wr_constant *const in = need(r, 0);
    return in ? give_shaped(r, in, in->rank, in->sizes) : WR_USAGE;
}

enum wr_status wr_fold_constant(struct wr_resolver *r)
{
    static const char *const names[] = {"value", "value_float", "value_int"};
    static const char *const lists[] = {"value_floats", "value_ints"};
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        const struct wr_attribute *const value = wr_node_find(r->node, names[n]);
        if (value && !value->text && (!n || value->numbers.count))
            return give_shaped(r, &value->numbers, n ? 0 : value->numbers.rank,
                               value->numbers.sizes);
    }
    for (size_t n = 0; n < sizeof lists / sizeof *lists; n++) {
        const struct wr_attribute *const value = wr_node_find(r->node, lists[n]);
        if (value && !value->text)
            return give_shaped(r, &value->numbers, 1, value->numbers.sizes);
    }
    return wr_resolver_refuse(r, "it holds no number");
}

enum wr_status wr_fold_shape(struct wr_resolver *r)
{
    const struct wr_constant *const in = need(r, 0);
    return in ? wr_fold_sizes(r, in->rank, in->sizes) : WR_USAGE;
}

enum wr_status wr_fold_cast(struct wr_resolver *r)
{
    const struct wr_constant *const in = need(r, 0);
    const int64_t to = wr_node_integer(r->node, "to", 0);
    struct wr_constant c;
    if (!in)
        return WR_USAGE;
    if (to != 1 && to != 6 && to != 7 && to != 10 && to != 11)
        return wr_resolver_refuse(r, "conversion to data type %lld is not supported",
                                  (long long)to);
    const enum wr_status status = open(r, &c, to == 6 || to == 7, in->rank, in->sizes);
    if (status)
        return status;
    for (size_t n = 0; n < c.count; n++)
        if (c.integers)
            c.integers[n] = wr_constant_integer(in, n);
        else
            c.floats[n] = (float)wr_constant_number(in, n);
    return wr_resolver_give(r, &c);
}

enum wr_status wr_fold_rounding(struct wr_resolver *r)
{
    const struct wr_constant *const in = need(r, 0);
    struct wr_constant c;
    const enum wr_status status = in ? open(r, &c, in->integers, in->rank, in->sizes) : WR_USAGE;
    if (status)
        return status;
    for (size_t n = 0; n < c.count; n++) {
        const double number = wr_constant_number(in, n);
        wr_constant_put(&c, n, r->node->operation->detail ? ceil(number) : floor(number));
    }
    return wr_resolver_give(r, &c);
}

enum wr_status wr_fold_constant_of_shape(struct wr_resolver *r)
{
    const struct wr_constant *const shape = need(r, 0);
    const struct wr_attribute *const value = wr_node_find(r->node, "value");
    int64_t sizes[WR_MOST_AXES];
    struct wr_constant c;
    if (!shape || shape->count > WR_MOST_AXES)
        return shape ? wr_resolver_refuse(r, "its shape has more than %d axes", WR_MOST_AXES)
                     : WR_USAGE;
    for (size_t n = 0; n < shape->count; n++)
        sizes[n] = wr_constant_integer(shape, n);
    const bool is_integer = value && value->numbers.integers;
    const enum wr_status status = open(r, &c, is_integer, (int)shape->count, sizes);
    if (status)
        return status;
    for (size_t n = 0; value && value->numbers.count && n < c.count; n++)
        wr_constant_put(&c, n, wr_constant_number(&value->numbers, 0));
    return wr_resolver_give(r, &c);
}

enum wr_status wr_fold_axes(struct wr_resolver *r)
{
    enum wr_status status;
    const struct wr_constant *const in = need(r, 0);
    const struct wr_constant *const axes = in ? wr_resolver_list(r, 1, "axes", &status) : NULL;
    const bool adds = r->node->operation->detail;
    if (!in || (!axes && (adds || status)))
        return !in || status ? WR_USAGE : wr_resolver_refuse(r, "its axes are missing");
    const int64_t rank = in->rank + (adds ? (int64_t)axes->count : 0);
    if (rank > WR_MOST_AXES)
        return wr_resolver_refuse(r, "it makes more than %d axes", WR_MOST_AXES);
    bool is_named[WR_MOST_AXES] = {false};
    for (size_t n = 0; axes && n < axes->count; n++) {
        int axis;
        if (wr_resolver_axis(r, wr_constant_integer(axes, n), (int)rank, &axis))
            return WR_USAGE;
        is_named[axis] = true;
    }
    int64_t sizes[WR_MOST_AXES];
    int count = 0, taken = 0;
    for (int n = 0; n < rank; n++) {
        if (adds)
            sizes[count++] = is_named[n] || taken >= in->rank ? 1 : in->sizes[taken++];
        else if (axes ? !is_named[n] : in->sizes[n] != 1)
            sizes[count++] = in->sizes[n];
    }
    if (wr_constant_count(count, sizes) != (int64_t)in->count)
        return wr_resolver_refuse(r, "its axes do not suit its input");
    return give_shaped(r, in, count, sizes);
}

enum wr_status wr_fold_reshape(struct wr_resolver *r)
{
    const struct wr_constant *const in = need(r, 0);
    int64_t sizes[WR_MOST_AXES];
    int rank;
    const enum wr_status status =
        in ? wr_fold_new_shape(r, in->rank, in->sizes, &rank, sizes) : WR_USAGE;
    return status ? status : give_shaped(r, in, rank, sizes);
}

enum wr_status wr_fold_transpose(struct wr_resolver *r)
{
    const struct wr_constant *const in = need(r, 0);
    int64_t order[WR_MOST_AXES], steps[WR_MOST_AXES], sizes[WR_MOST_AXES], whole[WR_MOST_AXES];
    const enum wr_status status = in ? wr_fold_order(r, in->rank, order) : WR_USAGE;
    if (status)
        return status;
    wr_constant_steps(in, whole);
    for (int n = 0; n < in->rank; n++) {
        sizes[n] = in->sizes[order[n]];
        steps[n] = whole[order[n]];
    }
    return give_pick(r, in, in->rank, sizes, 0, steps);
}

enum wr_status wr_fold_slice(struct wr_resolver *r)
{
    const struct wr_constant *const in = need(r, 0);
    int64_t first[WR_MOST_AXES], sizes[WR_MOST_AXES], steps[WR_MOST_AXES], whole[WR_MOST_AXES];
    const enum wr_status status =
        in ? wr_fold_box(r, in->rank, in->sizes, first, sizes, steps) : WR_USAGE;
    if (status)
        return status;
    wr_constant_steps(in, whole);
    int64_t at = 0;
    for (int n = 0; n < in->rank; n++) {
        at += first[n] * whole[n];
        steps[n] *= whole[n];
    }
    return give_pick(r, in, in->rank, sizes, at, steps);
}

enum wr_status wr_fold_gather(struct wr_resolver *r)
{
    const struct wr_constant *const in = need(r, 0), *const which = in ? need(r, 1) : NULL;
    int axis;
    if (!which || wr_resolver_axis(r, wr_node_integer(r->node, "axis", 0), in->rank, &axis))
        return WR_USAGE;
    if (in->rank != 1)
        return wr_resolver_refuse(r, "it is supported for lists of numbers only");
    struct wr_constant c;
    enum wr_status status = open(r, &c, in->integers, which->rank, which->sizes);
    for (size_t n = 0; !status && n < c.count; n++) {
        int at;
        status = wr_resolver_axis(r, wr_constant_integer(which, n), (int)in->count, &at);
        if (status)
            wr_constant_close(&c);
        else if (c.integers)
            c.integers[n] = in->integers[at];
        else
            c.floats[n] = in->floats[at];
    }
    return status ? status : wr_resolver_give(r, &c);
}

enum wr_status wr_fold_concat(struct wr_resolver *r)
{
    const int inputs = r->node->input_count;
    int64_t count = 0;
    bool is_integer = true;
    for (int n = 0; n < inputs; n++) {
        const struct wr_constant *const in = need(r, n);
        if (!in)
            return WR_USAGE;
        if (in->rank != 1)
            return wr_resolver_refuse(r, "it is supported for pictures and lists of numbers only");
        count += (int64_t)in->count;
        is_integer &= in->integers != NULL;
    }
    struct wr_constant c;
    const enum wr_status status = open(r, &c, is_integer, 1, &count);
    if (status)
        return status;
    size_t at = 0;
    for (int n = 0; n < inputs; n++) {
        const struct wr_constant *const in = need(r, n);
        for (size_t k = 0; k < in->count; k++, at++)
            if (is_integer)
                c.integers[at] = in->integers[k];
            else
                c.floats[at] = (float)wr_constant_number(in, k);
    }
    return wr_resolver_give(r, &c);
}
