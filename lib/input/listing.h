// SPDX-License-Identifier: MIT
// The list of the streams that may come into the output, of all files.
#pragma once

#include "lib/input/companion_list.h"

// Lists main's streams and those of the files beside it of which one is wanted, in main->streams;
// other files count as ended. Behind them come those that the output has besides, see
// wr_order_make. Fails with WR_USAGE where the chain's sound is not there.
enum wr_status wr_listing_make(struct wr_companions *companions, struct wr_source *main,
                               struct wr_error *error);
