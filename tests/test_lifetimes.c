// SPDX-License-Identifier: MIT
// The lives of a program's buffers: what a walk records is what the passes say.
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "lib/engine/walk.h"
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
    struct wr_buffer buffers[] = {{WR_U8, 10, 4, WR_ROLE_INPUT, 0, 0},
                                  {WR_U8, 10, 4, WR_ROLE_OUTPUT, 0, 0},
                                  {WR_U16, 300, 4, WR_ROLE_BETWEEN, 0, 0},
                                  {WR_F32, 64, 2, WR_ROLE_BETWEEN, 0, 0},
                                  {WR_U8, 10, 4, WR_ROLE_BETWEEN, 0, 0}};
    struct wr_pass passes[] = {
        {.inputs = 1, .outputs = 1, .in = {{.buffer = 0}}, .out = {{.buffer = 2}}},
        {.inputs = 1, .outputs = 1, .in = {{.buffer = 2}}, .out = {{.buffer = 3}}},
        {.inputs = 2, .outputs = 1, .in = {{.buffer = 0}, {.buffer = 2}}, .out = {{.buffer = 1}}}};
    struct wr_program program = {
        .buffers = buffers, .buffer_count = 5, .passes = passes, .pass_count = 3};
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
    ck_assert(!test_lower("unsharp,unsharp", &format, &program, NULL, &error));
    struct wr_block *blocks = malloc((size_t)program.buffer_count * sizeof *blocks);
    ck_assert_int_eq(wr_lifetimes(&program, 16, huge_pitch, blocks, &error), WR_FAILED);
    ck_assert_str_eq(error.text, "16 planes of 10x10 are too many bytes");
    free(blocks);
    wr_program_close(&program);
}
END_TEST

START_TEST(a_pass_may_write_over_what_nobody_needs)
{
    // The pass that makes buffer 3 is the last to read 1, and writes over it. The one that makes 4
    // does not write over 3, which is read once more.
    struct wr_buffer buffers[5] = {{WR_U8, 10, 4, WR_ROLE_INPUT, 0, 0}};
    for (int b = 1; b < 5; b++)
        buffers[b] = (struct wr_buffer){WR_U8, 64, 1, WR_ROLE_BETWEEN, 0, 0};
    struct wr_pass passes[] = {
        {.inputs = 1, .outputs = 1, .in = {{.buffer = 0}}, .out = {{.buffer = 1}}},
        {.inputs = 1, .outputs = 1, .in = {{.buffer = 1}}, .out = {{.buffer = 2}}},
        {.inputs = 2, .outputs = 1, .in = {{.buffer = 1}, {.buffer = 2}}, .out = {{.buffer = 3}}},
        {.inputs = 1, .outputs = 1, .in = {{.buffer = 3}}, .out = {{.buffer = 4}}},
        {.inputs = 2, .outputs = 0, .in = {{.buffer = 3}, {.buffer = 4}}}};
    passes[2].in_place = passes[3].in_place = true;
    const struct wr_program program = {
        .buffers = buffers, .buffer_count = 5, .passes = passes, .pass_count = 5};
    struct wr_footprint footprints[5] = {{0}};
    const struct wr_arena_options options = {64, WR_ARENA_PLANNED};
    struct wr_error error;
    for (int b = 1; b < 5; b++)
        ck_assert(!wr_footprint_of(&buffers[b], 64, 1, 1, &footprints[b], &error));
    for (int in_place = 0; in_place < 2; in_place++) {
        const struct wr_walk_range all = {0, 5, NULL, false, in_place};
        struct wr_route route;
        ck_assert(!wr_route_open(&route, &program, footprints, &all, &options, &error));
        const struct wr_arena_record *record = &route.plan.record;
        ck_assert_int_eq(record->count, in_place ? 3 : 4);
        ck_assert_int_eq(route.plan.places.peak, in_place ? 2 * 64 : 3 * 64);
        ck_assert_int_eq(record->blocks[0].to > record->blocks[1].to, in_place);
        wr_route_close(&route);
    }
}
END_TEST

static const char *const chains[] = {
    "unsharp", "unsharp,unsharp,unsharp", "scale=97:-2,unsharp,eq=gamma=1.2,hflip",
    "hflip,crop=50:40,scale=200:100:flags=lanczos,unsharp,negate,scale=31:17,unsharp"};

static bool overlap(const struct wr_block *a, const struct wr_block *b)
{
    return a->from < b->to && b->from < a->to;
}

static const struct wr_block *recorded(const struct wr_walk *walk, int buffer)
{
    const struct wr_route *route = walk->route;
    return &route->plan.record.blocks[walk->buffers[buffer - route->first_buffer].block];
}

// Blocks that a walk recorded are alive together where the passes say so, and as large.
static void compare(const char *chain, const struct wr_walk *walk, const struct wr_block *expected)
{
    int count = 0;
    for (int a = 0; a < walk->route->program->buffer_count; a++) {
        if (!expected[a].size)
            continue;
        const struct wr_block *block = recorded(walk, a);
        ck_assert_msg(block->size == expected[a].size, "%s: size of buffer %d", chain, a);
        for (int b = 0; b < a; b++)
            ck_assert_msg(!expected[b].size || overlap(block, recorded(walk, b)) ==
                                                   overlap(&expected[a], &expected[b]),
                          "%s: lives of buffers %d and %d", chain, a, b);
        count++;
    }
    ck_assert_int_eq(walk->route->plan.record.count, count);
}

static double seconds_to_plan(const struct wr_arena_record *record)
{
    const struct wr_plan_options options = {.alignment = 256};
    struct timespec start, end;
    struct wr_plan plan;
    clock_gettime(CLOCK_MONOTONIC, &start);
    ck_assert(!wr_plan_open(&plan, record->blocks, record->count, &options, NULL));
    clock_gettime(CLOCK_MONOTONIC, &end);
    wr_plan_close(&plan);
    return (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
}

static enum wr_status run_nothing(void *context, int first_pass, int end_pass,
                                  struct wr_error *error)
{
    (void)context, (void)first_pass, (void)end_pass, (void)error;
    return WR_OK;
}

// Walks along the route, so that the walk knows the block of each buffer.
static void follow(struct wr_walk *walk, const struct wr_route *route, unsigned char *memory,
                   const struct wr_arena_options *options)
{
    const struct wr_arena_source none = {0};
    struct wr_error error;
    ck_assert(!wr_walk_open(walk, route, 1, options, &none, &error));
    wr_arena_lend(&walk->arena, memory, route->plan.places.peak);
    ck_assert(!wr_walk_passes(walk, route, run_nothing, NULL, &error));
    ck_assert(!wr_walk_end(walk, &error));
    ck_assert_int_eq(walk->arena.departures, 0);
}

static void visit(const char *chain, void *context)
{
    const struct wr_format format = test_format("yuv420p", 10, 100, 60);
    const struct wr_arena_options options = {256, WR_ARENA_PLANNED};
    int *visited = context;
    struct wr_program program;
    struct wr_route route;
    struct wr_walk walk;
    struct wr_error error;
    if (test_lower(chain, &format, &program, NULL, &error))
        return;
    const size_t buffers = (size_t)program.buffer_count;
    struct wr_block *blocks = calloc(buffers, sizeof *blocks);
    struct wr_footprint *footprints = calloc(buffers, sizeof *footprints);
    ck_assert(!wr_lifetimes(&program, 16, pitch_of, blocks, &error));
    for (size_t b = 0; b < buffers; b++)
        if (blocks[b].size)
            ck_assert(!wr_footprint_of(&program.buffers[b], 256, program.buffers[b].height, 16,
                                       &footprints[b], &error));
    const struct wr_walk_range all = {0, program.pass_count, NULL, false, true};
    ck_assert_msg(!wr_route_open(&route, &program, footprints, &all, &options, &error), "%s",
                  error.text);
    unsigned char *memory = malloc((size_t)route.plan.places.peak + 1);
    follow(&walk, &route, memory, &options);
    compare(chain, &walk, blocks);
    ck_assert_msg(route.plan.places.peak == route.plan.places.lower_bound, "%s", chain);
    double least = 1;
    for (int n = 0; n < 20 && least >= 1e-3; n++) // others use this machine too
        least = fmin(least, seconds_to_plan(&route.plan.record));
    ck_assert_msg(least < 1e-3, "%s: %g s to plan", chain, least);
    wr_walk_close(&walk);
    wr_route_close(&route);
    free(memory);
    free(footprints);
    free(blocks);
    wr_program_close(&program);
    ++*visited;
}

START_TEST(chains_are_recorded_as_they_are_and_meet_the_lower_bound)
{
    int visited = 0;
    test_each_chain(visit, &visited);
    ck_assert_int_gt(visited, 20);
    visited = 0;
    for (int n = 0; n < COUNT(chains); n++)
        visit(chains[n], &visited);
    ck_assert_int_eq(visited, COUNT(chains));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lifetimes");
    TCase *tests = tcase_create("lifetimes");
    tcase_add_test(tests, lives_of_a_program);
    tcase_add_test(tests, a_batch_may_be_too_large);
    tcase_add_test(tests, a_pass_may_write_over_what_nobody_needs);
    tcase_add_test(tests, chains_are_recorded_as_they_are_and_meet_the_lower_bound);
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
