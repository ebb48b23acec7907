// SPDX-License-Identifier: MIT
// A program: the passes a chain was lowered to, over virtual buffers. It says what is to be
// computed, not where or when: executors give the buffers memory and run the passes in order, each
// over a whole batch or over a band of rows of one frame.
#pragma once

#include "lib/base/error.h"
#include "kernels/program/expression.h"
#include "kernels/program/format.h"
#include "kernels/program/kernel.h"

// What a buffer is to the program: a plane of an input, a plane of the output, or what passes hand
// to one another.
enum wr_role { WR_ROLE_BETWEEN, WR_ROLE_INPUT, WR_ROLE_OUTPUT };

// A virtual buffer: one plane for each frame of a batch.
struct wr_buffer {
    enum wr_storage storage; // never WR_SAMPLE
    int width, height;
    enum wr_role role;
    int input; // WR_ROLE_INPUT: which input's plane it is
    int plane; // WR_ROLE_INPUT, WR_ROLE_OUTPUT: which plane of the picture
};

// A rectangle of a buffer, from its first row to its last or the other way round. Cropping is only
// another rectangle, flipping the other way.
struct wr_plane {
    int buffer;
    int x, y, width, height;
    bool flipped;
};

// `part` is a rectangle counted within `plane`; gives it as a rectangle of the buffer.
struct wr_plane wr_plane_through(struct wr_plane part, struct wr_plane plane);

// Row of the buffer that is the plane's first. The next one is a row further, or before if flipped.
static inline int wr_plane_row(const struct wr_plane *plane)
{
    return plane->flipped ? plane->y + plane->height - 1 : plane->y;
}

struct wr_picture {
    struct wr_format format;
    struct wr_plane plane[WR_MAX_PLANES];
};

// Constant data of a pass (weights, look-up tables), owned by the program.
struct wr_table {
    void *data;
    size_t bytes;
};

// Fills in `count` numbers of one frame. mine is the job's own copy of the recipe, which it may
// change. Called for all frames of a job in their order.
typedef void wr_compute(void *mine, const struct wr_moment *moment, union wr_value *values);

// Numbers of each frame, computed on the host before the frame's batch runs (see state.h).
struct wr_changing {
    wr_compute *compute;
    void *recipe; // begins with pointers to its expressions
    size_t recipe_size;
    int expression_count;
    int first, count; // where in the frame's row of values
};

// What wr_pass.when is where no number of a frame decides: for all frames, or for none.
enum { WR_ALWAYS = -1, WR_NEVER = -2 };

struct wr_pass {
    const struct wr_kernel *kernel;
    const char *label; // the filter it comes from
    const char *name;  // that, and the layer of a network; for plots of the memory
    bool wide;         // picture samples are two bytes
    int inputs, outputs, tables;
    struct wr_plane in[WR_MAX_INPUTS];
    struct wr_plane out[WR_MAX_OUTPUTS];
    int table[WR_MAX_TABLES];
    size_t table_bytes[WR_MAX_TABLES]; // how much of each table the kernel may read
    int reach_x, reach_y;              // how far a WINDOW reads
    int span;                          // samples a SUM reads for each output
    size_t scratch;                    // bytes that a BLOCK works in on the CPU
    int work; // operations for a sample; 0: as many as it reads, as reach or span says
    // Row y of the output needs rows y - reach_y to y + reach_y of each input. With row_table >= 0
    // it needs other rows of the first input, [first[y], first[y] + row_count), where `first` is
    // that table, of int32. With reads_anywhere it needs all rows of every input.
    int row_table, row_count;
    bool reads_anywhere;
    // Each sample of the output needs nothing of an input but the sample at its place, so that the
    // output may lie where such an input lay, if that is as large and nobody needs it any more.
    bool in_place;
    int first_value; // the first of its numbers that change from frame to frame
    int when;        // the number of a frame that is 0 if the pass is not run for it; or WR_ALWAYS
    _Alignas(8) unsigned char arguments[WR_ARGUMENTS_SIZE];
};

// Once finished, a program never changes and may serve several jobs at once; what belongs to a job
// is in its wr_program_state.
struct wr_program {
    struct wr_picture input, output;
    struct wr_buffer *buffers;
    struct wr_table *tables;
    struct wr_pass *passes;
    struct wr_changing *changing;
    char **names; // that passes bear, apart from those of filters
    int buffer_count, table_count, pass_count, changing_count, name_count;
    int value_count;    // numbers of each frame
    bool out_of_memory; // sticky, so that lower() need not check each step
};

void wr_program_open(struct wr_program *program, const struct wr_format *input);
void wr_program_close(struct wr_program *program);

// A new buffer as a whole plane. storage WR_SAMPLE takes what samples of `format` need.
struct wr_plane wr_program_buffer(struct wr_program *program, enum wr_storage storage,
                                  const struct wr_format *format, int width, int height);

// Copies data; the number serves in wr_pass.table.
int wr_program_table(struct wr_program *program, const void *data, size_t bytes);

// A name for passes, made of two parts, which the program owns.
const char *wr_program_name(struct wr_program *program, const char *filter, const char *part);

// Adds `count` numbers that compute() fills in for each frame; returns the first one's place.
// recipe, `size` bytes, is copied. It begins with pointers to `expressions` expressions, which are
// the program's from now on.
int wr_program_values(struct wr_program *program, int count, wr_compute *compute,
                      const void *recipe, size_t size, int expressions);

// Appends a pass; inputs, outputs, tables and reach are the caller's to fill in before the next
// call.
struct wr_pass *wr_program_pass(struct wr_program *program, const struct wr_kernel *kernel,
                                const char *label, const struct wr_format *format,
                                const void *arguments);

// One more input, output, or table of which the kernel may read the first `bytes`. More than there
// is room for are counted, but not kept: wr_program_finish() refuses the program.
void wr_pass_in(struct wr_pass *pass, struct wr_plane plane);
void wr_pass_out(struct wr_pass *pass, struct wr_plane plane);
void wr_pass_table(struct wr_pass *pass, int table, size_t bytes);

// Makes row y of the output read row offset + step * y of the first input, or the nearest row that
// the input has.
void wr_program_rows(struct wr_program *program, struct wr_pass *pass, int offset, int step);

// Whether the output's plane is (part of) one of an input's: nobody computes it, and it is for the
// caller to find it there.
static inline bool wr_program_hands_over(const struct wr_program *program, int plane)
{
    return program->buffers[program->output.plane[plane].buffer].role == WR_ROLE_INPUT;
}

// Whether some pass reads the buffer.
bool wr_program_reads(const struct wr_program *program, int buffer);

// About how many operations a pass takes for one frame: what it costs, whatever runs it.
double wr_pass_operations(const struct wr_pass *pass);
