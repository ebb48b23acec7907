// SPDX-License-Identifier: MIT
// Sizes given as expressions over the picture's own size, as crop, scale and their kin take them.
#pragma once

#include "kernels/program/filter.h"

// The variables FFmpeg defines: in_w iw in_h ih out_w ow out_h oh a sar dar hsub vsub ohsub ovsub x
// y.
struct wr_size {
    double w, h; // as evaluated
    struct wr_variable variables[18];
};

// Evaluates width and height; each may refer to the other, and later expressions to both, as `seen`
// shows them.
enum wr_status wr_size_open(struct wr_size *size, const struct wr_lowering *lowering,
                            const char *w_name, const char *w, const char *h_name, const char *h,
                            double (*seen)(double));

// Gives a variable its value for the expressions that follow.
void wr_size_set(struct wr_size *size, const char *name, double value);

enum wr_status wr_size_evaluate(const struct wr_size *size, const struct wr_lowering *lowering,
                                const char *parameter, const char *expression, double *result);

// Changes format's sample aspect ratio so that a picture of from_w x from_h, made w x h, keeps its
// shape.
void wr_size_keep_aspect(struct wr_format *format, int from_w, int from_h, int w, int h);
