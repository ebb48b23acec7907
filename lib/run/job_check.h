// SPDX-License-Identifier: MIT
// What no input could make right: wr_job_check() in lib/warpreel.h.
#pragma once

#include "lib/warpreel.h"
