// SPDX-License-Identifier: MIT
// From words to passes: parses a chain of warpreel's filters in FFmpeg's -vf grammar and lowers it
// to a program.
#pragma once

#include <stddef.h>

#include "kernels/program/filter.h"

struct wr_parameters;

// The filters of a chain in the order they are written, each with its checked parameters.
struct wr_chain {
    struct wr_parameters *uses;
    int count;
};

// Parses text (NULL or "" is a chain without filters). The caller closes the chain, also after a
// failure, for which error names filter, parameter, value and what is allowed.
enum wr_status wr_chain_open(struct wr_chain *chain, const char *text, struct wr_error *error);

// Appends one more filter; parameters as in "name=parameters", NULL for none. Fails like open.
enum wr_status wr_chain_append(struct wr_chain *chain, const char *name, const char *parameters,
                               struct wr_error *error);

// Appends copies of the filters of `from`. Fails where memory is short.
enum wr_status wr_chain_copy(struct wr_chain *chain, const struct wr_chain *from,
                             struct wr_error *error);

// Moves the filters of `from` behind those of chain; from is then empty. Fails where memory is
// short, and leaves both as they are.
enum wr_status wr_chain_move(struct wr_chain *chain, struct wr_chain *from, struct wr_error *error);

// Lowers chain for pictures of `input`. program then holds all passes but is not finished: *last is
// what it leaves, for wr_program_finish(). The caller closes program, and frees *text (av_free;
// text may be NULL): the chain as it will run, every filter with all values that were given. On
// failure program is closed, *text is NULL and error is as for open.
enum wr_status wr_chain_lower(const struct wr_chain *chain, const struct wr_format *input,
                              struct wr_program *program, struct wr_picture *last, char **text,
                              struct wr_error *error);

// Tolerates a chain that is zeroed or closed.
void wr_chain_close(struct wr_chain *chain);
