// SPDX-License-Identifier: MIT
// Operators between constants, mostly for shape arithmetic: each gives the node's output.
#pragma once

#include "kernels/model/resolve.h"

// What wr_fold_binary() and wr_lower_binary() know beside WR_LAYER_ADD, SUBTRACT and MULTIPLY.
enum { WR_DIVIDE = 100, WR_REMAINDER };

enum wr_status wr_fold_axes(struct wr_resolver *r); // Squeeze; with a detail, Unsqueeze
enum wr_status wr_fold_binary(struct wr_resolver *r);
enum wr_status wr_fold_cast(struct wr_resolver *r);
enum wr_status wr_fold_concat(struct wr_resolver *r);
enum wr_status wr_fold_constant(struct wr_resolver *r);
enum wr_status wr_fold_constant_of_shape(struct wr_resolver *r);
enum wr_status wr_fold_gather(struct wr_resolver *r);
enum wr_status wr_fold_identity(struct wr_resolver *r);
enum wr_status wr_fold_reshape(struct wr_resolver *r);
enum wr_status wr_fold_rounding(struct wr_resolver *r); // Floor; with a detail, Ceil
enum wr_status wr_fold_shape(struct wr_resolver *r);
enum wr_status wr_fold_slice(struct wr_resolver *r);
enum wr_status wr_fold_transpose(struct wr_resolver *r);

// Gives part of a shape, as Shape's attributes say.
enum wr_status wr_fold_sizes(struct wr_resolver *r, int rank, const int64_t *sizes);

// The shape that Reshape asks for of something of these sizes.
enum wr_status wr_fold_new_shape(struct wr_resolver *r, int rank, const int64_t *sizes,
                                 int *new_rank, int64_t new_sizes[WR_MOST_AXES]);

// What Slice takes along each axis of something of these sizes: from `first`, `sizes` many of them,
// `steps` apart.
enum wr_status wr_fold_box(struct wr_resolver *r, int rank, const int64_t *whole, int64_t *first,
                           int64_t *sizes, int64_t *steps);

// The order of axes that Transpose asks for.
enum wr_status wr_fold_order(struct wr_resolver *r, int rank, int64_t *order);
