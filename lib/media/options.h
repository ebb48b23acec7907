// SPDX-License-Identifier: MIT
// Refuses options that FFmpeg's libraries do not have, or do not take, and says what is near.
#pragma once

#include "lib/warpreel.h"

// Fails with WR_USAGE: an encoder's or muxer's context has no such option, or does not take the
// value. whose: "encoder".
enum wr_status wr_option_refuse(void *object, const char *whose, const char *key, const char *value,
                                bool is_missing, struct wr_error *error);
