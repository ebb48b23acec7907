// SPDX-License-Identifier: MIT
// Kernels of floats have counterparts in fixed point. Buffers of floats that only such passes touch
// get another storage, and these passes their counterparts, with weights and gains to match.
#include "kernels/program/to_fixed_point.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/program/resampler.h"

#include "kernels/pixel/convert.h"
WR_DECLARE_KERNELS
#undef KERNELS
#include "kernels/pixel/fixed.h"
WR_DEFINE_KERNELS

enum kind { COLUMNS, ROWS, TO_RGB, TO_YUV };

static const struct counterpart {
    const struct wr_kernel *of, *kernel;
    enum kind kind;
} counterparts[] = {
    {&wr_resample_column_first_kernel, &wr_fixed_column_first_kernel, COLUMNS},
    {&wr_resample_column_middle_kernel, &wr_fixed_column_middle_kernel, COLUMNS},
    {&wr_resample_column_last_kernel, &wr_fixed_column_last_kernel, COLUMNS},
    {&wr_phases_first_kernel, &wr_fixed_row_first_kernel, ROWS},
    {&wr_phases_last_kernel, &wr_fixed_row_last_kernel, ROWS},
    {&wr_convert_moved_to_16_kernel, &wr_fixed_to_rgb_kernel, TO_RGB},
    {&wr_split_to_8_kernel, &wr_fixed_to_yuv_kernel, TO_YUV},
};

// What a program's passes become. Arrays are by pass, by buffer and by table.
struct plan {
    struct wr_program *program;
    const struct counterpart **to; // NULL: the pass stays what it is
    bool *fixed_buffers;
    int *fixed_tables; // numbers, 0: none yet
};

// ---- weights

static const double one = 16384;

// How much larger one direction of resampling may make a value at most, by overshooting. With this,
// 8-bit samples fit 16 bits after both directions. No value goes through more than two of them.
static const double most_overshoot = 1.4;

// The weights of a pass: those of window n begin at all[n * next] and are `step` apart.
struct windows {
    const float *all;
    int count, taps;
    ptrdiff_t next, step;
};

static struct windows windows_of(const struct wr_program *program, const struct wr_pass *pass,
                                 enum kind kind)
{
    const int positions = kind == ROWS ? pass->out[0].width : pass->out[0].height;
    return (struct windows){program->tables[pass->table[1]].data, positions, pass->span,
                            kind == ROWS ? 1 : pass->span, kind == ROWS ? positions : 1};
}

static bool weights_fit(const struct windows *w)
{
    for (int n = 0; n < w->count; n++) {
        double sum = 0;
        for (int k = 0; k < w->taps; k++)
            sum += fabsf(w->all[n * w->next + k * w->step]);
        if (sum > most_overshoot)
            return false;
    }
    return true;
}

// Rounds weights. What rounding takes from their sum is added to the largest weight, so that an
// area of one value keeps that value.
static void round_weights(const struct windows *w, int16_t *to)
{
    for (int n = 0; n < w->count; n++) {
        const ptrdiff_t first = n * w->next;
        ptrdiff_t largest = first;
        int left = (int)one;
        for (int k = 0; k < w->taps; k++) {
            const ptrdiff_t place = first + k * w->step;
            to[place] = (int16_t)lrint(w->all[place] * one);
            left -= to[place];
            largest = to[place] > to[largest] ? place : largest;
        }
        to[largest] += (int16_t)left;
    }
}

// Rounds table n of a pass. Planes that are resampled in the same way share a table, and share the
// rounded one, too. The table of floats stays in the program: other passes may use it, and it is
// small.
static void round_table(struct plan *plan, struct wr_pass *pass, int n,
                        const struct windows *windows)
{
    struct wr_program *program = plan->program;
    int *number = &plan->fixed_tables[pass->table[n]];
    const size_t count = pass->table_bytes[n] / sizeof(float);
    int16_t *rounded = *number ? NULL : calloc(count, sizeof *rounded);
    if (rounded) {
        round_weights(windows, rounded);
        *number = wr_program_table(program, rounded, count * sizeof *rounded);
    } else if (!*number) {
        program->out_of_memory = true;
    }
    free(rounded);
    pass->table[n] = *number;
    pass->table_bytes[n] = count * sizeof *rounded;
}

static void round_tables(struct plan *plan, struct wr_pass *pass, enum kind kind)
{
    const struct windows windows = windows_of(plan->program, pass, kind);
    round_table(plan, pass, 1, &windows);
    if (kind == COLUMNS)
        return;
    const struct phases *phases = (const struct phases *)pass->arguments;
    const struct windows repeated = {plan->program->tables[pass->table[2]].data, phases->up,
                                     PHASES_TAPS, PHASES_TAPS, 1};
    round_table(plan, pass, 2, &repeated);
}

// ---- gains

// Rounds a gain; false if it does not fit.
static bool round_gain(double gain, int16_t *to)
{
    *to = (int16_t)lrint(fmin(fmax(gain, -INT16_MAX), INT16_MAX));
    return fabs(gain) < INT16_MAX;
}

// The gains of a conversion to RGB of 16 bits. False if one does not fit.
static bool find_to_rgb(const struct convert_pixel *from, struct fixed_to_rgb *to)
{
    const double unit = 8191.0 / 65535, scale = unit * 32768 / (1 << FIXED_BITS);
    const double grey = from->gain[1][0] + from->gain[1][1], zero = from->offset[1] - 0.5;
    return (from->max == UINT16_MAX) & round_gain(from->gain[0][0] * scale, &to->luma) &
           round_gain((grey * FIXED_ZERO + zero) * unit, &to->offset) &
           round_gain(from->gain[1][1] * scale, &to->blue) &
           round_gain(from->gain[2][2] * scale, &to->red) &
           round_gain(from->gain[0][1] * scale, &to->green_by_blue) &
           round_gain(from->gain[0][2] * scale, &to->green_by_red);
}

// The gains of a conversion from RGB. False if one does not fit, as for RGB of fewer than 16 bits.
static bool find_to_yuv(const struct convert_split *from, struct fixed_to_yuv *to)
{
    const double whole = 32768, chroma = 2 * whole * (1 << FIXED_BITS), luma = chroma / 2;
    const double middle = from->gain[0] * 32768.5 + from->offset[0];
    const bool fits = round_gain(from->weight[1] * whole, &to->blue) &
                      round_gain(from->weight[2] * whole, &to->red) &
                      round_gain(from->gain[0] * luma, &to->luma) &
                      round_gain(middle * (1 << FIXED_BITS) / 2, &to->offset) &
                      round_gain(from->gain[1] * chroma, &to->blue_difference) &
                      round_gain(from->gain[2] * chroma, &to->red_difference);
    to->green = (int16_t)(32768 - to->blue - to->red);
    return fits;
}

// ---- passes

static bool storages_fit(const struct wr_program *program, const struct wr_pass *pass,
                         const struct wr_kernel *kernel)
{
    for (int n = 0; n <= pass->inputs; n++) {
        const struct wr_plane *plane = n < pass->inputs ? &pass->in[n] : &pass->out[0];
        const enum wr_storage is = program->buffers[plane->buffer].storage;
        const enum wr_storage due = n < pass->inputs ? kernel->in[n] : kernel->out[0];
        if (is != (due == WR_I16 ? WR_F32 : due))
            return false;
    }
    return true;
}

// The arguments of a pass as its counterpart's; false if they, or its weights, do not fit.
static bool find_arguments(const struct wr_program *program, const struct wr_pass *pass,
                           enum kind kind, void *to)
{
    const void *from = pass->arguments;
    if (kind == TO_RGB)
        return find_to_rgb(from, to);
    if (kind == TO_YUV)
        return find_to_yuv(from, to);
    const struct windows windows = windows_of(program, pass, kind);
    memcpy(to, from, pass->kernel->arguments_size);
    return weights_fit(&windows);
}

static const struct counterpart *find_counterpart(const struct wr_program *program,
                                                  const struct wr_pass *pass)
{
    _Alignas(8) unsigned char arguments[WR_ARGUMENTS_SIZE];
    for (size_t n = 0; n < sizeof counterparts / sizeof *counterparts; n++) {
        const struct counterpart *to = &counterparts[n];
        if (to->of == pass->kernel && storages_fit(program, pass, to->kernel) &&
            find_arguments(program, pass, to->kind, arguments))
            return to;
    }
    return NULL;
}

static void replace(struct plan *plan, int k)
{
    struct wr_pass *pass = &plan->program->passes[k];
    const struct counterpart *to = plan->to[k];
    _Alignas(8) unsigned char arguments[WR_ARGUMENTS_SIZE];
    find_arguments(plan->program, pass, to->kind, arguments);
    memcpy(pass->arguments, arguments, to->kernel->arguments_size);
    pass->kernel = to->kernel;
    if (to->kind == COLUMNS || to->kind == ROWS)
        round_tables(plan, pass, to->kind);
}

// ---- the plan

static bool is_float(const struct plan *plan, const struct wr_plane *plane)
{
    return plan->program->buffers[plane->buffer].storage == WR_F32;
}

// Planes of a pass, one after the other.
static const struct wr_plane *plane_of(const struct wr_pass *pass, int n)
{
    return n < pass->inputs ? &pass->in[n] : &pass->out[n - pass->inputs];
}

static void mark_buffers(struct plan *plan)
{
    const struct wr_program *program = plan->program;
    for (int b = 0; b < program->buffer_count; b++)
        plan->fixed_buffers[b] = program->buffers[b].storage == WR_F32;
    for (int k = 0; k < program->pass_count; k++)
        for (int n = 0; n < program->passes[k].inputs + program->passes[k].outputs; n++)
            if (!plan->to[k])
                plan->fixed_buffers[plane_of(&program->passes[k], n)->buffer] = false;
}

// Gives up passes with a plane that stays floats; returns whether there was one.
static bool drop_passes(struct plan *plan)
{
    const struct wr_program *program = plan->program;
    bool any = false;
    for (int k = 0; k < program->pass_count; k++)
        for (int n = 0; n < program->passes[k].inputs + program->passes[k].outputs; n++) {
            const struct wr_plane *plane = plane_of(&program->passes[k], n);
            if (!plan->to[k] || !is_float(plan, plane) || plan->fixed_buffers[plane->buffer])
                continue;
            plan->to[k] = NULL;
            any = true;
        }
    return any;
}

static void carry_out(struct plan *plan)
{
    struct wr_program *program = plan->program;
    for (int k = 0; k < program->pass_count; k++)
        plan->to[k] = find_counterpart(program, &program->passes[k]);
    do
        mark_buffers(plan);
    while (drop_passes(plan));
    for (int k = 0; k < program->pass_count; k++)
        if (plan->to[k])
            replace(plan, k);
    for (int b = 0; b < program->buffer_count; b++)
        if (plan->fixed_buffers[b])
            program->buffers[b].storage = WR_I16;
}

void wr_to_fixed_point(struct wr_program *program)
{
    if (program->out_of_memory || program->input.format.depth > 8 ||
        program->output.format.depth > 8)
        return;
    struct plan plan = {program, calloc((size_t)program->pass_count + 1, sizeof *plan.to),
                        calloc((size_t)program->buffer_count + 1, sizeof *plan.fixed_buffers),
                        calloc((size_t)program->table_count + 1, sizeof *plan.fixed_tables)};
    if (plan.to && plan.fixed_buffers && plan.fixed_tables)
        carry_out(&plan);
    else
        program->out_of_memory = true;
    free(plan.to);
    free(plan.fixed_buffers);
    free(plan.fixed_tables);
}
