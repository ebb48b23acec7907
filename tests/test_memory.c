// SPDX-License-Identifier: MIT
// The executors' memory: shared bytes cannot be seen in the result, nothing is allocated while
// batches run, and what is held is what was estimated.
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "lib/engine/cpu/cpu_plan.h"
#ifdef WARPREEL_CUDA_ARCHITECTURES
#include "lib/engine/cuda/cuda_plan.h"
#include "lib/engine/cuda/cuda_steps.h"
#endif
#include "tests/support.h"

#define COUNT(array) ((int)(sizeof array / sizeof array[0]))

// The linker sends allocations here (-Wl,--wrap) and, in builds with CUDA, calls of the runtime
// that allocate or wait; both go on where they were meant to.
static atomic_int allocations, waits, plans;
static int allocation_to_fail; // by its number, 0 for none

#define COUNTED(type, name, counter, parameters, arguments)                                        \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters                                                                  \
    {                                                                                              \
        counter++;                                                                                 \
        return __real_##name arguments;                                                            \
    }

#define HOST(name, parameters, arguments)                                                          \
    void *__real_##name parameters;                                                                \
    void *__wrap_##name parameters;                                                                \
    void *__wrap_##name parameters                                                                 \
    {                                                                                              \
        return ++allocations == allocation_to_fail ? NULL : __real_##name arguments;               \
    }

HOST(malloc, (size_t size), (size))
HOST(calloc, (size_t count, size_t size), (count, size))
HOST(realloc, (void *old, size_t size), (old, size))
HOST(aligned_alloc, (size_t alignment, size_t size), (alignment, size))
COUNTED(enum wr_status, wr_plan_open, plans,
        (struct wr_plan * plan, const struct wr_block *blocks, int count,
         const struct wr_plan_options *options, struct wr_error *error),
        (plan, blocks, count, options, error))
#ifdef WARPREEL_CUDA_ARCHITECTURES
COUNTED(int, cudaMalloc, allocations, (void **memory, size_t size), (memory, size))
COUNTED(int, cudaMallocHost, allocations, (void **memory, size_t size), (memory, size))
COUNTED(int, cudaStreamSynchronize, waits, (void *stream), (stream))
COUNTED(int, cudaDeviceSynchronize, waits, (void), ())
COUNTED(int, cudaEventSynchronize, waits, (void *event), (event))
#endif

static const char *const devices[] = {"cpu", "cuda"};

// Longer ones than the registry's, with cuts for the CPU and with planes that live long.
static const char *const chains[] = {
    "unsharp,unsharp,unsharp,unsharp",
    "scale=97:-2,unsharp,eq=gamma=1.2,hflip",
    "hflip,crop=50:30,scale=200:100:flags=lanczos,unsharp,negate,scale=31:17,unsharp",
    "unsharp=13:13:1.5,scale=iw*3:-2,unsharp=13:13:1,scale=iw/2:-2,unsharp=3:3",
    "eq=brightness=n/9:eval=frame,unsharp",
};

static bool is_missing(const char *device)
{
    const char *wanted = getenv("WARPREEL_TEST_DEVICE");
    if (test_has_device(device))
        return false;
    // A run that was to test CUDA must not pass without it.
    ck_assert(!wanted || strcmp(wanted, device) != 0);
    return true;
}

struct comparison {
    const char *device;
    int compared, departed;
};

static void compare_modes(const char *chain, void *context)
{
    static const enum wr_arena_mode modes[] = {WR_ARENA_PLANNED, WR_ARENA_POISONED,
                                               WR_ARENA_GUARDED, WR_ARENA_MISRECORDED};
    struct comparison *comparison = context;
    const struct wr_format format = test_format("yuv420p", 10, 53, 37);
    struct test_frames in = test_frames_new(&format, 5), expected, out;
    struct wr_executor_options options = {
        .batch = 3, .threads = 3, .band_rows = 8, .mode = WR_ARENA_SEPARATE};
    struct wr_memory separate, memory;
    struct wr_error error;
    test_frames_fill(&in, 5);
    if (test_run_with(chain, &in, comparison->device, &options, &expected, &separate, &error)) {
        for (int n = 0; n < COUNT(modes); n++) {
            options.mode = modes[n];
            test_run_with(chain, &in, comparison->device, &options, &out, &memory, &error);
            ck_assert_msg(test_frames_equal(&out, &expected),
                          "%s on %s: mode %d differs from a buffer for each block", chain,
                          comparison->device, modes[n]);
            test_frames_free(&out);
            ck_assert_int_eq(memory.departures > 0,
                             modes[n] == WR_ARENA_MISRECORDED && separate.arena > 0);
            comparison->departed += memory.departures > 0;
            if (modes[n] == WR_ARENA_PLANNED) {
                ck_assert_int_le(memory.arena, separate.arena);
                ck_assert_msg(memory.arena == memory.lower_bound, "%s: %lld bytes of at least %lld",
                              chain, (long long)memory.arena, (long long)memory.lower_bound);
            }
        }
        test_frames_free(&expected);
        comparison->compared++;
    }
    test_frames_free(&in);
}

START_TEST(the_layout_cannot_be_seen)
{
    struct comparison comparison = {.device = devices[_i]};
    if (is_missing(devices[_i]))
        return;
    test_each_chain(compare_modes, &comparison);
    ck_assert_int_gt(comparison.compared, 20);
    comparison.compared = 0;
    for (int n = 0; n < COUNT(chains); n++)
        compare_modes(chains[n], &comparison);
    ck_assert_int_eq(comparison.compared, COUNT(chains));
    ck_assert_int_gt(comparison.departed, 4);
}
END_TEST

struct opened {
    struct wr_program program;
    struct wr_executor *executor;
    struct test_frames in, out;
};

static void open_chain(struct opened *o, const char *chain, const char *device, int batch,
                       int frames)
{
    struct wr_error error;
    const struct wr_format format = test_format("yuv422p", 8, 300, 200);
    const struct wr_executor_options options = {.batch = batch, .threads = 3, .band_rows = 8};
    ck_assert_msg(!test_lower(chain, &format, &o->program, NULL, &error), "%s", error.text);
    ck_assert_msg(!wr_executor_open(&o->executor, device, &o->program, &options, &error), "%s",
                  error.text);
    o->in = test_frames_new(&format, frames);
    o->out = test_frames_new(&o->program.output.format, frames);
    test_frames_fill(&o->in, 3);
}

static void close_chain(struct opened *o)
{
    wr_executor_close(&o->executor);
    wr_program_close(&o->program);
    test_frames_free(&o->in);
    test_frames_free(&o->out);
}

// What running the first `count` frames of a chain that is open costs.
static int allocations_of(struct opened *o, int batch, int count, int *waits_of)
{
    struct test_frames in = o->in;
    in.count = count;
    const int before = allocations, waits_before = waits;
    test_run_batches(o->executor, &o->program, &in, batch, &o->out);
    *waits_of = waits - waits_before;
    return allocations - before;
}

// The test's own are the same for any number of batches, so that none may be left.
START_TEST(batches_allocate_nothing_and_wait_once)
{
    if (is_missing(devices[_i]))
        return;
    for (int n = 0; n < COUNT(chains); n++) {
        struct opened o;
        open_chain(&o, chains[n], devices[_i], 4, 18);
        const int opening = o.executor->memory.allocations;
        int one_wait, more_waits;
        const int one = allocations_of(&o, 4, 4, &one_wait);
        const int more = allocations_of(&o, 4, 18, &more_waits); // the last one is padded
        ck_assert_msg(more == one, "%s on %s: %d allocations in five batches, %d in one", chains[n],
                      devices[_i], more, one);
        ck_assert_int_eq(o.executor->memory.allocations, opening);
        const bool is_cpu = !strcmp(devices[_i], "cpu");
        ck_assert_int_eq(one_wait, is_cpu ? 0 : 1);
        ck_assert_int_eq(more_waits, is_cpu ? 0 : 5);
        close_chain(&o);
    }
}
END_TEST

static void check_estimate(const char *chain, const char *device, int batch)
{
    struct opened o;
    open_chain(&o, chain, device, batch, batch);
    struct wr_executor_options options = {.batch = batch, .threads = 3, .band_rows = 8};
    struct wr_memory estimate, memory;
    struct wr_error error;
    memory = o.executor->memory;
    const int before = allocations;
    ck_assert_msg(!wr_executor_estimate(device, &o.program, &options, &batch, 1, &estimate, &error),
                  "%s", error.text);
    ck_assert_int_gt(allocations, before); // this counts
    ck_assert_int_eq(estimate.arena, memory.arena);
    ck_assert_int_eq(estimate.slots, memory.slots);
    ck_assert_int_eq(estimate.tables, memory.tables);
    ck_assert_int_eq(estimate.pinned, memory.pinned);
    ck_assert_int_eq(estimate.requested, memory.requested);
    ck_assert_int_eq(memory.reserved, wr_memory_held(&memory));
    ck_assert_int_gt(memory.allocations, 0);
    // Before the first batch nothing has been at its peak; then it is, and stays there.
    ck_assert_int_eq(memory.peak_allocated, memory.allocated);
    ck_assert_int_eq(memory.peak_reserved, memory.reserved);
    for (int n = 0; n < 2; n++) {
        test_run_batches(o.executor, &o.program, &o.in, batch, &o.out);
        memory = o.executor->memory;
        ck_assert_int_eq(memory.peak_allocated, estimate.peak_allocated);
        ck_assert_int_eq(memory.peak_reserved, estimate.peak_reserved);
        ck_assert_int_le(memory.requested, memory.peak_allocated);
        ck_assert_int_le(memory.peak_allocated, memory.peak_reserved);
        wr_memory_reset_peaks(&o.executor->memory);
        ck_assert_int_eq(o.executor->memory.peak_allocated, memory.allocated);
    }
    close_chain(&o);
}

START_TEST(estimates_are_exact)
{
    if (is_missing(devices[_i]))
        return;
    for (int n = 0; n < COUNT(chains); n++)
        for (int batch = 1; batch <= 20; batch += batch < 4 ? 1 : 7)
            check_estimate(chains[n], devices[_i], batch);
}
END_TEST

// Numbers of each frame may be more bytes than its samples.
START_TEST(values_of_frames_are_counted)
{
    if (is_missing(devices[_i]))
        return;
    const struct wr_format format = test_format("gbrp", 8, 64, 64);
    const struct wr_executor_options options = {.batch = 256, .threads = 2};
    struct wr_program program;
    struct wr_executor *executor;
    struct wr_error error;
    ck_assert(!test_lower("eq=brightness=n/9:eval=frame", &format, &program, NULL, &error));
    const int64_t values = program.value_count * (int64_t)sizeof(union wr_value);
    ck_assert_int_gt(values, 2 * 3 * 64 * 64);
    ck_assert(!wr_executor_open(&executor, devices[_i], &program, &options, &error));
    const int64_t slots = executor->portion * (2 * 3 * 64 * 64 + values);
    if (strcmp(devices[_i], "cpu"))
        ck_assert_int_ge(executor->memory.slots, slots); // with what alignment adds
    else
        ck_assert_int_eq(executor->memory.slots, slots);
    wr_executor_close(&executor);
    wr_program_close(&program);
}
END_TEST

START_TEST(bands_are_not_too_low)
{
    struct wr_program program;
    struct wr_bands bands;
    struct wr_error error;
    for (int height = 1; height < 300; height++) {
        const struct wr_format format = test_format("gray", 8, 8, height);
        ck_assert(!test_lower("negate", &format, &program, NULL, &error));
        ck_assert(!wr_bands_open(&bands, &program, wr_bands_count(&program, 1, 1, 64), 1, &error));
        ck_assert_int_eq(bands.count, height < 128 ? 1 : height / 64);
        for (int band = 0; band < bands.count && bands.count > 1; band++) {
            const int out = program.output.plane[0].buffer;
            const struct wr_rows rows = bands.rows[band * program.buffer_count + out];
            ck_assert_int_ge(rows.to - rows.from, 64);
        }
        wr_bands_close(&bands);
        wr_program_close(&program);
    }
}
END_TEST

// Where there are thousands of passes, neither time nor memory grows with their square.
START_TEST(many_passes_are_cut_soon)
{
    const struct wr_format format = test_format("yuv444p", 8, 1920, 1080);
    const struct wr_executor_options options = {.batch = 1, .threads = 1};
    struct wr_program program;
    struct wr_cpu_plan *cpu;
    struct wr_error error;
    ck_assert(!test_lower("boxblur=2:1000", &format, &program, NULL, &error));
    double least = INFINITY;
    for (int n = 0; n < 5; n++) { // others use this machine too
        const double start = wr_now();
        ck_assert(!wr_cpu_plan_open(&cpu, &program, &options, &error));
        least = fmin(least, wr_now() - start);
        int buffers = 0;
        for (int s = 0; s < cpu->bands.segments; s++)
            buffers += cpu->routes[s].buffer_count;
        ck_assert_int_gt(cpu->bands.segments, 100);
        ck_assert_int_le(buffers, program.buffer_count);
        wr_cpu_plan_close(&cpu);
    }
    ck_assert_msg(least < 0.5 * test_stride(), "%g s to open", least);
    wr_program_close(&program);
}
END_TEST

// Also where a pass writes planes of the output from the last row to the first, and others not.
START_TEST(whole_planes_are_computed_once)
{
    static const char *const many[] = {
        "curves=medium_contrast,vflip",
        "colorbalance=rs=0.2,bilateral=planes=1:sigmaS=13:method=window,vflip",
        "curves=medium_contrast,format=yuv420p,bilateral=planes=6:sigmaS=7:method=window,vflip"};
    int whole = 0;
    for (int n = 0; n < COUNT(many); n++) {
        const struct wr_format format = test_format(n == 1 ? "gbrp" : "yuv420p", 8, 53, 240);
        struct wr_program program;
        struct wr_bands bands;
        struct wr_error error;
        ck_assert(!test_lower(many[n], &format, &program, NULL, &error));
        ck_assert(!wr_bands_open(&bands, &program, wr_bands_count(&program, 1, 1, 8), 1, &error));
        for (int k = 0; k < program.pass_count; k++) {
            const struct wr_pass *pass = &program.passes[k];
            int rows = 0;
            for (int band = 0; band < bands.count; band++) {
                const struct wr_rows some = wr_bands_rows(&bands, &program, band, pass);
                rows += some.to - some.from;
            }
            ck_assert_int_le(rows, pass->out[0].height * 3);
            for (int p = 0; p < pass->outputs; p++)
                if (bands.whole[pass->out[p].buffer]) {
                    ck_assert_int_eq(rows, pass->out[p].height);
                    whole++;
                }
        }
        wr_bands_close(&bands);
        wr_program_close(&program);
    }
    ck_assert_int_gt(whole, 3);
}
END_TEST

// What a pass writes of the output beyond a band's own rows must not get there: it writes luma of
// the result together with chroma that is read some rows further.
START_TEST(bands_cannot_be_seen)
{
    static const char *const many[] = {
        "curves=medium_contrast",
        "curves=medium_contrast,vflip",
        "vflip,colorbalance=rs=0.2",
        "format=gbrp,format=yuv422p10",
        "colorbalance=rs=0.2,unsharp",
        "curves=medium_contrast,bilateral=sigmaS=5:method=window,vflip"};
    const struct wr_format format = test_format("yuv420p", 8, 53, 131);
    const struct wr_executor_options bands = {.batch = 2, .threads = 3, .band_rows = 4};
    const struct wr_executor_options whole = {.batch = 2, .threads = 1, .band_rows = 131};
    struct test_frames in = test_frames_new(&format, 3), out, expected;
    struct wr_memory memory;
    struct wr_error error;
    test_frames_fill(&in, 3);
    for (int n = 0; n < COUNT(many); n++) {
        ck_assert(test_run_with(many[n], &in, "cpu", &bands, &out, &memory, &error));
        ck_assert(test_run_with(many[n], &in, "cpu", &whole, &expected, &memory, &error));
        ck_assert_msg(test_frames_equal(&out, &expected), "%s", many[n]);
        test_frames_free(&out);
        test_frames_free(&expected);
    }
    test_frames_free(&in);
}
END_TEST

// Opens an executor like another and returns how many plans that took.
static int plans_to_open(const char *device, const struct wr_program *program, int threads,
                         const struct wr_executor *like, struct wr_executor **executor)
{
    const struct wr_executor_options options = {.batch = 2, .threads = threads, .like = like};
    struct wr_error error;
    plans = 0;
    ck_assert_msg(!wr_executor_open(executor, device, program, &options, &error), "%s", error.text);
    return plans;
}

// Each segment once, and what crosses their ends, for any number of threads; nothing for executors
// that are opened like another.
START_TEST(what_threads_do_is_planned_once)
{
    if (is_missing(devices[_i]))
        return;
    const bool is_cpu = !strcmp(devices[_i], "cpu");
    const struct wr_format format = test_format("yuv420p", 8, 64, 640);
    struct test_frames in = test_frames_new(&format, 4), out = test_frames_new(&format, 4);
    struct wr_program program;
    struct wr_error error;
    ck_assert(!test_lower("gblur=20,unsharp,gblur=30", &format, &program, NULL, &error));
    for (int threads = 1; threads <= 64; threads *= 4) {
        struct wr_executor *first, *second;
        const int opening = plans_to_open(devices[_i], &program, threads, NULL, &first);
        ck_assert_int_eq(opening, is_cpu ? first->walks[0].route_count + 1 : 1);
        ck_assert_int_eq(first->walk_count, is_cpu ? threads + 1 : 1);
        ck_assert_int_eq(plans_to_open(devices[_i], &program, threads, first, &second), 0);
        wr_executor_close(&first); // before the one that shares its plan
        test_run_batches(second, &program, &in, 2, &out);
        ck_assert_int_eq(second->memory.departures, 0);
        ck_assert_int_eq(plans, 0);
        wr_executor_close(&second);
    }
    wr_program_close(&program);
    test_frames_free(&in);
    test_frames_free(&out);
}
END_TEST

// Batches larger than a portion change nothing, others change the number of bands a few times.
START_TEST(estimates_plan_what_depends_on_the_batch)
{
    static const int batches[] = {16, 1, 2, 4, 8, 16, 32, 64};
    const struct wr_format format = test_format("yuv420p", 8, 640, 360);
    struct wr_memory memory[COUNT(batches)], one;
    struct wr_program program;
    struct wr_error error;
    ck_assert(!test_lower("gblur=20,unsharp,gblur=30", &format, &program, NULL, &error));
    for (int threads = 1; threads <= 512; threads *= 8) {
        struct wr_executor_options options = {.threads = threads};
        plans = 0;
        ck_assert(!wr_executor_estimate("cpu", &program, &options, batches, COUNT(batches), memory,
                                        &error));
        const int all = plans;
        int most = 0, sum = 0;
        for (int n = 0; n < COUNT(batches); n++) {
            plans = 0;
            ck_assert(
                !wr_executor_estimate("cpu", &program, &options, &batches[n], 1, &one, &error));
            ck_assert_int_eq(one.arena, memory[n].arena);
            ck_assert_int_eq(one.slots, memory[n].slots);
            ck_assert_int_eq(one.requested, memory[n].requested);
            ck_assert_int_eq(one.lower_bound, memory[n].lower_bound);
            most = plans > most ? plans : most;
            sum += plans;
        }
        ck_assert_int_lt(all, sum);
        ck_assert_int_le(most, 20); // of each segment, and what crosses their ends
    }
    wr_program_close(&program);
}
END_TEST

// However many threads there are, frames of a group are frames of a portion.
START_TEST(nothing_is_kept_for_frames_that_do_not_come)
{
    const struct wr_format format = test_format("yuv420p", 8, 64, 360);
    struct wr_program program;
    struct wr_cpu_plan *cpu;
    struct wr_error error;
    ck_assert(!test_lower("gblur=20,gblur=20,gblur=30", &format, &program, NULL, &error));
    for (int batch = 1; batch <= 16; batch *= 2) {
        const struct wr_executor_options options = {.batch = batch, .threads = 64};
        ck_assert(!wr_cpu_plan_open(&cpu, &program, &options, &error));
        ck_assert_int_gt(cpu->bands.segments, 1);
        ck_assert_int_le(cpu->portion, batch);
        ck_assert_int_le(cpu->group, cpu->portion);
        wr_cpu_plan_close(&cpu);
    }
    wr_program_close(&program);
}
END_TEST

// Also shows leaks, where a sanitizer looks for them.
START_TEST(every_allocation_of_opening_may_fail)
{
    if (is_missing(devices[_i]))
        return;
    const struct wr_format format = test_format("yuv420p", 8, 64, 48);
    const struct wr_executor_options options = {.batch = 2, .threads = 2, .band_rows = 8};
    struct wr_program program;
    struct wr_error error;
    ck_assert(!test_lower(chains[1], &format, &program, NULL, &error));
    int failures = 0;
    for (enum wr_status status = WR_FAILED; status; failures++) {
        struct wr_executor *executor;
        allocations = 0;
        allocation_to_fail = failures + 1;
        status = wr_executor_open(&executor, devices[_i], &program, &options, &error);
        allocation_to_fail = 0;
        ck_assert_int_eq(status != WR_OK, executor == NULL);
        if (status)
            ck_assert_msg(strstr(error.text, "out of memory") != NULL, "%s", error.text);
        wr_executor_close(&executor);
    }
    ck_assert_int_gt(failures, 20);
    wr_program_close(&program);
}
END_TEST

START_TEST(an_estimate_needs_no_device)
{
    const struct wr_format format = test_format("gray", 8, 640, 360);
    const struct wr_executor_options options = {0};
    const int batch = 16;
    struct wr_program program;
    struct wr_memory memory;
    struct wr_error error;
    ck_assert(!test_lower("unsharp", &format, &program, NULL, &error));
    // A number beyond any machine's.
    const enum wr_status status =
        wr_executor_estimate("cuda:1000", &program, &options, &batch, 1, &memory, &error);
#ifdef WARPREEL_CUDA_ARCHITECTURES
    ck_assert(!status);
    ck_assert_int_eq(memory.slots, 2 * 16 * 360 * 768);
    ck_assert_int_eq(memory.pinned, memory.slots);
    ck_assert_int_eq(memory.available, -1);
#else
    ck_assert_int_eq(status, WR_FAILED);
    ck_assert_str_eq(error.text, "device 'cuda:1000': this warpreel was built without CUDA");
#endif
    wr_program_close(&program);
}
END_TEST

#ifdef WARPREEL_CUDA_ARCHITECTURES
// Cut in equal parts where a pass takes long, and down to a frame.
START_TEST(a_launch_does_not_take_long)
{
    static const struct {
        const char *chain;
        int portion;
    } cases[] = {
        {"negate", 16}, {"unsharp=13:13", 16}, {"nlmeans", 8}, {"hflip,nlmeans=r=99:p=99", 1}};
    const struct wr_format format = test_format("gray", 8, 1920, 1080);
    const struct wr_executor_options options = {.batch = 16};
    for (int n = 0; n < COUNT(cases); n++) {
        struct wr_program program;
        struct wr_cuda_plan *plan;
        struct wr_error error;
        ck_assert(!test_lower(cases[n].chain, &format, &program, NULL, &error));
        ck_assert(!wr_cuda_plan_open(&plan, &program, &options, &error));
        ck_assert_int_eq(plan->portion, cases[n].portion);
        wr_cuda_plan_close(&plan);
        wr_program_close(&program);
    }
}
END_TEST

// Planes alike share a launch, unless one pass needs what the other makes.
START_TEST(passes_alike_are_one_step)
{
    static const struct {
        const char *format, *chain;
        int passes, steps;
    } cases[] = {{"yuv420p", "sobel", 3, 2},
                 {"yuv420p", "sobel,median", 6, 4},
                 {"yuv420p", "sobel=planes=5,median=planes=3", 4, 4},
                 {"gbrp", "sobel", 3, 1},
                 {"gray", "sobel,sobel,sobel,sobel", 4, 4}};
    for (int n = 0; n < COUNT(cases); n++) {
        const struct wr_format format = test_format(cases[n].format, 8, 320, 240);
        int ends[8];
        struct wr_program program;
        struct wr_error error;
        ck_assert(!test_lower(cases[n].chain, &format, &program, NULL, &error));
        ck_assert_int_eq(program.pass_count, cases[n].passes);
        ck_assert_int_eq(wr_cuda_steps(&program, ends), cases[n].steps);
        ck_assert_int_eq(ends[cases[n].steps - 1], cases[n].passes);
        wr_program_close(&program);
    }
}
END_TEST
#endif

int main(void)
{
    Suite *suite = suite_create("memory");
    TCase *tests = tcase_create("memory");
    tcase_set_timeout(tests, 0);
    tcase_add_loop_test(tests, the_layout_cannot_be_seen, 0, COUNT(devices));
    tcase_add_loop_test(tests, batches_allocate_nothing_and_wait_once, 0, COUNT(devices));
    tcase_add_loop_test(tests, estimates_are_exact, 0, COUNT(devices));
    tcase_add_loop_test(tests, values_of_frames_are_counted, 0, COUNT(devices));
    tcase_add_test(tests, bands_are_not_too_low);
    tcase_add_test(tests, whole_planes_are_computed_once);
    tcase_add_test(tests, bands_cannot_be_seen);
    tcase_add_test(tests, many_passes_are_cut_soon);
    tcase_add_test(tests, nothing_is_kept_for_frames_that_do_not_come);
    tcase_add_loop_test(tests, what_threads_do_is_planned_once, 0, COUNT(devices));
    tcase_add_test(tests, estimates_plan_what_depends_on_the_batch);
    tcase_add_loop_test(tests, every_allocation_of_opening_may_fail, 0, COUNT(devices));
    tcase_add_test(tests, an_estimate_needs_no_device);
#ifdef WARPREEL_CUDA_ARCHITECTURES
    tcase_add_test(tests, a_launch_does_not_take_long);
    tcase_add_test(tests, passes_alike_are_one_step);
#endif
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
