// SPDX-License-Identifier: MIT
// HDR10's description of the display and of the light, in the words of an encoder's library.
#pragma once

#include "lib/input/source.h"
#include "lib/output/video/encoders.h"

enum { WR_HDR10_TEXT = 256 };

// Prints the settings "key=value:key=value" with which the encoder writes what the source says of
// its display and light into the stream; "" where the source says nothing or the encoder cannot.
void wr_hdr10_print(char text[WR_HDR10_TEXT], const struct wr_encoder_row *row,
                    const struct wr_source *source);
