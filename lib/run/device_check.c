// SPDX-License-Identifier: MIT
// Chooses the size of a batch as for a job, and opens a device that was named, once.
#include "lib/run/device_check.h"

#include "lib/engine/devices.h"
#include "lib/run/batches/batch_size.h"
#include "lib/run/batches/instances_open.h"

// Whether the memory limit has room for the program on any of the devices that may be used.
static enum wr_status check_limit(const struct wr_engine_options *engine,
                                  const struct wr_program *program, struct wr_error *error)
{
    const char *device;
    struct wr_error refusal;
    for (int n = 0; (device = wr_executor_candidate(engine->device, n)); n++) {
        struct wr_instance_size size;
        if (wr_instances_choose_size(engine, 0, device, program, &size, &refusal) !=
            WR_OUT_OF_MEMORY)
            return WR_OK;
    }
    return wr_fail(error, WR_USAGE, "no picture is small enough: %s", refusal.text);
}

// Whether the device works. Where there are several to choose from, one of them does. A device
// whose memory is short now may have enough later, so it passes.
static enum wr_status check_device(const struct wr_engine_options *engine,
                                   const struct wr_program *program, struct wr_error *error)
{
    if (wr_executor_candidate(engine->device, 1))
        return WR_OK;
    const char *device = wr_executor_candidate(engine->device, 0);
    const enum wr_status status = wr_instances_try(engine, device, program, error);
    return status == WR_OUT_OF_MEMORY ? WR_OK : status;
}

enum wr_status wr_device_check(const struct wr_engine_options *engine, struct wr_stages *stages,
                               struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int n = 0; n < stages->program_count && !status; n++) {
        struct wr_program_stage *const stage = stages->programs[n];
        if (wr_program_finish(&stage->program, &stage->last, WR_ROWS_FORWARDS, NULL))
            continue;
        status = check_device(engine, &stage->program, error);
        if (!status && engine->memory_limit)
            status = check_limit(engine, &stage->program, error);
    }
    return status;
}
