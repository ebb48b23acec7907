// SPDX-License-Identifier: MIT
// Closes expressions.
#include "kernels/program/expression.h"

void wr_expressions_close(struct wr_expression *const *expressions, int count)
{
    for (int n = 0; n < count; n++)
        if (expressions[n])
            expressions[n]->close(expressions[n]);
}
