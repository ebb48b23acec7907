// SPDX-License-Identifier: MIT
// Weights of the samples that a resampled one is made of.
#pragma once

// WR_FAST_BILINEAR takes the nearest two samples however much the picture shrinks; the others but
// WR_NEIGHBOR take as many as fall into the larger pixel.
enum wr_resampler {
    WR_NEIGHBOR,
    WR_AREA,
    WR_BILINEAR,
    WR_BICUBIC,
    WR_LANCZOS,
    WR_FAST_BILINEAR,
    WR_GAUSSIAN
};

// One output position in a line of `size` samples: weights[k] belongs to sample first + k. centre
// is in samples (0 is the centre of the first one), ratio input samples per output sample. Returns
// the number of weights, at most wr_resample_taps(); they sum up to 1.
int wr_resample_weights(enum wr_resampler method, double centre, double ratio, int size, int *first,
                        double *weights);

// The most weights that a position has at this ratio.
int wr_resample_taps(enum wr_resampler method, double ratio);

// Half the width of a kernel, in samples of the coarser of the two pictures.
double wr_resample_support(enum wr_resampler method);
