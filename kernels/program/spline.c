// SPDX-License-Identifier: MIT
// Natural cubic splines: a tridiagonal system for the bends, then a cubic between each two points.
#include "kernels/program/spline.h"

void wr_spline_prepare(struct wr_spline *s)
{
    // Gauss: row i says that the slopes of the cubics left and right of point i agree.
    double upper[WR_SPLINE_POINTS] = {0};
    const int last = s->count - 1;
    if (s->count)
        s->bend[0] = 0;
    for (int i = 1; i < last; i++) {
        const double left = s->x[i] - s->x[i - 1], right = s->x[i + 1] - s->x[i];
        const double slopes = (s->y[i + 1] - s->y[i]) / right - (s->y[i] - s->y[i - 1]) / left;
        const double pivot = 2 * (left + right) - left * upper[i - 1];
        upper[i] = right / pivot;
        s->bend[i] = (6 * slopes - left * s->bend[i - 1]) / pivot;
    }
    if (last > 0)
        s->bend[last] = 0;
    for (int i = last - 1; i > 0; i--)
        s->bend[i] -= upper[i] * s->bend[i + 1];
}

double wr_spline_at(const struct wr_spline *s, double x)
{
    if (s->count == 0)
        return x;
    if (x <= s->x[0])
        return s->y[0];
    int i = 1;
    while (i < s->count && x > s->x[i])
        i++;
    if (i == s->count)
        return s->y[s->count - 1];
    const double width = s->x[i] - s->x[i - 1];
    const double right = (x - s->x[i - 1]) / width, left = 1 - right;
    return left * s->y[i - 1] + right * s->y[i] +
           width * width / 6 *
               ((left * left * left - left) * s->bend[i - 1] +
                (right * right * right - right) * s->bend[i]);
}
