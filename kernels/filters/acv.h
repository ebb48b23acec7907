// SPDX-License-Identifier: MIT
// Photoshop's files of tone curves (.acv).
#pragma once

#include "kernels/program/filter.h"

enum { WR_ACV_CURVES = 4 };

// Curves as `curves` takes them, "x/y x/y", in the file's order: all together, red, green, blue.
// The caller's to free; NULL where the file has none.
struct wr_acv {
    char *points[WR_ACV_CURVES];
};

// Reads the file that a parameter names. Fails with a sentence, and then acv holds nothing.
enum wr_status wr_acv_read(struct wr_acv *acv, const struct wr_lowering *lowering,
                           const char *parameter, const char *path);
void wr_acv_free(struct wr_acv *acv);
