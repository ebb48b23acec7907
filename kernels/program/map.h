// SPDX-License-Identifier: MIT
// Point-wise filters as tables: computed here once, on the host, for every device.
#pragma once

#include "kernels/program/filter.h"

#define WR_MAX_VALUES 65536

// A pass that sends each sample of plane through values[0..max], max being the largest value at the
// picture's depth; returns the plane that holds the result. values stay the caller's.
struct wr_plane wr_map(struct wr_lowering *lowering, struct wr_plane plane, const uint16_t *values);

// Makes one table of two that follow each other, and removes tables that change nothing.
void wr_compose_maps(struct wr_program *program);

// Replaces tables that are clipped straight lines by passes that compute the same bits.
void wr_straighten_maps(struct wr_program *program);

// Replaces smooth tables of 16 bits by parabolas, which CPUs with wide vectors compute faster than
// they look values up. Values change by at most 4 of 65535; if the output's samples are deep enough
// to show that, tables stay.
void wr_smooth_maps(struct wr_program *program);
