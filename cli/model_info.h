// SPDX-License-Identifier: MIT
// What --describe-model prints.
#pragma once

#include "lib/warpreel.h"

// Prints the network in a model file on stdout.
enum wr_status wr_model_print_info(const char *path, struct wr_error *error);
