// SPDX-License-Identifier: MIT
// What a run would hold, without running it.
#include <libavutil/mem.h>
#include <stdio.h>
#include <string.h>

#include "kernels/program/finish.h"
#include "lib/chain/chain.h"
#include "lib/run/instances.h"
#include "lib/run/run.h"

// What the driver takes for a context of its own differs from one to the next; this is its order of
// magnitude.
enum { CONTEXT_BYTES = 300 * 1024 * 1024 };

// The device that a run would take. Only "auto" has to be tried, with the smallest batch.
static const char *choose_device(const struct wr_options *options, const struct wr_program *program)
{
    const char *device = wr_executor_candidate(options->device, 0);
    for (int n = 1; wr_executor_candidate(options->device, n); n++) {
        if (!wr_instances_try(options, device, program, NULL))
            break;
        device = wr_executor_candidate(options->device, n);
    }
    return device;
}

static enum wr_status fill_in(struct wr_estimate *estimate, const struct wr_options *options,
                              const struct wr_program *program, struct wr_error *error)
{
    const char *device = choose_device(options, program);
    enum wr_status status =
        wr_instances_batch(options, device, program, &estimate->rows[0].batch, error);
    snprintf(estimate->device, sizeof estimate->device, "%s", device);
    estimate->instances = wr_instances_wanted(options, device);
    estimate->context = strcmp(device, wr_cpu_executor.name) ? CONTEXT_BYTES : 0;
    const struct wr_executor_options executor = wr_instances_options(options, 0);
    struct wr_memory memory[WR_ESTIMATES];
    int batches[WR_ESTIMATES];
    for (int n = 0; n < WR_ESTIMATES; n++)
        batches[n] = n ? 1 << (n - 1) : estimate->rows[0].batch;
    if (!status)
        status =
            wr_executor_estimate(device, program, &executor, batches, WR_ESTIMATES, memory, error);
    for (int n = 0; n < WR_ESTIMATES && !status; n++) {
        estimate->rows[n].batch = batches[n];
        estimate->rows[n].memory = memory[n];
    }
    if (status == WR_OUT_OF_MEMORY)
        status = error->status = WR_FAILED;
    return status;
}

enum wr_status wr_estimate(struct wr_estimate *estimate, const struct wr_options *options,
                           struct wr_error *error)
{
    struct wr_error unused;
    struct wr_reader *reader = NULL;
    struct wr_program program = {0};
    char *chain = NULL;
    *estimate = (struct wr_estimate){0};
    error = error ? error : &unused;
    enum wr_status status = wr_options_check(options, error);
    if (!status)
        status = wr_open_input(&reader, options, -1, error);
    if (!status)
        status = wr_lower(options, wr_reader_format(reader), &program, &chain, error);
    // Without an output, or for one that a run would refuse, frames are as most encoders take them.
    struct wr_output_plan plan = {0};
    if (!status && options->output)
        (void)wr_plan_output(&plan, options, reader, &program.output.format, NULL);
    if (!status && !plan.rows_may_be_flipped)
        status = wr_program_copy_flipped(&program, error);
    snprintf(estimate->chain, sizeof estimate->chain, "%s", chain ? chain : "");
    av_free(chain);
    if (!status)
        status = fill_in(estimate, options, &program, error);
    wr_program_close(&program);
    wr_reader_close(&reader);
    return status;
}
