// SPDX-License-Identifier: MIT
// What a job would hold, without running it.
#include <libavutil/mem.h>
#include <stdio.h>
#include <string.h>

#include "lib/run/job.h"

// What the driver takes for a context of its own differs from one to the next; this is its order of
// magnitude.
enum { CONTEXT_BYTES = 300 * 1024 * 1024 };

// The device that a job would take. Only "auto" has to be tried, with the smallest batch.
static const char *choose_device(const struct wr_engine_options *options,
                                 const struct wr_program *program)
{
    const char *device = wr_executor_candidate(options->device, 0);
    for (int n = 1; wr_executor_candidate(options->device, n); n++) {
        if (!wr_instances_try(options, device, program, NULL))
            break;
        device = wr_executor_candidate(options->device, n);
    }
    return device;
}

static enum wr_status fill_in(struct wr_estimate *estimate, const struct wr_engine_options *options,
                              const struct wr_program *program, struct wr_error *error)
{
    const char *device = choose_device(options, program);
    enum wr_status status =
        wr_instances_batch(options, device, program, &estimate->rows[0].batch, error);
    snprintf(estimate->device, sizeof estimate->device, "%s", device);
    estimate->instances = wr_engine_instances(options, device);
    estimate->context = strcmp(device, wr_cpu_executor.name) ? CONTEXT_BYTES : 0;
    const struct wr_executor_options executor = wr_engine_executor(options, 0);
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

// The program that a job would run. What keeps an output from being made is the job's to say.
static enum wr_status make_program(struct wr_program *program, char **text,
                                   const struct wr_job_options *options,
                                   const struct wr_reader *reader, struct wr_error *error)
{
    struct wr_chain chain;
    struct wr_picture last;
    struct wr_output_plan plan;
    enum wr_row_order rows;
    enum wr_status status = wr_job_chain(&chain, options, error);
    if (!status)
        status = wr_chain_lower(&chain, wr_reader_format(reader), program, &last, text, error);
    wr_chain_close(&chain);
    if (status)
        return status;
    (void)wr_job_output_plan(&plan, options, reader, &last.format, &rows, NULL);
    return wr_program_finish(program, &last, rows, error);
}

enum wr_status wr_estimate(struct wr_estimate *estimate, const struct wr_engine_options *engine,
                           const struct wr_job_options *job, struct wr_error *error)
{
    struct wr_error unused;
    struct wr_reader *reader = NULL;
    struct wr_program program = {0};
    char *chain = NULL;
    *estimate = (struct wr_estimate){0};
    error = error ? error : &unused;
    const struct wr_reader_options options = wr_job_reader_options(job, -1);
    enum wr_status status = wr_engine_check(engine, error);
    if (!status)
        status = wr_reader_open(&reader, &options, error);
    if (!status)
        status = make_program(&program, &chain, job, reader, error);
    snprintf(estimate->chain, sizeof estimate->chain, "%s", chain ? chain : "");
    av_free(chain);
    if (!status)
        status = fill_in(estimate, engine, &program, error);
    wr_program_close(&program);
    wr_reader_close(&reader);
    return status;
}
