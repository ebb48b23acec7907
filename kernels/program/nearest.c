// SPDX-License-Identifier: MIT
// The tables of the nearest samples, and the passes that read them.
#include "kernels/program/nearest.h"

#include <stdlib.h>

#include "kernels/pixel/nearest.h"
#include "kernels/program/resample_weights.h"

WR_DEFINE_KERNELS

// Where each output sample is taken from, as a table.
static int make_places(struct wr_program *program, const struct wr_axis *axis, bool *is_dense)
{
    int32_t *places = calloc((size_t)axis->out, sizeof *places);
    double weight;
    *is_dense = true;
    for (int n = 0; n < axis->out && places; n++) {
        wr_resample_weights(WR_NEIGHBOR, n * axis->ratio + axis->start, axis->ratio, axis->in,
                            &places[n], &weight);
        *is_dense &= n == 0 || places[n] <= places[n - 1] + 1;
    }
    if (!places) {
        program->out_of_memory = true;
        return 0;
    }
    const int table = wr_program_table(program, places, (size_t)axis->out * sizeof *places);
    free(places);
    return table;
}

void wr_take_nearest(struct wr_lowering *lowering, struct wr_plane *planes, int count,
                     const struct wr_axis *x, const struct wr_axis *y)
{
    bool is_dense, any;
    const int columns = make_places(lowering->program, x, &is_dense);
    const int rows = make_places(lowering->program, y, &any);
    const struct nearest nearest = {is_dense};
    for (int p = 0; p < count && !lowering->program->out_of_memory; p++) {
        struct wr_pass *pass =
            wr_sized_pass(lowering, &wr_nearest_kernel, &nearest, &planes[p], x->out, y->out);
        wr_pass_table(pass, columns, (size_t)x->out * sizeof(int32_t));
        wr_pass_table(pass, rows, (size_t)y->out * sizeof(int32_t));
        pass->row_table = rows;
        pass->row_count = 1;
    }
}
