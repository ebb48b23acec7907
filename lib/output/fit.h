// SPDX-License-Identifier: MIT
// Which streams a container can hold.
#pragma once

#include "lib/output/route.h"

// Whoever asks for pictures alone asks for them without sound.
bool wr_holds_pictures_only(const struct wr_output_plan *plan);

// Chooses the stream if it fits beside those that are chosen, as its route has it: copied, or
// converted where that has a converter.
bool wr_stream_fits(struct wr_selection *selection, int index);
