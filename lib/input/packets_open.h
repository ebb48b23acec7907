// SPDX-License-Identifier: MIT
// Opening and closing the inputs where no frame is decoded.
#pragma once

#include "lib/input/packets.h"
#include "lib/input/reader_open.h"

// Opens the inputs and goes to where reading begins. Of the options, those that are for decoding
// are not looked at. On failure *packets is NULL.
enum wr_status wr_packets_open(struct wr_packets **packets, const struct wr_reader_options *options,
                               struct wr_error *error);

void wr_packets_close(struct wr_packets **packets); // tolerates NULL
