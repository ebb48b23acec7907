// SPDX-License-Identifier: MIT
// Refuses settings that an encoder's library would complain about on stderr.
#pragma once

#include "lib/output/video/settings.h"

// Fails with WR_USAGE if a setting has a word that the planned encoder does not know, or names a
// profile that cannot hold the planned pictures.
enum wr_status wr_encoder_settings_check(const struct wr_encoder_settings *settings,
                                         const struct wr_output_plan *plan, struct wr_error *error);
