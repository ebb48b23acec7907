// SPDX-License-Identifier: MIT
// A program: the passes a chain was lowered to, over virtual buffers. It says what is to be
// computed, not where or when: executors give the buffers memory and run the passes in order, each
// over a whole batch or over a band of rows of one frame.
#pragma once

#include "lib/base/error.h"
#include "kernels/program/format.h"
#include "kernels/pixel/pixel.h"

// One kernel as filters name it; executors find their compiled form by name.
struct wr_kernel {
    const char *name;
    size_t arguments_size;
    enum wr_storage in[WR_MAX_INPUTS];
    enum wr_storage out;
};

#define WR_ARGUMENTS_SIZE 256

// Declares `name##_kernel` for every kernel of the header included before: WR_DECLARE_KERNELS.
#define WR_KERNEL_LIST(...)                                                                        \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define WR_KERNEL(form, name, type, inputs, output)                                                \
    static const struct wr_kernel name##_kernel = {#name, sizeof(type), WR_KERNEL_LIST inputs,     \
                                                   output};                                        \
    _Static_assert(sizeof(type) <= WR_ARGUMENTS_SIZE, "arguments of " #name " are too large");
#define WR_DECLARE_KERNELS KERNELS(WR_KERNEL)

// A virtual buffer: one plane for each frame of a batch.
struct wr_buffer {
    enum wr_storage storage; // never WR_SAMPLE
    int width, height;
};

// A rectangle of a buffer, from its first row to its last or the other way round. Cropping is only
// another rectangle, flipping the other way.
struct wr_plane {
    int buffer;
    int x, y, width, height;
    bool flipped;
};

// `part` of a plane as large as `plane`, which is itself part of a buffer.
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

// When a frame is shown, for what changes from frame to frame.
struct wr_moment {
    int64_t number; // frames before it
    double time;    // seconds, NaN where unknown
};

// Numbers of each frame, computed on the host before the frame's batch runs.
struct wr_changing {
    void (*compute)(const void *state, const struct wr_moment *moment, union wr_value *values);
    void (*close)(void *state);
    void *state;
    int first, count; // where in the frame's row of values
};

// Frames that something is for, where no number of theirs says so.
enum { WR_ALWAYS = -1, WR_NEVER = -2 };

struct wr_pass {
    const struct wr_kernel *kernel;
    const char *label; // the filter it comes from
    bool wide;         // picture samples are two bytes
    int inputs, outputs, tables;
    struct wr_plane in[WR_MAX_INPUTS];
    struct wr_plane out[WR_MAX_OUTPUTS];
    int table[WR_MAX_TABLES];
    int reach_x, reach_y; // how far a WINDOW reads
    int span;             // samples a SUM reads for each output
    size_t scratch;       // bytes that a BLOCK works in on the CPU
    // Rows of the first input that row y of the output needs: [first[y], first[y] + row_count),
    // with first an int32 table, when row_table >= 0; otherwise y - reach_y to y + reach_y. Or all
    // rows of every input.
    int row_table, row_count;
    bool reads_anywhere;
    int first_value; // the first of its numbers that change from frame to frame
    int when;        // frames it is for: the number that is not 0 for them, or WR_ALWAYS
    _Alignas(8) unsigned char arguments[WR_ARGUMENTS_SIZE];
};

// Buffers 0 to planes-1 are the input's planes; output.plane[p].buffer are the output's; the rest
// are intermediate.
struct wr_program {
    struct wr_picture input, output;
    struct wr_buffer *buffers;
    struct wr_table *tables;
    struct wr_pass *passes;
    struct wr_changing *changing;
    int buffer_count, table_count, pass_count, changing_count;
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

// Adds `count` numbers that compute() fills in for each frame; returns the first one's place. state
// is the program's from now on and closed with it (close may be NULL).
int wr_program_values(struct wr_program *program, int count,
                      void (*compute)(const void *state, const struct wr_moment *moment,
                                      union wr_value *values),
                      void *state, void (*close)(void *state));

// Fills in all value_count numbers of one frame.
void wr_program_compute(const struct wr_program *program, const struct wr_moment *moment,
                        union wr_value *values);

// Appends a pass; inputs, outputs, tables and reach are the caller's to fill in before the next
// call.
struct wr_pass *wr_program_pass(struct wr_program *program, const struct wr_kernel *kernel,
                                const char *label, const struct wr_format *format,
                                const void *arguments);

void wr_pass_in(struct wr_pass *pass, struct wr_plane plane);
void wr_pass_out(struct wr_pass *pass, struct wr_plane plane);
void wr_pass_table(struct wr_pass *pass, int table);

// Says which row of the first input row y of the output reads: offset + step * y, or the nearest
// there is.
void wr_program_rows(struct wr_program *program, struct wr_pass *pass, int offset, int step);

// Whether the output's plane is (part of) one of the input's: nobody computes it, and it is for the
// caller to find it there.
bool wr_program_hands_over(const struct wr_program *program, int plane);

// Whether some pass reads the buffer.
bool wr_program_reads(const struct wr_program *program, int buffer);

// The plane of output that buffer, one that passes write, is, or -1.
int wr_program_output_plane(const struct wr_program *program, int buffer);
