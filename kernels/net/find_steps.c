// SPDX-License-Identifier: MIT
// Runs networks on a pattern of edges, lines, noise and plain areas, in floats and in integers.
#include "kernels/net/find_steps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/net/steps.h"

enum { DEPTH = 16, COLORS = 3, LEAST_PSNR = 50 };

// Values may become so much larger in other pictures.
static const double headroom = 1.5;

struct trial {
    const struct wr_network *network;
    struct wr_net_tensor *tensors;
    float *most;   // of each tensor, the largest magnitude
    float *result; // the last tensor as its plane has it
    unsigned char *planes[COLORS];
};

// ---- the pattern

static uint32_t noise_at(int x, int y, int plane)
{
    uint32_t mixed =
        (uint32_t)x * 73856093u ^ (uint32_t)y * 19349663u ^ (uint32_t)plane * 83492791u;
    mixed = (mixed ^ mixed >> 13) * 0x5BD1E995u;
    return (mixed ^ mixed >> 15) & 0xFFFF;
}

// 0 to 65535.
static int pattern_at(int x, int y, int plane)
{
    enum { TILE = 12, WHITE = 65535, GRAY = 32768 };
    const int tile = x / TILE + 3 * (y / TILE), inside_x = x % TILE, inside_y = y % TILE;
    switch ((tile + (y / TILE % 2) * plane) % 8) {
    case 0:
        return WHITE * inside_x / (TILE - 1);
    case 1:
        return inside_x % 2 ? WHITE : 0;
    case 2:
        return (int)noise_at(x, y, plane);
    case 3:
        return WHITE;
    case 4:
        return inside_x == TILE / 2 && inside_y == TILE / 2 ? WHITE : 0;
    case 5:
        return inside_x + inside_y < TILE ? WHITE : 0;
    case 6:
        return GRAY + ((int)noise_at(x, y, plane) - GRAY) / 8;
    default:
        return inside_x / 2 % 2 == inside_y / 2 % 2 ? WHITE : 0;
    }
}

static bool draw_pattern(struct trial *trial)
{
    const int width = trial->network->input.width, height = trial->network->input.height;
    for (int p = 0; p < wr_net_colors_of(trial->network); p++) {
        uint16_t *to = malloc(sizeof *to * (size_t)width * (size_t)height);
        trial->planes[p] = (unsigned char *)to;
        for (int y = 0; y < height && to; y++)
            for (int x = 0; x < width; x++)
                *to++ = (uint16_t)pattern_at(x, y, p);
        if (!to)
            return false;
    }
    return true;
}

// ---- runs

static int channels_of(const struct wr_net_tensor *tensor)
{
    return tensor->size.channels * tensor->factor * tensor->factor;
}

// A loop over the values of a tensor's plane, without those that pad its pixels.
#define EACH_VALUE(tensor, at)                                                                     \
    for (ptrdiff_t at = 0, padded = wr_net_padded(channels_of(tensor)),                            \
                   end = (ptrdiff_t)(tensor)->plane.width * (tensor)->plane.height;                \
         at < end; at++)                                                                           \
        if (at % padded < channels_of(tensor))

static void note_values(void *context, const struct wr_pass *pass, const void *values)
{
    struct trial *trial = context;
    for (int n = 0; n <= trial->network->count; n++) {
        const struct wr_net_tensor *tensor = &trial->tensors[n];
        if (tensor->plane.buffer != pass->out[0].buffer || tensor->steps > 0)
            continue;
        EACH_VALUE(tensor, at)
        {
            const float size = fabsf(((const float *)values)[at]);
            trial->most[n] = size <= trial->most[n] ? trial->most[n] : size;
        }
        if (n == trial->network->count)
            memcpy(trial->result, values,
                   sizeof(float) * (size_t)tensor->plane.width * (size_t)tensor->plane.height);
    }
}

static struct wr_format pattern_format(const struct wr_network *network)
{
    return (struct wr_format){.model = wr_net_colors_of(network) == COLORS ? WR_RGB : WR_GRAY,
                              .width = network->input.width,
                              .height = network->input.height,
                              .depth = DEPTH,
                              .full_range = true};
}

static enum wr_status run_program(struct trial *trial, struct wr_lowering *lowering, double noise,
                                  const float *steps)
{
    const struct wr_network *network = trial->network;
    wr_net_load(lowering, lowering->picture.plane, wr_net_colors_of(network),
                network->input.channels, wr_net_noise(noise), trial->tensors);
    const enum wr_status status = wr_net_lower(lowering, network, steps, trial->tensors);
    if (status)
        return status;
    const struct wr_plane *last = &trial->tensors[network->count].plane;
    free(trial->result);
    trial->result = calloc((size_t)last->width * (size_t)last->height, sizeof *trial->result);
    if (lowering->program->out_of_memory || !trial->result)
        return wr_fail(lowering->error, WR_FAILED, "out of memory while preparing the filters");
    return lowering->syntax->try_program(lowering->program,
                                         (const unsigned char *const *)trial->planes, note_values,
                                         trial, lowering->error);
}

static enum wr_status run(struct trial *trial, const struct wr_lowering *outer, double noise,
                          const float *steps)
{
    const struct wr_format format = pattern_format(trial->network);
    struct wr_program program;
    wr_program_open(&program, &format);
    struct wr_lowering lowering = *outer;
    lowering.program = &program;
    lowering.picture = program.input;
    lowering.nominal = format;
    memset(trial->tensors, 0, sizeof *trial->tensors * ((size_t)trial->network->count + 1));
    const enum wr_status status = run_program(trial, &lowering, noise, steps);
    wr_program_close(&program);
    return status;
}

// ---- what they say

static double limited(float value)
{
    return value > 0 ? fmin((double)value, 1) : 0;
}

// In dB, of the result beside one that is known to be better.
static double psnr(const struct trial *trial, const float *better)
{
    const struct wr_net_tensor *tensor = &trial->tensors[trial->network->count];
    double sum = 0, count = 0;
    EACH_VALUE(tensor, at)
    {
        const double difference = limited(trial->result[at]) - limited(better[at]);
        sum += difference * difference;
        count++;
    }
    return 10 * log10(count / fmax(sum, 1e-9));
}

static enum wr_status find_steps(struct trial *trial, struct wr_lowering *lowering, double noise,
                                 float *steps)
{
    enum wr_status status = run(trial, lowering, noise, NULL);
    for (int n = 0; n <= trial->network->count && !status; n++) {
        const double most = (double)trial->most[n] * headroom;
        steps[n] = (float)(NET_MOST_STEPS / fmax(most, 1e-6));
        if (!(most < 1e12))
            status = wr_refuse(lowering, "precision=int: values of the model become too large");
    }
    if (status)
        return status;
    float *const better = trial->result;
    trial->result = NULL;
    status = run(trial, lowering, noise, steps);
    const double close = status ? 0 : psnr(trial, better);
    free(better);
    if (!status && close < LEAST_PSNR)
        status = wr_refuse(lowering,
                           "precision=int: on a test pattern the model's result is at %.1f dB from "
                           "that of precision=float, allowed are %d and more",
                           close, LEAST_PSNR);
    return status;
}

enum wr_status wr_net_find_steps(struct wr_lowering *lowering, const struct wr_network *network,
                                 double noise, float *steps)
{
    const size_t tensors = (size_t)network->count + 1;
    struct trial trial = {network,
                          calloc(tensors, sizeof *trial.tensors),
                          calloc(tensors, sizeof *trial.most),
                          NULL,
                          {0}};
    const enum wr_status status =
        trial.tensors && trial.most && draw_pattern(&trial)
            ? find_steps(&trial, lowering, noise, steps)
            : wr_fail(lowering->error, WR_FAILED, "out of memory while preparing the filters");
    for (int p = 0; p < COLORS; p++)
        free(trial.planes[p]);
    free(trial.result);
    free(trial.most);
    free(trial.tensors);
    return status;
}
