// SPDX-License-Identifier: MIT
// The lives of a program's buffers, and what the planner makes of them.
#include <inttypes.h>
#include <stdlib.h>

#include "tests/lifetimes.h"
#include "tests/support.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static int64_t pitch_of(const struct wr_buffer *buffer)
{
    return (buffer->width * (int64_t)wr_storage_bytes(buffer->storage) + 255) / 256 * 256;
}

START_TEST(lives_of_a_program)
{
    // One plane in, one out; buffer 2 is read twice, buffer 3 is written and never read, 4 is not
    // used.
    struct wr_buffer buffers[] = {
        {WR_U8, 10, 4}, {WR_U8, 10, 4}, {WR_U16, 300, 4}, {WR_F32, 64, 2}, {WR_U8, 10, 4}};
    struct wr_pass passes[] = {
        {.inputs = 1, .outputs = 1, .in = {{.buffer = 0}}, .out = {{.buffer = 2}}},
        {.inputs = 1, .outputs = 1, .in = {{.buffer = 2}}, .out = {{.buffer = 3}}},
        {.inputs = 2, .outputs = 1, .in = {{.buffer = 0}, {.buffer = 2}}, .out = {{.buffer = 1}}}};
    struct wr_program program = {
        .buffers = buffers, .buffer_count = 5, .passes = passes, .pass_count = 3};
    program.output.plane[0].buffer = 1;
    const struct wr_block expected[5] = {{0}, {0}, {16 * 4 * 768, 0, 3}, {16 * 2 * 256, 1, 2}, {0}};
    struct wr_block blocks[5];
    struct wr_error error;
    ck_assert(!wr_lifetimes(&program, 16, pitch_of, blocks, &error));
    for (int b = 0; b < COUNT(blocks); b++)
        ck_assert_msg(blocks[b].size == expected[b].size && blocks[b].from == expected[b].from &&
                          blocks[b].to == expected[b].to,
                      "buffer %d: %" PRId64 " [%" PRId64 ", %" PRId64 ")", b, blocks[b].size,
                      blocks[b].from, blocks[b].to);
}
END_TEST

static int64_t huge_pitch(const struct wr_buffer *buffer)
{
    (void)buffer;
    return INT64_MAX / 4;
}

START_TEST(a_batch_may_be_too_large)
{
    const struct wr_format format = test_format("gray", 8, 10, 10);
    struct wr_program program;
    struct wr_error error;
    ck_assert(!wr_chain_lower("unsharp,unsharp", &format, &program, NULL, &error));
    struct wr_block *blocks = malloc((size_t)program.buffer_count * sizeof *blocks);
    ck_assert_int_eq(wr_lifetimes(&program, 16, huge_pitch, blocks, &error), WR_FAILED);
    ck_assert_str_eq(error.text, "16 planes of 10x10 are too many bytes");
    free(blocks);
    wr_program_close(&program);
}
END_TEST

static const char *const chains[] = {
    "unsharp", "unsharp,unsharp,unsharp", "scale=97:-2,unsharp,eq=gamma=1.2,hflip",
    "hflip,crop=50:40,scale=200:100:lanczos,unsharp,negate,scale=31:17,unsharp"};

START_TEST(real_chains_meet_the_lower_bound)
{
    const struct wr_format format = test_format("yuv420p", 10, 100, 60);
    struct wr_program program;
    struct wr_error error;
    ck_assert(!wr_chain_lower(chains[_i], &format, &program, NULL, &error));
    struct wr_block *blocks = malloc((size_t)program.buffer_count * sizeof *blocks);
    ck_assert(!wr_lifetimes(&program, 16, pitch_of, blocks, &error));
    const struct wr_plan_options options = {.alignment = 256};
    struct wr_plan plan;
    ck_assert(!wr_plan_open(&plan, blocks, program.buffer_count, &options, &error));
    ck_assert(!wr_plan_check(&plan, blocks, program.buffer_count, 256, &error));
    ck_assert_int_eq(plan.peak, plan.lower_bound);
    wr_plan_close(&plan);
    free(blocks);
    wr_program_close(&program);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lifetimes");
    TCase *tests = tcase_create("lifetimes");
    tcase_add_test(tests, lives_of_a_program);
    tcase_add_test(tests, a_batch_may_be_too_large);
    tcase_add_loop_test(tests, real_chains_meet_the_lower_bound, 0, COUNT(chains));
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
