// SPDX-License-Identifier: MIT
// Where the samples of a picture lie: chroma samples among those of luma, and rows among those of
// the picture before. Filters that mirror, turn, cut and mix say so here, in lower().
#pragma once

#include "kernels/program/filter.h"

// Centre of the first chroma sample in pixels; luma's is 0.5. H.273 Chroma420SampleLocType, with
// the usual "left" where the file does not say.
double wr_chroma_x(const struct wr_format *format);
double wr_chroma_y(const struct wr_format *format);

// Whether chroma samples lie where chroma_location alone says, so that a file can say it.
bool wr_chroma_has_name(const struct wr_format *format);

// Forgets displacements along which chroma has as many samples as luma.
void wr_chroma_settle(struct wr_format *format);

// The lowering's picture was mirrored: columns from last to first, or rows. Changes what its format
// says of chroma and rows; planes are the caller's.
void wr_place_mirrored_columns(struct wr_lowering *lowering);
void wr_place_mirrored_rows(struct wr_lowering *lowering);

// Rows became columns, both in their order: width, height and aspect ratio change places, too.
void wr_place_transposed(struct wr_lowering *lowering);

// The picture now begins at (left, top) of what it was, and its chroma planes at the chroma sample
// that covers this place.
void wr_place_cut(struct wr_lowering *lowering, int left, int top);

// `columns` columns were put to the left of the picture and `rows` rows above it, without a change
// to chroma.
void wr_place_moved(struct wr_lowering *lowering, int columns, int rows);

// Each row was made of several, or each column where they are turned.
void wr_mix_rows(struct wr_lowering *lowering);
