// SPDX-License-Identifier: MIT
// Arithmetic between two constants, each of which is repeated along the axes that it lacks.
#include <math.h>

#include "kernels/model/fold.h"

// Whole numbers wrap around, as they do in the runtimes that models come from. False if it has no
// result.
static bool compute_integer(const struct wr_node *node, int64_t a, int64_t b, int64_t *result)
{
    const uint64_t x = (uint64_t)a, y = (uint64_t)b;
    switch (node->operation->detail) {
    case WR_LAYER_ADD:
        *result = (int64_t)(x + y);
        return true;
    case WR_LAYER_SUBTRACT:
        *result = (int64_t)(x - y);
        return true;
    case WR_LAYER_MULTIPLY:
        *result = (int64_t)(x * y);
        return true;
    default:
        break;
    }
    if (b == 0 || (a == INT64_MIN && b == -1))
        return false;
    if (node->operation->detail == WR_DIVIDE) {
        *result = a / b;
        return true;
    }
    *result = a % b;
    if (*result && (*result < 0) != (b < 0) && !wr_node_integer(node, "fmod", 0))
        *result += b;
    return true;
}

// Double precision, rounded to float32 afterwards, gives the bits of float32 arithmetic.
static double compute_number(const struct wr_node *node, double a, double b)
{
    switch (node->operation->detail) {
    case WR_LAYER_ADD:
        return a + b;
    case WR_LAYER_SUBTRACT:
        return a - b;
    case WR_LAYER_MULTIPLY:
        return a * b;
    case WR_DIVIDE:
        return a / b;
    default:
        return fmod(a, b);
    }
}

// Sizes of the result. False where the two do not suit each other.
static bool join_sizes(const struct wr_constant *const in[2], int *rank, int64_t *sizes)
{
    *rank = in[0]->rank > in[1]->rank ? in[0]->rank : in[1]->rank;
    for (int n = 0; n < *rank; n++) {
        sizes[n] = 1;
        for (int k = 0; k < 2; k++) {
            const int axis = n - (*rank - in[k]->rank);
            const int64_t size = axis < 0 ? 1 : in[k]->sizes[axis];
            if (size != 1 && sizes[n] != 1 && size != sizes[n])
                return false;
            sizes[n] = size == 1 ? sizes[n] : size;
        }
    }
    return wr_constant_count(*rank, sizes) >= 0;
}

// A constant repeated to those sizes.
static bool repeat(struct wr_constant *out, const struct wr_constant *in, int rank,
                   const int64_t *sizes)
{
    int64_t own[WR_MOST_AXES], steps[WR_MOST_AXES];
    wr_constant_steps(in, own);
    for (int n = 0; n < rank; n++) {
        const int axis = n - (rank - in->rank);
        steps[n] = axis < 0 || in->sizes[axis] == 1 ? 0 : own[axis];
    }
    return wr_constant_pick(out, in, rank, sizes, 0, steps);
}

// The result goes into *a.
static enum wr_status compute(struct wr_resolver *r, struct wr_constant *a,
                              const struct wr_constant *b)
{
    for (size_t n = 0; n < a->count; n++) {
        if (!a->integers)
            a->floats[n] =
                (float)compute_number(r->node, (double)a->floats[n], wr_constant_number(b, n));
        else if (!compute_integer(r->node, a->integers[n], wr_constant_integer(b, n),
                                  &a->integers[n]))
            return wr_resolver_refuse(r, "it divides by zero");
    }
    return WR_OK;
}

enum wr_status wr_fold_binary(struct wr_resolver *r)
{
    enum wr_status status;
    const struct wr_constant *in[2];
    for (int n = 0; n < 2; n++)
        if (!(in[n] = wr_resolver_constant(r, n, &status)))
            return status ? status : wr_resolver_refuse(r, "its input %d is missing", n + 1);
    int rank;
    int64_t sizes[WR_MOST_AXES];
    if (!join_sizes(in, &rank, sizes))
        return wr_resolver_refuse(r, "the sizes of its inputs do not suit each other");
    if (!in[0]->integers != !in[1]->integers)
        return wr_resolver_refuse(r, "its inputs are not of one type");
    status = wr_resolver_room(r, rank, sizes);
    if (status)
        return status;
    struct wr_constant a = {0}, b = {0};
    status = repeat(&a, in[0], rank, sizes) && repeat(&b, in[1], rank, sizes) ? compute(r, &a, &b)
                                                                              : wr_resolver_fail(r);
    wr_constant_close(&b);
    if (status)
        wr_constant_close(&a);
    return status ? status : wr_resolver_give(r, &a);
}
