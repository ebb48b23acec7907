// SPDX-License-Identifier: MIT
// What one job would hold, and its programs, to compare with those of other jobs.
#pragma once

#include "kernels/program/program.h"
#include "lib/warpreel.h"

struct wr_job_programs {
    struct wr_job_program {
        char *chain; // as it will run
        struct wr_program program;
    } * items;
    int count;
};

// As wr_estimate(). device_is_ready: another job's programs run on a device other than the CPU. On
// failure programs is empty.
enum wr_status wr_estimate_job(struct wr_estimate *estimate, struct wr_job_programs *programs,
                               const struct wr_engine_options *engine,
                               const struct wr_job_options *job, bool device_is_ready,
                               struct wr_error *error);

// Whether jobs would share all their programs.
bool wr_job_programs_same(const struct wr_job_programs *a, const struct wr_job_programs *b);

void wr_job_programs_close(struct wr_job_programs *programs);

// Whether any device of an estimate is another than the CPU.
bool wr_estimate_has_device(const struct wr_estimate *estimate);
