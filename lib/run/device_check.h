// SPDX-License-Identifier: MIT
// Whether the engine's devices, and its memory limit, could take any picture.
#pragma once

#include "lib/run/stages/stage_list.h"
#include "lib/warpreel.h"

// Finishes the programs of stages that were opened for the smallest pictures. Fails with WR_USAGE
// where none of the devices could run one of them within the limit, and with WR_FAILED where a
// device that is named cannot be used.
enum wr_status wr_device_check(const struct wr_engine_options *engine, struct wr_stages *stages,
                               struct wr_error *error);
