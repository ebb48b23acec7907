// SPDX-License-Identifier: MIT
// What a job would hold, without running it.
#include "lib/run/estimate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/program/same.h"
#include "lib/input/reader_open.h"
#include "lib/run/batches/batch_size.h"
#include "lib/run/batches/device_list.h"
#include "lib/run/batches/instances_open.h"
#include "lib/run/job.h"
#include "lib/run/job_stages.h"

// What the driver takes for a context of its own differs from one to the next; this is its order of
// magnitude.
enum { CONTEXT_BYTES = 300 * 1024 * 1024 };

_Static_assert((int)WR_ESTIMATE_DEVICES == (int)WR_MAX_DEVICES, "an estimate has room for a list");

bool wr_estimate_has_device(const struct wr_estimate *estimate)
{
    for (int n = 0; n < estimate->device_count; n++)
        if (strcmp(estimate->devices[n].device, wr_cpu_executor.name) != 0)
            return true;
    return false;
}

// The device that a program would run on. Only "auto" has to be tried, with the smallest batch.
// is_ready: another program has a device.
static const char *choose_device(const struct wr_engine_options *options,
                                 const struct wr_program *program, int64_t frames, bool is_ready)
{
    char why[256];
    const char *device =
        wr_instances_first_device(options, program, frames, is_ready, why, sizeof why);
    for (int n = 1; !*why && wr_executor_candidate(options->device, n); n++) {
        if (!wr_instances_try(options, device, program, NULL))
            break;
        device = wr_executor_candidate(options->device, n);
    }
    return device;
}

// The device's place in the estimate, new where it is not there yet.
static struct wr_device_estimate *
find_device(struct wr_estimate *estimate, const struct wr_engine_options *options, const char *name)
{
    for (int n = 0; n < estimate->device_count; n++)
        if (!strcmp(estimate->devices[n].device, name))
            return &estimate->devices[n];
    struct wr_device_estimate *device = &estimate->devices[estimate->device_count++];
    snprintf(device->device, sizeof device->device, "%s", name);
    device->instances = wr_resources_instances(options, name);
    device->context = strcmp(name, wr_cpu_executor.name) ? CONTEXT_BYTES : 0;
    return device;
}

// Adds what one program would hold on a device. size: that a job would take.
static enum wr_status add_device(struct wr_device_estimate *estimate,
                                 const struct wr_engine_options *options,
                                 const struct wr_program *program,
                                 const struct wr_instance_size *size, struct wr_error *error)
{
    struct wr_executor_options executor = wr_resources_executor(options, 0);
    executor.room = size->room;
    struct wr_memory memory[WR_ESTIMATES];
    int batches[WR_ESTIMATES] = {size->batch};
    for (int n = 1; n < WR_ESTIMATES; n++)
        batches[n] = 1 << (n - 1);
    const enum wr_status status = wr_executor_estimate(estimate->device, program, &executor,
                                                       batches, WR_ESTIMATES, memory, error);
    for (int n = 0; n < WR_ESTIMATES && !status; n++) {
        estimate->rows[n].batch = batches[n];
        wr_memory_add(&estimate->rows[n].memory, &memory[n]);
    }
    return status;
}

// Batches are as large on all devices of the list. Without a program the devices are only named.
static enum wr_status add_program(struct wr_estimate *estimate,
                                  const struct wr_engine_options *options, const char *devices,
                                  const struct wr_program *program, struct wr_error *error)
{
    struct wr_instance_size size = {0};
    struct wr_device_list list;
    enum wr_status status = wr_device_list_read(&list, devices, error);
    if (!status && program)
        status = wr_instances_choose_size(options, 0, devices, program, &size, error);
    for (int n = 0; n < list.count && !status; n++) {
        struct wr_device_estimate *device = find_device(estimate, options, list.names[n]);
        status = program ? add_device(device, options, program, &size, error) : WR_OK;
    }
    return status;
}

static int64_t table_bytes(const struct wr_program *program)
{
    int64_t bytes = 0;
    for (int t = 0; t < program->table_count; t++)
        bytes += (int64_t)program->tables[t].bytes;
    return bytes;
}

// What FFmpeg's filters hold of frames, -1 where that grows with their number, which is not known.
static int64_t held_by_filters(const struct wr_stages *stages)
{
    int64_t sum = 0;
    for (int n = 0; n < stages->count; n++) {
        const struct wr_stage *stage = stages->items[n];
        const int64_t held =
            wr_is_host_stage(stage) ? wr_host_stage_held((const struct wr_host_stage *)stage) : 0;
        sum = sum < 0 || held < 0 ? -1 : sum + held;
    }
    return sum;
}

// All programs of a job, finished as they would be run.
static enum wr_status fill_in(struct wr_estimate *estimate, const struct wr_engine_options *engine,
                              struct wr_stages *stages, enum wr_row_order rows,
                              bool device_is_ready, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int n = 0; n < stages->program_count && !status; n++) {
        struct wr_program_stage *stage = stages->programs[n];
        const bool is_last = &stage->stage == stages->items[stages->count - 1];
        status = wr_program_finish(&stage->program, &stage->last, is_last ? rows : WR_ROWS_FORWARDS,
                                   error);
        if (status)
            break;
        estimate->weights += table_bytes(&stage->program);
        device_is_ready |= wr_estimate_has_device(estimate);
        const char *devices =
            choose_device(engine, &stage->program, estimate->frames, device_is_ready);
        status = add_program(estimate, engine, devices, &stage->program, error);
    }
    if (!status && !stages->program_count)
        status =
            add_program(estimate, engine, wr_executor_candidate(engine->device, 0), NULL, error);
    if (status == WR_OUT_OF_MEMORY)
        status = error->status = WR_FAILED;
    return status;
}

// If the output cannot be planned, the stages are opened without it. A run would say why.
static enum wr_status open_stages(struct wr_stages *stages, struct wr_output_plan *plan,
                                  const struct wr_request *request, const struct wr_reader *reader,
                                  int64_t memory_limit, struct wr_error *error)
{
    const struct wr_stages_terms terms = {
        // says nothing
        .source = wr_reader_source(reader),
        .frames = wr_reader_frames_total(reader),
        .memory_limit = memory_limit,
    };
    struct wr_job_options options = *request->options;
    options.output = NULL;
    struct wr_request without = *request;
    without.options = &options;
    if (!wr_job_open_stages(stages, plan, request, reader, &terms, NULL))
        return WR_OK;
    wr_stages_close(stages);
    return wr_job_open_stages(stages, plan, &without, reader, &terms, error);
}

// Takes the finished programs over from the stages.
static enum wr_status take_programs(struct wr_job_programs *programs, struct wr_stages *stages,
                                    struct wr_error *error)
{
    programs->items = calloc((size_t)stages->program_count + 1, sizeof *programs->items);
    bool has_room = programs->items != NULL;
    for (int n = 0; has_room && n < stages->program_count; n++) {
        struct wr_job_program *own = &programs->items[programs->count++];
        own->program = stages->programs[n]->program;
        stages->programs[n]->program = (struct wr_program){0};
        own->chain = strdup(stages->programs[n]->chain);
        has_room = own->chain != NULL;
    }
    return has_room ? WR_OK : wr_fail(error, WR_FAILED, "out of memory");
}

bool wr_job_programs_same(const struct wr_job_programs *a, const struct wr_job_programs *b)
{
    bool are_same = a->count == b->count;
    for (int n = 0; n < a->count && are_same; n++)
        are_same = !strcmp(a->items[n].chain, b->items[n].chain) &&
                   wr_program_same(&a->items[n].program, &b->items[n].program);
    return are_same;
}

void wr_job_programs_close(struct wr_job_programs *programs)
{
    for (int n = 0; n < programs->count; n++) {
        wr_program_close(&programs->items[n].program);
        free(programs->items[n].chain);
    }
    free(programs->items);
    *programs = (struct wr_job_programs){0};
}

enum wr_status wr_estimate_job(struct wr_estimate *estimate, struct wr_job_programs *programs,
                               const struct wr_engine_options *engine,
                               const struct wr_job_options *job, bool device_is_ready,
                               struct wr_error *error)
{
    struct wr_error unused;
    struct wr_reader *reader = NULL;
    struct wr_stages stages = {.count = 0};
    struct wr_output_plan plan;
    *estimate = (struct wr_estimate){.jobs = 1, .at_once = 1};
    *programs = (struct wr_job_programs){0};
    error = error ? error : &unused;
    struct wr_inputs inputs = {.count = 0};
    struct wr_job_options options = *job;
    struct wr_request request = {.options = NULL};
    enum wr_status status = wr_resources_check(engine, error);
    if (!status)
        status = wr_request_open(&request, &options, error);
    if (!status && wr_request_copies(&request))
        status = wr_fail(error, WR_USAGE,
                         "there is nothing to estimate: no frame is decoded where the video is "
                         "copied or left out");
    if (!status)
        status = wr_inputs_open(&inputs, &request, &options, error);
    const struct wr_reader_options how =
        status ? (struct wr_reader_options){0} : wr_job_reader_options(&request, &inputs, -1);
    if (!status)
        status = wr_reader_open(&reader, &how, error);
    if (!status)
        status = open_stages(&stages, &plan, &request, reader, engine->memory_limit, error);
    snprintf(estimate->chain, sizeof estimate->chain, "%s", stages.chain ? stages.chain : "");
    estimate->frames = status ? 0 : wr_reader_frames_total(reader);
    estimate->filters = status ? 0 : held_by_filters(&stages);
    if (!status)
        status =
            fill_in(estimate, engine, &stages, wr_job_row_order(&plan), device_is_ready, error);
    if (!status)
        status = take_programs(programs, &stages, error);
    if (status)
        wr_job_programs_close(programs);
    wr_stages_close(&stages);
    wr_reader_close(&reader);
    wr_inputs_close(&inputs);
    wr_request_close(&request);
    return status;
}

enum wr_status wr_estimate(struct wr_estimate *estimate, const struct wr_engine_options *engine,
                           const struct wr_job_options *job, struct wr_error *error)
{
    struct wr_job_programs programs;
    const enum wr_status status = wr_estimate_job(estimate, &programs, engine, job, false, error);
    wr_job_programs_close(&programs);
    return status;
}
