// SPDX-License-Identifier: MIT
// Says what filters do to the fields of an interlaced picture, where chroma samples end up, and
// which further inputs the chain does not use.
#pragma once

#include "lib/run/stages/stages.h"

// One sentence for each stage that moves or mixes rows of pictures which are interlaced there, and
// one where no file can say where chroma samples of the output lie, and one for each further input
// that no filter takes.
void wr_places_tell(const struct wr_stages *stages, const struct wr_source *source,
                    const struct wr_inputs *inputs, const struct wr_log *log);
