// SPDX-License-Identifier: MIT
// The natural cubic spline through a few points, for tone curves.
#pragma once

#include <stdbool.h>

#define WR_SPLINE_POINTS 64

struct wr_spline {
    int count;
    double x[WR_SPLINE_POINTS], y[WR_SPLINE_POINTS]; // x rising
    double bend[WR_SPLINE_POINTS];                   // second derivatives, set by wr_spline_prepare
};

// Solves for the bends that make the curve smooth, with none at its two ends (de Boor, A Practical
// Guide to Splines, 1978).
void wr_spline_prepare(struct wr_spline *spline);

// The curve at x: flat outside the points, x itself where there are no points.
double wr_spline_at(const struct wr_spline *spline, double x);
