// SPDX-License-Identifier: MIT
// Pictures and chains for the unit tests.
#include "tests/support.h"
#include "kernels/filters/registry.h"
#include "kernels/program/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GUARD = 32, GUARD_BYTE = 0xA5 };

static const struct layout {
    const char *name;
    enum wr_model model;
    int log2_chroma_w, log2_chroma_h;
    bool alpha;
} layouts[] = {
    {"gray", WR_GRAY, 0, 0, false},   {"ya", WR_GRAY, 0, 0, true},
    {"yuv420p", WR_YUV, 1, 1, false}, {"yuv422p", WR_YUV, 1, 0, false},
    {"yuv444p", WR_YUV, 0, 0, false}, {"yuv410p", WR_YUV, 2, 2, false},
    {"yuva420p", WR_YUV, 1, 1, true}, {"gbrp", WR_RGB, 0, 0, false},
    {"gbrap", WR_RGB, 0, 0, true},
};

const char *const test_layouts[] = {"gray",    "ya",       "yuv420p", "yuv422p", "yuv444p",
                                    "yuv410p", "yuva420p", "gbrp",    "gbrap",   NULL};

struct wr_format test_format(const char *name, int depth, int width, int height)
{
    for (size_t n = 0; n < sizeof layouts / sizeof layouts[0]; n++)
        if (!strcmp(layouts[n].name, name))
            return (struct wr_format){.model = layouts[n].model,
                                      .width = width,
                                      .height = height,
                                      .depth = depth,
                                      .log2_chroma_w = layouts[n].log2_chroma_w,
                                      .log2_chroma_h = layouts[n].log2_chroma_h,
                                      .alpha = layouts[n].alpha,
                                      .full_range = layouts[n].model == WR_RGB,
                                      .matrix = 2,
                                      .sar_den = 1};
    ck_abort_msg("no layout %s", name);
}

static size_t plane_pitch(const struct wr_format *format, int plane)
{
    return ((size_t)wr_format_width(format, plane) * (size_t)wr_format_bytes(format) + 2 * GUARD +
            1) /
           2 * 2;
}

static size_t plane_bytes(const struct wr_format *format, int plane)
{
    return plane_pitch(format, plane) * (size_t)wr_format_height(format, plane) + 2 * GUARD;
}

struct test_frames test_frames_new(const struct wr_format *format, int count)
{
    struct test_frames frames = {.format = *format, .count = count};
    const int planes = wr_format_planes(format);
    for (int p = 0; p < planes; p++)
        frames.bytes += plane_bytes(format, p) * (size_t)count;
    frames.memory = malloc(frames.bytes + 1);
    frames.images = calloc((size_t)count + 1, sizeof *frames.images);
    if (!frames.memory || !frames.images)
        abort();
    memset(frames.memory, GUARD_BYTE, frames.bytes);
    unsigned char *at = frames.memory;
    for (int f = 0; f < count; f++)
        for (int p = 0; p < planes; p++) {
            frames.images[f].data[p] = at + GUARD;
            frames.images[f].pitch[p] = (ptrdiff_t)plane_pitch(format, p);
            at += plane_bytes(format, p);
        }
    return frames;
}

void test_frames_free(struct test_frames *frames)
{
    free(frames->memory);
    free(frames->images);
    *frames = (struct test_frames){0};
}

static unsigned char *element(const struct test_frames *frames, int frame, int plane, int x, int y)
{
    return frames->images[frame].data[plane] + y * frames->images[frame].pitch[plane] +
           x * wr_format_bytes(&frames->format);
}

int test_get(const struct test_frames *frames, int frame, int plane, int x, int y)
{
    const unsigned char *at = element(frames, frame, plane, x, y);
    uint16_t wide;
    memcpy(&wide, at, frames->format.depth > 8 ? 2 : 0);
    return frames->format.depth > 8 ? wide : *at;
}

void test_put(struct test_frames *frames, int frame, int plane, int x, int y, int value)
{
    unsigned char *at = element(frames, frame, plane, x, y);
    const uint16_t wide = (uint16_t)value;
    if (frames->format.depth > 8)
        memcpy(at, &wide, 2);
    else
        *at = (unsigned char)value;
}

// Marsaglia 2003, xorshift.
static unsigned next_random(unsigned *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

void test_frames_fill(struct test_frames *frames, unsigned seed)
{
    unsigned state = seed * 2654435761u + 1;
    const int max = (1 << frames->format.depth) - 1;
    for (int f = 0; f < frames->count; f++)
        for (int p = 0; p < wr_format_planes(&frames->format); p++) {
            const int w = wr_format_width(&frames->format, p);
            const int h = wr_format_height(&frames->format, p);
            for (int y = 0; y < h; y++)
                for (int x = 0; x < w; x++) {
                    const unsigned noise = next_random(&state);
                    // A ramp for one half of the samples, anything for the other.
                    const int ramp = (int)((long long)max * (x + y + f) / (w + h + frames->count));
                    const int value = noise & 0x10000 ? ramp : (int)(noise % ((unsigned)max + 1));
                    test_put(frames, f, p, x, y, value);
                }
        }
}

void test_frames_check_guards(const struct test_frames *frames)
{
    struct test_frames copy = test_frames_new(&frames->format, frames->count);
    for (int f = 0; f < frames->count; f++)
        for (int p = 0; p < wr_format_planes(&frames->format); p++)
            for (int y = 0; y < wr_format_height(&frames->format, p); y++)
                memcpy(element(&copy, f, p, 0, y), element(frames, f, p, 0, y),
                       (size_t)wr_format_width(&frames->format, p) *
                           (size_t)wr_format_bytes(&frames->format));
    ck_assert_msg(!memcmp(copy.memory, frames->memory, frames->bytes),
                  "something outside the picture was written");
    test_frames_free(&copy);
}

bool test_frames_equal(const struct test_frames *a, const struct test_frames *b)
{
    return a->bytes == b->bytes && !memcmp(a->memory, b->memory, a->bytes);
}

enum { FRAMES_PER_SECOND = 25 };

// What executors leave to the caller.
static void hand_over(const struct wr_program *program, const struct wr_image *in, int count,
                      const struct wr_image *out)
{
    const int bytes = wr_format_bytes(&program->output.format);
    for (int p = 0; p < wr_format_planes(&program->output.format); p++) {
        const struct wr_plane *plane = &program->output.plane[p];
        const int from = program->buffers[plane->buffer].plane;
        const int first = wr_plane_row(plane), step = plane->flipped ? -1 : 1;
        for (int n = 0; n < count && wr_program_hands_over(program, p); n++)
            for (int y = 0; y < plane->height; y++)
                memcpy(out[n].data[p] + y * out[n].pitch[p],
                       in[n].data[from] + (first + step * y) * in[n].pitch[from] + plane->x * bytes,
                       (size_t)plane->width * (size_t)bytes);
    }
}

void test_run_batches(struct wr_executor *executor, const struct wr_program *program,
                      const struct test_frames *in, int batch, struct test_frames *out)
{
    struct wr_error error;
    struct wr_program_state *state;
    union wr_value *values =
        calloc((size_t)batch * (size_t)program->value_count + 1, sizeof *values);
    if (wr_program_state_open(&state, program, &error))
        ck_abort_msg("%s", error.text);
    for (int done = 0; done < in->count; done += batch) {
        struct wr_image images[256];
        const int valid = in->count - done < batch ? in->count - done : batch;
        for (int n = 0; n < batch; n++) {
            const int frame = done + (n < valid ? n : valid - 1);
            const struct wr_moment moment = {frame, (double)frame / FRAMES_PER_SECOND};
            images[n] = in->images[frame];
            wr_program_compute(state, &moment, values + (size_t)n * (size_t)program->value_count);
        }
        const struct wr_batch work = {.size = batch,
                                      .valid = valid,
                                      .in = images,
                                      .out = out->images + done,
                                      .values = values};
        hand_over(program, images, valid, work.out);
        // An assertion that holds allocates too, which some tests count.
        if (executor->type->submit(executor, &work, &error) ||
            executor->type->wait(executor, &error))
            ck_abort_msg("%s", error.text);
    }
    wr_program_state_close(&state);
    free(values);
}

static struct wr_executor *open_executor(const char *device, const struct wr_program *program,
                                         struct wr_executor_options options, struct wr_error *error)
{
    if (!strncmp(device, "cpu:", 4)) {
        options.cpu_level = device + 4;
        device = "cpu";
    }
    struct wr_executor *executor;
    return wr_executor_open(&executor, device, program, &options, error) ? NULL : executor;
}

enum wr_status test_lower(const char *chain, const struct wr_format *input,
                          struct wr_program *program, char **text, struct wr_error *error)
{
    return test_lower_rows(chain, input, WR_ROWS_EITHER_WAY, program, text, error);
}

enum wr_status test_lower_rows(const char *chain, const struct wr_format *input,
                               enum wr_row_order rows, struct wr_program *program, char **text,
                               struct wr_error *error)
{
    struct wr_chain parsed;
    struct wr_picture last;
    enum wr_status status = wr_chain_open(&parsed, chain, error);
    if (!status)
        status = wr_chain_lower(&parsed, input, program, &last, text, error);
    wr_chain_close(&parsed);
    return status ? status : wr_program_finish(program, &last, rows, error);
}

bool test_run_with(const char *chain, const struct test_frames *in, const char *device,
                   const struct wr_executor_options *options, struct test_frames *out,
                   struct wr_memory *memory, struct wr_error *error)
{
    struct wr_program program;
    if (test_lower(chain, &in->format, &program, NULL, error))
        return false;
    struct wr_executor *executor = open_executor(device, &program, *options, error);
    ck_assert_msg(executor != NULL, "%s on %s: %s", chain, device, error->text);
    *out = test_frames_new(&program.output.format, in->count);
    test_run_batches(executor, &program, in, options->batch, out);
    test_frames_check_guards(out);
    *memory = executor->memory;
    wr_executor_close(&executor);
    wr_program_close(&program);
    return true;
}

bool test_run(const char *chain, const struct test_frames *in, const char *device, int batch,
              struct test_frames *out, struct wr_error *error)
{
    const struct wr_executor_options options = {
        .batch = batch, .threads = 3, .band_rows = 8, .mode = WR_ARENA_GUARDED};
    struct wr_memory memory;
    return test_run_with(chain, in, device, &options, out, &memory, error);
}

void test_enter_samples(void)
{
    const char *source = getenv("WARPREEL_SOURCE");
    ck_assert_int_eq(chdir(source ? source : WARPREEL_SOURCE), 0);
    ck_assert_int_eq(chdir("samples"), 0);
}

bool test_has_device(const char *device)
{
    const struct wr_format format = test_format("gray", 8, 1, 1);
    struct wr_program program;
    struct wr_error error;
    if (test_lower("negate", &format, &program, NULL, &error))
        return false;
    struct wr_executor *executor =
        open_executor(device, &program, (struct wr_executor_options){.batch = 1}, &error);
    const bool there = executor != NULL;
    wr_executor_close(&executor);
    wr_program_close(&program);
    return there;
}

const char *test_chain_start(const struct wr_filter *filter)
{
    static char start[256];
    const struct wr_format format = test_format("gbrp", 8, 64, 64);
    struct wr_program program;
    struct wr_error error;
    const bool alone = !test_lower(filter->name, &format, &program, NULL, &error);
    if (alone)
        wr_program_close(&program);
    snprintf(start, sizeof start, "%s%c", alone ? filter->name : filter->example,
             alone ? '=' : ':');
    return start;
}

static void visit_names(const struct wr_filter *filter, const struct wr_parameter *row,
                        void (*visit)(const char *chain, void *context), void *context)
{
    for (int n = 0; row->names[n]; n++) {
        char chain[512];
        snprintf(chain, sizeof chain, "%s%s=%s", test_chain_start(filter), row->name,
                 row->names[n]);
        visit(chain, context);
    }
}

static void visit_extremes(const struct wr_filter *filter, const struct wr_parameter *row,
                           void (*visit)(const char *chain, void *context), void *context)
{
    // Powers are passes, and the window's area goes by sigmaS: as many as are allowed would take
    // the walk hours, and tell no more.
    const bool is_power = strstr(row->name, "_power"), is_area = !strcmp(row->name, "sigmaS");
    const double values[] = {row->min, is_power ? 64 : is_area ? 22 : row->max};
    for (int n = 0; n < 2; n++) {
        char chain[512];
        snprintf(chain, sizeof chain, "%s%s=%.17g", test_chain_start(filter), row->name, values[n]);
        visit(chain, context);
    }
}

int test_stride(void)
{
    const char *stride = getenv("WARPREEL_TEST_STRIDE");
    return stride && atoi(stride) > 1 ? atoi(stride) : 1;
}

// What neither examples nor extremes of single parameters come to.
static const char *const others[] = {
    "eq=contrast=1+n/3:brightness=t-0.1:saturation=1.5-n/4:eval=frame",
    "eq=gamma=1+n/3:gamma_b=2-t:gamma_weight=1/(1+n):eval=frame",
    "vflip,unsharp=3:5:1:5:3:1,vflip",
    "vflip,unsharp=3:5:1:5:3:1,vflip,crop=iw-iw/4:ih-ih/4:0:0:exact=1",
    "gblur=1,vflip,crop=iw-iw/4:ih-ih/4:0:0:exact=1,median",
    "scale=iw*2:ih*2,scale=iw*2/3:ih*2/3:flags=bilinear",
};

void test_each_chain(void (*visit)(const char *chain, void *context), void *context)
{
    const int stride = test_stride();
    int turn = 0;
    for (int n = 0; n < (int)(sizeof others / sizeof others[0]); n++)
        visit(others[n], context);
    for (int f = 0; f < wr_filter_total; f++) {
        const struct wr_filter *filter = wr_filters[f];
        visit(filter->name, context);
        visit(filter->example, context);
        char sometimes[256];
        snprintf(sometimes, sizeof sometimes, "%s%senable='eq(mod(n,2),1)+gt(t,0.5)'",
                 filter->example, strchr(filter->example, '=') ? ":" : "=");
        visit(sometimes, context);
        for (int n = 0; n < filter->parameter_count; n++) {
            const struct wr_parameter *row = &filter->parameters[n];
            if (turn++ % stride)
                continue;
            if (row->names)
                visit_names(filter, row, visit, context);
            else if (row->min < row->max)
                visit_extremes(filter, row, visit, context);
        }
    }
}

int test_find_devices(const char *devices[TEST_DEVICES])
{
    static const char *const levels[] = {"cpu:baseline", "cpu:avx2", "cpu:avx512"};
    const char *wanted = getenv("WARPREEL_TEST_DEVICE");
    const bool is_cuda = wanted && !strcmp(wanted, "cuda"), has_cuda = test_has_device("cuda");
    ck_assert_msg(has_cuda || !is_cuda, "there is no CUDA device");
    int count = 0;
    for (size_t n = 0; n < sizeof levels / sizeof *levels && !is_cuda; n++)
        if (test_has_device(levels[n]))
            devices[count++] = levels[n];
    if (has_cuda)
        devices[count++] = "cuda";
    return count;
}

int test_main(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
