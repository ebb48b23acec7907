// SPDX-License-Identifier: MIT
// Tries the options for sound on sounds that are made up.
#pragma once

#include "lib/output/convert/sound_choice.h"

// Fails with WR_USAGE where no sound could go through the filters or into the encoders of the
// choices, of which there are WR_MOST_SOUNDS, or through the filters of the part: where several
// sounds are refused with the same words.
enum wr_status wr_sound_check(const struct wr_sound_choice *choices,
                              const struct wr_sound_part *part, struct wr_error *error);
