// SPDX-License-Identifier: MIT
// Passes, tables and rows of layers.
#include "kernels/net/layer.h"

#include <stdlib.h>
#include <string.h>

#include "kernels/net/activation.h"

int wr_net_padded(int channels)
{
    for (int padded = NET_LANES; padded <= NET_COLUMNS; padded += NET_LANES)
        if (padded >= channels && NET_COLUMNS % padded == 0)
            return padded;
    return 0;
}

struct wr_pass *wr_net_pass(struct wr_lowering *lowering, const struct wr_kernel *kernel,
                            const void *arguments, struct wr_tensor size, struct wr_net_tensor *out)
{
    const struct wr_format *format = &lowering->picture.format;
    struct wr_pass *pass =
        wr_program_pass(lowering->program, kernel, lowering->filter, format, arguments);
    pass->name = lowering->part ? lowering->part : pass->label;
    out->size = size;
    out->factor = 1;
    out->plane = wr_program_buffer(lowering->program, kernel->out[0], format,
                                   size.width * wr_net_padded(size.channels), size.height);
    wr_pass_out(pass, out->plane);
    pass->span = 1;
    return pass;
}

int wr_net_table(struct wr_lowering *lowering, const float *values, int count, int padded)
{
    float *table = calloc((size_t)padded, sizeof *table);
    if (!table) {
        lowering->program->out_of_memory = true;
        return 0;
    }
    if (values)
        memcpy(table, values, sizeof *table * (size_t)count);
    const int number = wr_program_table(lowering->program, table, sizeof *table * (size_t)padded);
    free(table);
    return number;
}

void wr_net_rows(struct wr_lowering *lowering, struct wr_pass *pass, const int32_t *first,
                 int count)
{
    const int height = pass->in[0].height, rows = pass->out[0].height;
    int32_t *table = calloc((size_t)rows, sizeof *table);
    if (!table) {
        lowering->program->out_of_memory = true;
        return;
    }
    pass->row_count = count < height ? count : height;
    for (int y = 0; y < rows; y++)
        table[y] = wr_clamp(first[y], 0, height - pass->row_count);
    pass->row_table = wr_program_table(lowering->program, table, sizeof *table * (size_t)rows);
    free(table);
}

void wr_net_near_rows(struct wr_lowering *lowering, struct wr_pass *pass, int factor, int before,
                      int count)
{
    const int rows = pass->out[0].height;
    int32_t *first = calloc((size_t)rows, sizeof *first);
    if (!first) {
        lowering->program->out_of_memory = true;
        return;
    }
    for (int y = 0; y < rows; y++)
        first[y] = y / factor - before;
    wr_net_rows(lowering, pass, first, count);
    free(first);
}
