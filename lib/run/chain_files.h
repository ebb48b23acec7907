// SPDX-License-Identifier: MIT
// The inputs of a job as filters read them that open files themselves.
#pragma once

#include "lib/chain/mixed.h"
#include "lib/warpreel.h"

// For the chain of these options, which are borrowed.
struct wr_chain_files wr_chain_files(const struct wr_job_options *options);
