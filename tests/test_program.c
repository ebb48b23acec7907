// SPDX-License-Identifier: MIT
// Broken programs are refused before they run, and a program serves several jobs at once.
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "kernels/program/finish.h"
#include "kernels/program/state.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

// A kernel of a window, one of a span and one of a point.
extern const struct wr_kernel wr_sobel_kernel, wr_resample_column_only_kernel, wr_copy_plane_kernel;

enum { WIDTH = 16, HEIGHT = 8, SPAN = 2 };

static struct wr_pass *add_pass(struct wr_program *program, struct wr_picture *last,
                                const struct wr_kernel *kernel)
{
    static const unsigned char arguments[WR_ARGUMENTS_SIZE];
    struct wr_pass *pass = wr_program_pass(program, kernel, "test", &last->format, arguments);
    wr_pass_in(pass, last->plane[0]);
    last->plane[0] = wr_program_buffer(program, WR_SAMPLE, &last->format, WIDTH, HEIGHT);
    wr_pass_out(pass, last->plane[0]);
    return pass;
}

static void compute_one(void *mine, const struct wr_moment *moment, union wr_value *values)
{
    (void)mine, (void)moment;
    values->integer = 1;
}

// Three passes one after the other; nothing is wrong with them.
static struct wr_picture build(struct wr_program *program)
{
    struct wr_picture last = {.format = test_format("gray", 8, WIDTH, HEIGHT)};
    wr_program_open(program, &last.format);
    last.plane[0] = program->input.plane[0];
    struct wr_pass *window = add_pass(program, &last, &wr_sobel_kernel);
    window->reach_x = window->reach_y = 1;
    struct wr_pass *span = add_pass(program, &last, &wr_resample_column_only_kernel);
    span->span = SPAN;
    wr_program_rows(program, span, 0, 1);
    const float weights[SPAN * HEIGHT] = {0};
    wr_pass_table(span, span->row_table, HEIGHT * sizeof(int32_t));
    wr_pass_table(span, wr_program_table(program, weights, sizeof weights), sizeof weights);
    struct wr_pass *point = add_pass(program, &last, &wr_copy_plane_kernel);
    point->when = wr_program_values(program, 1, compute_one, "", 1, 0);
    return last;
}

enum { WINDOW, SUM, POINT };

static void five_inputs(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    for (int n = 0; n < 4; n++)
        wr_pass_in(&p->passes[WINDOW], p->input.plane[0]);
}

static void five_outputs(struct wr_program *p, struct wr_picture *last)
{
    for (int n = 0; n < 4; n++)
        wr_pass_out(&p->passes[WINDOW], last->plane[0]);
}

static void five_tables(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    for (int n = 0; n < 5; n++)
        wr_pass_table(&p->passes[POINT], 0, 0);
}

static void no_input(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[WINDOW].inputs = 0;
}

static void no_output(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[WINDOW].outputs = 0;
}

static void wide_input(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->buffers[p->passes[WINDOW].in[0].buffer].storage = WR_U16;
}

static void float_output(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->buffers[p->passes[WINDOW].out[0].buffer].storage = WR_F32;
}

static void no_buffer(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[SUM].in[0].buffer = p->buffer_count;
}

static void too_far_right(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[SUM].in[0].x = 1;
}

static void too_far_up(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[SUM].in[0].y = -1;
}

static void no_columns(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[SUM].in[0].width = 0;
}

static void wrong_order(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    const struct wr_pass first = p->passes[WINDOW];
    p->passes[WINDOW] = p->passes[SUM];
    p->passes[SUM] = first;
}

static void written_twice(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[SUM].out[0] = p->passes[WINDOW].out[0];
}

static void input_written(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[SUM].out[0] = p->input.plane[0];
}

static void part_written(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[SUM].out[0].width--;
}

static void few_rows(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[POINT].in[0].height--;
}

static void point_with_reach(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[POINT].reach_y = 1;
}

static void negative_reach(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[WINDOW].reach_x = -1;
}

static void no_span(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[SUM].span = 0;
}

static void no_row_table(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[SUM].row_table = p->table_count;
}

static void short_row_table(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->tables[p->passes[SUM].row_table].bytes--;
}

static void rows_beyond(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[SUM].row_count = SPAN; // the last row begins with the last one
}

static void no_rows(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[SUM].row_count = 0;
}

static void no_table(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[SUM].table[0] = -1;
}

static void small_table(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->tables[p->passes[SUM].table[1]].bytes--;
}

static void no_value(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[POINT].first_value = 2;
}

static void negative_value(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[POINT].first_value = -1;
}

static void value_behind_the_last(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[POINT].first_value = p->value_count;
}

static void scratch_for_nothing(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[POINT].scratch = 64;
}

static void no_scratch(struct wr_program *p, struct wr_picture *last)
{
    static struct wr_kernel kernel;
    (void)last;
    kernel = *p->passes[POINT].kernel;
    kernel.scratch = WR_NEEDS_SCRATCH;
    p->passes[POINT].kernel = &kernel;
}

static void no_when(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[POINT].when = 1;
}

static void lost_output(struct wr_program *p, struct wr_picture *last)
{
    last->plane[0] = wr_program_buffer(p, WR_SAMPLE, &last->format, WIDTH, HEIGHT);
}

static void large_output(struct wr_program *p, struct wr_picture *last)
{
    (void)p;
    last->format.width++;
}

static void in_place_of_flipped(struct wr_program *p, struct wr_picture *last)
{
    (void)last;
    p->passes[POINT].in_place = p->passes[POINT].in[0].flipped = true;
}

static const struct mistake {
    void (*make)(struct wr_program *program, struct wr_picture *last);
    const char *words;
} mistakes[] = {
    {five_inputs, "number of inputs"},
    {in_place_of_flipped, "reads at other places"},
    {five_outputs, "number of outputs"},
    {five_tables, "too many tables"},
    {no_input, "number of inputs"},
    {no_output, "number of outputs"},
    {wide_input, "another storage"},
    {float_output, "another storage"},
    {no_buffer, "in no buffer"},
    {too_far_right, "out of its buffer"},
    {too_far_up, "out of its buffer"},
    {no_columns, "out of its buffer"},
    {wrong_order, "before it is written"},
    {written_twice, "written twice"},
    {input_written, "written twice"},
    {part_written, "as a whole"},
    {few_rows, "fewer rows"},
    {point_with_reach, "a reach"},
    {negative_reach, "less than nothing"},
    {no_span, "no span"},
    {no_row_table, "missing or too short"},
    {short_row_table, "missing or too short"},
    {rows_beyond, "does not have"},
    {no_rows, "does not have"},
    {no_table, "not the program's"},
    {small_table, "shorter than what the kernel reads"},
    {no_value, "not the program's"},
    {negative_value, "not the program's"},
    {value_behind_the_last, "not the program's"},
    {scratch_for_nothing, "does not use"},
    {no_scratch, "which the kernel needs"},
    {no_when, "not a number"},
    {lost_output, "not written"},
    {large_output, "another size"},
};

START_TEST(broken_programs_are_refused)
{
    struct wr_program program;
    struct wr_error error = {0};
    struct wr_picture last = build(&program);
    mistakes[_i].make(&program, &last);
    ck_assert_int_eq(wr_program_finish(&program, &last, WR_ROWS_EITHER_WAY, &error), WR_FAILED);
    ck_assert_msg(!strncmp(error.text, "internal: ", 10) && strstr(error.text, mistakes[_i].words),
                  "%s", error.text);
    wr_program_close(&program);
}
END_TEST

START_TEST(whole_programs_are_not_refused)
{
    struct wr_program program;
    struct wr_error error = {0};
    const struct wr_picture last = build(&program);
    ck_assert_msg(!wr_program_finish(&program, &last, WR_ROWS_EITHER_WAY, &error), "%s",
                  error.text);
    const struct wr_buffer *const buffers = program.buffers;
    ck_assert_int_eq(buffers[program.passes[WINDOW].in[0].buffer].role, WR_ROLE_INPUT);
    ck_assert_int_eq(buffers[program.passes[WINDOW].out[0].buffer].role, WR_ROLE_BETWEEN);
    ck_assert_int_eq(buffers[program.passes[POINT].out[0].buffer].role, WR_ROLE_OUTPUT);
    wr_program_close(&program);
}
END_TEST

// What is too much for a pass is not written over the rest of it.
START_TEST(too_many_inputs_leave_outputs_alone)
{
    struct wr_program program;
    struct wr_picture last = build(&program);
    const struct wr_pass *pass = &program.passes[WINDOW];
    const struct wr_plane out = pass->out[0];
    five_inputs(&program, &last);
    ck_assert_int_eq(pass->inputs, 5);
    ck_assert(!memcmp(&pass->out[0], &out, sizeof out));
    wr_program_close(&program);
}
END_TEST

// ---- states

static const char *const remembering[] = {
    "crop=8:4:random(0)*8:'st(0,ld(0)+1)'",
    "crop=8:4:n:y+1",
    "fade=in:start_frame=2:duration=0.2",
    "fade=out:start_time=0.1:nb_frames=5",
    "eq=brightness=random(1)-0.5:eval=frame",
    "hue=h=random(0)*90",
    "rotate=random(0)*rotw(n)",
    "vignette=x0=random(0)*9",
    "negate=enable='gt(random(0),0.5)'",
};

enum { FRAMES = 8, LATER = 3 };

static void compute_frame(struct wr_program_state *state, int frame, union wr_value *values)
{
    wr_program_compute(state, &(struct wr_moment){frame, frame / 25.0},
                       values + frame * state->program->value_count);
}

// Two jobs share a program; the second one begins while the first is under way. Each gets the
// numbers that it would get alone.
START_TEST(states_do_not_meet)
{
    struct wr_program program;
    struct wr_program_state *states[3];
    union wr_value *values[3];
    struct wr_error error;
    const struct wr_format format = test_format("yuv420p", 8, 32, 16);
    ck_assert_msg(!test_lower(remembering[_i], &format, &program, NULL, &error), "%s", error.text);
    for (int n = 0; n < 3; n++) {
        ck_assert(!wr_program_state_open(&states[n], &program, &error));
        values[n] = calloc(FRAMES * (size_t)program.value_count, sizeof **values);
        ck_assert_ptr_nonnull(values[n]);
    }
    for (int f = 0; f < FRAMES; f++)
        compute_frame(states[0], f, values[0]);
    for (int f = 0; f < FRAMES + LATER; f++) {
        if (f < FRAMES)
            compute_frame(states[1], f, values[1]);
        if (f >= LATER)
            compute_frame(states[2], f - LATER, values[2]);
    }
    ck_assert_int_gt(program.value_count, 0);
    for (int n = 1; n < 3; n++)
        ck_assert_msg(
            !memcmp(values[n], values[0], FRAMES * (size_t)program.value_count * sizeof **values),
            "%s: job %d differs from a lone one", remembering[_i], n);
    for (int n = 0; n < 3; n++) {
        wr_program_state_close(&states[n]);
        free(values[n]);
    }
    wr_program_close(&program);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("program");
    TCase *tests = tcase_create("program");
    tcase_add_loop_test(tests, broken_programs_are_refused, 0, COUNT(mistakes));
    tcase_add_test(tests, whole_programs_are_not_refused);
    tcase_add_test(tests, too_many_inputs_leave_outputs_alone);
    tcase_add_loop_test(tests, states_do_not_meet, 0, COUNT(remembering));
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
