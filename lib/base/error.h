// SPDX-License-Identifier: MIT
// Failures inside the library are those of the public header: a status and one sentence.
#pragma once

#include "lib/warpreel.h"
