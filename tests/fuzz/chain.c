// SPDX-License-Identifier: MIT
// Fuzzes chains: parses and lowers them for a small picture, and runs what comes out over one
// frame.
#include <libavutil/log.h>
#include <libavutil/mem.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/program/finish.h"
#include "kernels/program/state.h"
#include "lib/chain/chain.h"
#include "lib/engine/devices.h"
#include "tests/fuzz/support.h"

// What is larger, or takes more passes, is not run: that would only take time.
enum { MOST_BYTES = 1 << 20, MOST_PASSES = 32 };

struct planes {
    struct wr_image image;
    unsigned char *memory;
};

static size_t plane_bytes(const struct wr_format *format, int plane)
{
    return (size_t)wr_format_width(format, plane) * (size_t)wr_format_height(format, plane) *
           (size_t)wr_format_bytes(format);
}

static size_t picture_bytes(const struct wr_format *format)
{
    size_t bytes = 0;
    for (int plane = 0; plane < wr_format_planes(format); plane++)
        bytes += plane_bytes(format, plane);
    return bytes;
}

// The input's bytes count up. Free memory.
static struct planes make_planes(const struct wr_format *format)
{
    const size_t bytes = picture_bytes(format);
    struct planes planes = {.memory = malloc(bytes)};
    if (!planes.memory)
        abort();
    for (size_t n = 0; n < bytes; n++)
        planes.memory[n] = (unsigned char)n;
    unsigned char *next = planes.memory;
    for (int plane = 0; plane < wr_format_planes(format); plane++) {
        planes.image.data[plane] = next;
        planes.image.pitch[plane] =
            (ptrdiff_t)wr_format_width(format, plane) * wr_format_bytes(format);
        next += plane_bytes(format, plane);
    }
    return planes;
}

static void run(const struct wr_program *program)
{
    const struct wr_executor_options options = {.batch = 1, .threads = 1, .cpu_level = "baseline"};
    struct wr_error error;
    struct wr_memory memory;
    struct wr_executor *executor = NULL;
    const struct wr_format *from = &program->input.format, *to = &program->output.format;
    if (program->pass_count > MOST_PASSES || picture_bytes(to) > MOST_BYTES ||
        wr_executor_estimate("cpu", program, &options, &options.batch, 1, &memory, &error) ||
        wr_memory_held(&memory) > MOST_BYTES ||
        wr_executor_open(&executor, "cpu", program, &options, &error))
        return;
    struct planes in = make_planes(from), out = make_planes(to);
    union wr_value *values = calloc((size_t)program->value_count + 1, sizeof *values);
    struct wr_program_state *state;
    if (!values || wr_program_state_open(&state, program, &error))
        abort();
    wr_program_compute(state, &(struct wr_moment){0, 0}, values);
    wr_program_state_close(&state);
    const struct wr_batch batch = {
        .size = 1, .valid = 1, .in = &in.image, .out = &out.image, .values = values};
    if (executor->type->submit(executor, &batch, &error) || executor->type->wait(executor, &error))
        abort();
    wr_executor_close(&executor);
    free(values);
    free(in.memory);
    free(out.memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct wr_format input = {.model = WR_YUV,
                                           .width = 33,
                                           .height = 18,
                                           .depth = 8,
                                           .log2_chroma_w = 1,
                                           .log2_chroma_h = 1,
                                           .matrix = 2,
                                           .sar_den = 1,
                                           .time_base = 0.04,
                                           .frame_rate = 25};
    av_log_set_level(AV_LOG_QUIET); // of expressions
    char *text = fuzz_text(data, size);
    if (!text)
        return 0;
    struct wr_error error;
    struct wr_chain chain;
    struct wr_program program;
    struct wr_picture last;
    char *lowered = NULL;
    if (!wr_chain_open(&chain, text, &error) &&
        !wr_chain_lower(&chain, &input, &program, &last, &lowered, &error)) {
        if (!wr_program_finish(&program, &last, WR_ROWS_FORWARDS, &error))
            run(&program);
        av_free(lowered);
        wr_program_close(&program);
    }
    wr_chain_close(&chain);
    free(text);
    return 0;
}
