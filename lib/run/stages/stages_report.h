// SPDX-License-Identifier: MIT
// What the stages of a job are and have done, for its report and its log.
#pragma once

#include "lib/base/log.h"
#include "lib/run/stages/stage_list.h"

// Brings the report up to date with what the stages know.
void wr_stages_count(const struct wr_stages *stages, struct wr_report *report);

// Says of each stage that filters where it runs and why, as the report has it.
void wr_stages_tell(const struct wr_stages *stages, const struct wr_report *report,
                    const struct wr_log *log);
