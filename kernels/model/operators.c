// SPDX-License-Identifier: MIT
// The operators that models may use: one row each.
#include "kernels/model/operators.h"

#include <stdlib.h>
#include <string.h>

#include "kernels/model/fold.h"
#include "kernels/model/lower.h"
#include "kernels/model/model.h"
#include "kernels/model/network.h"

// clang-format off
static const struct wr_operator operators[] = {
    {"Add", wr_lower_binary, wr_fold_binary, WR_LAYER_ADD},
    {"BatchNormalization", wr_lower_normalization, NULL, 0},
    {"Cast", wr_lower_cast, wr_fold_cast, 0},
    {"Ceil", NULL, wr_fold_rounding, 1},
    {"Clip", wr_lower_activation, NULL, WR_ACTIVATION_CLIP},
    {"Concat", wr_lower_concat, wr_fold_concat, 0},
    {"Constant", NULL, wr_fold_constant, 0},
    {"ConstantOfShape", NULL, wr_fold_constant_of_shape, 0},
    {"Conv", wr_lower_convolution, NULL, 0},
    {"ConvTranspose", wr_lower_transposed_convolution, NULL, 0},
    {"DepthToSpace", wr_lower_rearrangement, NULL, WR_LAYER_DEPTH_TO_SPACE},
    {"Div", wr_lower_binary, wr_fold_binary, WR_DIVIDE},
    {"Floor", NULL, wr_fold_rounding, 0},
    {"Gather", NULL, wr_fold_gather, 0},
    {"Identity", wr_lower_identity, wr_fold_identity, 0},
    {"LeakyRelu", wr_lower_activation, NULL, WR_ACTIVATION_PRELU},
    {"Mod", NULL, wr_fold_binary, WR_REMAINDER},
    {"Mul", wr_lower_binary, wr_fold_binary, WR_LAYER_MULTIPLY},
    {"PRelu", wr_lower_prelu, NULL, 0},
    {"Pad", wr_lower_pad, NULL, 0},
    {"Relu", wr_lower_activation, NULL, WR_ACTIVATION_RELU},
    {"Reshape", wr_lower_reshape, wr_fold_reshape, 0},
    {"Resize", wr_lower_resize, NULL, 0},
    {"Shape", wr_lower_shape, wr_fold_shape, 0},
    {"Sigmoid", wr_lower_activation, NULL, WR_ACTIVATION_SIGMOID},
    {"Slice", wr_lower_slice, wr_fold_slice, 0},
    {"SpaceToDepth", wr_lower_rearrangement, NULL, WR_LAYER_SPACE_TO_DEPTH},
    {"Split", wr_lower_split, NULL, 0},
    {"Squeeze", NULL, wr_fold_axes, 0},
    {"Sub", wr_lower_binary, wr_fold_binary, WR_LAYER_SUBTRACT},
    {"Swish", wr_lower_activation, NULL, WR_ACTIVATION_SWISH},
    {"Tanh", wr_lower_activation, NULL, WR_ACTIVATION_TANH},
    {"Transpose", wr_lower_transpose, wr_fold_transpose, 0},
    {"Unsqueeze", NULL, wr_fold_axes, 1},
};
// clang-format on

static int compare(const void *name, const void *operation)
{
    return strcmp(name, ((const struct wr_operator *)operation)->name);
}

const struct wr_operator *wr_operator_find(const char *name)
{
    return bsearch(name, operators, sizeof operators / sizeof *operators, sizeof *operators,
                   compare);
}

const char *wr_operator_name(int n)
{
    return n < (int)(sizeof operators / sizeof *operators) ? operators[n].name : NULL;
}
