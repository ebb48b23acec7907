// SPDX-License-Identifier: MIT
// Says what filters do to the fields of an interlaced picture, and where chroma samples end up.
#pragma once

#include "lib/run/stages.h"

// One sentence for each stage that moves or mixes rows of pictures which are interlaced there, and
// one where no file can say where chroma samples of the output lie.
void wr_places_tell(const struct wr_stages *stages, const struct wr_log *log);
