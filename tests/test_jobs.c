// SPDX-License-Identifier: MIT
// Several jobs on one engine: each output is the one of its lone run, whatever happens to the
// others.
#include <check.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/warpreel.h"
#include "tests/support.h"

#define COUNT(array) ((int)(sizeof array / sizeof array[0]))

enum { JOBS = 8, LONG = 200 };

static char folder[64];

static const char *path(const char *name)
{
    static _Thread_local char paths[4][384];
    static _Thread_local int next;
    char *text = paths[next++ % COUNT(paths)];
    snprintf(text, sizeof paths[0], "%s/%s", folder, name);
    return text;
}

static const char *numbered(const char *name, int number, const char *suffix)
{
    char text[256];
    snprintf(text, sizeof text, "%s-%d%s", name, number, suffix);
    return path(text);
}

// ---- clips

struct clip {
    int width, height, frames, rate;
    const char *chain;
};

// Numbers that change from frame to frame, random ones, constants, FFmpeg's filters in between.
static const char changing[] =
    "eq=brightness=(random(1)-0.5)*0.4:eval=frame,fade=in:0:20,negate=enable='mod(n,3)'";
static const char constant[] = "unsharp=5:5:1.5,hflip";
static const char mixed[] = "hflip,fps=15,unsharp,drawbox=x=4:y=4:w=9:h=9,negate,vflip";

// The first two share both programs and batches, as do the fourth and the fifth; others share only
// the chain, the size or the rate.
static const struct clip clips[JOBS] = {
    {64, 48, 23, 25, changing}, {64, 48, 40, 25, changing}, {64, 48, 9, 30, changing},
    {64, 48, 33, 25, constant}, {64, 48, 17, 30, constant}, {50, 38, 31, 25, constant},
    {64, 48, 45, 30, mixed},    {64, 48, 30, 30, mixed},
};

static void write_frame(FILE *file, const struct clip *clip, unsigned *noise)
{
    const int chroma = (clip->width + 1) / 2 * ((clip->height + 1) / 2);
    fputs("FRAME\n", file);
    for (int n = 0; n < clip->width * clip->height + 2 * chroma; n++) {
        *noise = *noise * 1664525 + 1013904223;
        fputc((int)(*noise >> 24), file);
    }
}

static void write_header(FILE *file, const struct clip *clip)
{
    fprintf(file, "YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420jpeg\n", clip->width, clip->height,
            clip->rate);
}

static void write_clip(const char *name, const struct clip *clip, unsigned seed)
{
    FILE *file = fopen(name, "wb");
    ck_assert_ptr_nonnull(file);
    write_header(file, clip);
    for (int n = 0; n < clip->frames; n++)
        write_frame(file, clip, &seed);
    ck_assert_int_eq(fclose(file), 0);
}

static bool same_files(const char *a, const char *b)
{
    FILE *one = fopen(a, "rb"), *other = fopen(b, "rb");
    bool same = one && other;
    while (same) {
        const int c = fgetc(one);
        same = c == fgetc(other);
        if (c == EOF)
            break;
    }
    if (one)
        fclose(one);
    if (other)
        fclose(other);
    return same;
}

// ---- jobs

// A job with what its thread needs.
struct run {
    struct wr_job_options options;
    struct wr_job *job;
    pthread_t thread;
    char input[384], output[384];
    int cancel_at; // frames, 0 for never
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int64_t written; // frames
    enum wr_status status;
    struct wr_error error;
};

static void progress(void *opaque, const struct wr_progress *progress)
{
    struct run *run = opaque;
    pthread_mutex_lock(&run->lock);
    run->written = progress->frames_out;
    pthread_cond_broadcast(&run->changed);
    pthread_mutex_unlock(&run->lock);
    if (run->cancel_at && progress->frames_out >= run->cancel_at)
        wr_job_cancel(run->job);
}

static void wait_for_frames(struct run *run, int64_t frames)
{
    pthread_mutex_lock(&run->lock);
    while (run->written < frames)
        pthread_cond_wait(&run->changed, &run->lock);
    pthread_mutex_unlock(&run->lock);
}

static void prepare(struct run *run, const char *chain, const char *input, const char *output)
{
    *run = (struct run){.options = wr_default_job_options()};
    snprintf(run->input, sizeof run->input, "%s", input);
    snprintf(run->output, sizeof run->output, "%s", output);
    pthread_mutex_init(&run->lock, NULL);
    pthread_cond_init(&run->changed, NULL);
    run->options.input = run->input;
    run->options.output = run->output;
    run->options.format = "yuv4mpegpipe";
    run->options.chain = chain;
    run->options.threads = 1;
    run->options.overwrite = true;
    run->options.opaque = run;
    run->options.progress = progress;
}

static void open_run(struct run *run, struct wr_engine *engine)
{
    run->status = wr_job_open(&run->job, engine, &run->options, &run->error);
    ck_assert_msg(!run->status, "%s", run->error.text);
}

static void *run_thread(void *argument)
{
    struct run *run = argument;
    run->status = wr_job_run(run->job, &run->error);
    return NULL;
}

static void start(struct run *run)
{
    ck_assert_int_eq(pthread_create(&run->thread, NULL, run_thread, run), 0);
}

static void end(struct run *run)
{
    pthread_join(run->thread, NULL);
    pthread_cond_destroy(&run->changed);
    pthread_mutex_destroy(&run->lock);
}

static void end_well(struct run *run)
{
    end(run);
    ck_assert_msg(!run->status, "%s", run->error.text);
    const struct wr_report *report = wr_job_report(run->job);
    ck_assert_int_gt(report->frames_out, 0);
    wr_job_close(&run->job);
}

static struct wr_engine_options engine_options(int instances)
{
    struct wr_engine_options options = wr_default_engine_options();
    const char *device = getenv("WARPREEL_TEST_DEVICE");
    options.device = device ? device : "cpu";
    options.instances = instances;
    options.threads = 2;
    return options;
}

static struct wr_engine *open_engine_with(const struct wr_engine_options *options)
{
    struct wr_engine *engine;
    struct wr_error error;
    ck_assert_msg(!wr_engine_open(&engine, options, &error), "%s", error.text);
    return engine;
}

static struct wr_engine *open_engine(int batch, int instances, double max_wait)
{
    struct wr_engine_options options = engine_options(instances);
    options.batch = batch;
    options.max_wait = max_wait;
    return open_engine_with(&options);
}

// Makes every clip and its output when it runs alone.
static void make_clips(void)
{
    snprintf(folder, sizeof folder, "/tmp/warpreel-jobs-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    for (int n = 0; n < JOBS; n++) {
        struct run run;
        write_clip(numbered("in", n, ".y4m"), &clips[n], (unsigned)n);
        prepare(&run, clips[n].chain, numbered("in", n, ".y4m"), numbered("lone", n, ".y4m"));
        struct wr_engine *engine = open_engine(0, 0, 0);
        open_run(&run, engine);
        start(&run);
        end_well(&run);
        wr_engine_close(&engine);
    }
}

static void remove_clips(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

static void prepare_clip(struct run *run, int n)
{
    prepare(run, clips[n].chain, numbered("in", n, ".y4m"), numbered("out", n, ".y4m"));
}

static void check_clip(int n)
{
    ck_assert_msg(same_files(numbered("out", n, ".y4m"), numbered("lone", n, ".y4m")),
                  "job %d differs from its lone run", n);
}

// ---- tests

static const int job_counts[] = {1, 2, 5, 8}, batches[] = {1, 5, 16}, instances[] = {1, 2, 4};

// All jobs at once, in every size of batch, on one instance and on several.
START_TEST(jobs_side_by_side_equal_lone_runs)
{
    const int jobs = job_counts[_i / 9];
    struct wr_engine *engine = open_engine(batches[_i / 3 % 3], instances[_i % 3], 0);
    struct run runs[JOBS];
    for (int n = 0; n < jobs; n++) {
        prepare_clip(&runs[n], n);
        open_run(&runs[n], engine);
    }
    for (int n = 0; n < jobs; n++)
        start(&runs[n]);
    for (int n = 0; n < jobs; n++) {
        end_well(&runs[n]);
        check_clip(n);
    }
    wr_engine_close(&engine);
}
END_TEST

// Programs that nobody uses are kept for the next job, and others take their place.
START_TEST(jobs_one_after_another_equal_lone_runs)
{
    struct wr_engine *engine = open_engine(0, 0, 0);
    struct wr_engine_report report;
    for (int n = 0; n < JOBS; n++) {
        struct run run;
        prepare_clip(&run, n);
        open_run(&run, engine);
        wr_engine_report(engine, &report);
        const int programs = clips[n].chain == mixed ? 2 : 1;
        ck_assert_msg(report.programs <= programs + 1, "%d programs are open", report.programs);
        start(&run);
        end_well(&run);
        check_clip(n);
    }
    wr_engine_close(&engine);
}
END_TEST

// One is cancelled in the middle and one has no room for its output. The others share batches with
// them.
START_TEST(jobs_end_alone)
{
    struct wr_engine *engine = open_engine(batches[_i % 3], instances[_i / 3], 0);
    const struct clip endless = {64, 48, LONG, 25, changing};
    struct run cancelled, full, runs[2];
    write_clip(path("long.y4m"), &endless, 77);
    prepare(&cancelled, changing, path("long.y4m"), path("cancelled.y4m"));
    cancelled.cancel_at = 3;
    prepare(&full, changing, path("long.y4m"), "/dev/full");
    open_run(&cancelled, engine);
    open_run(&full, engine);
    start(&cancelled);
    start(&full);
    for (int n = 0; n < 2; n++) {
        prepare_clip(&runs[n], n);
        open_run(&runs[n], engine);
        start(&runs[n]);
    }
    for (int n = 0; n < 2; n++) {
        end_well(&runs[n]);
        check_clip(n);
    }
    end(&cancelled);
    end(&full);
    ck_assert_int_eq(cancelled.status, WR_INTERRUPTED);
    ck_assert_int_eq(full.status, WR_FAILED);
    ck_assert_msg(strstr(full.error.text, "No space left") != NULL, "%s", full.error.text);
    ck_assert_int_ne(access(path("cancelled.y4m"), F_OK), 0);
    wr_job_close(&cancelled.job);
    wr_job_close(&full.job);
    wr_engine_close(&engine);
}
END_TEST

// Two jobs are open, but the second runs only when the first has ended.
START_TEST(open_jobs_need_not_run)
{
    struct wr_engine *engine = open_engine(0, 0, 0);
    struct run runs[2];
    for (int n = 0; n < 2; n++) {
        prepare_clip(&runs[n], n);
        open_run(&runs[n], engine);
    }
    for (int n = 0; n < 2; n++) {
        start(&runs[n]);
        end_well(&runs[n]);
        check_clip(n);
    }
    wr_engine_close(&engine);
}
END_TEST

// Nobody reads the first one's output until the second has ended.
START_TEST(a_slow_writer_holds_back_its_own_reader)
{
    struct wr_engine *engine = open_engine(16, instances[_i], 0);
    struct run runs[2];
    const struct clip big = {640, 480, 60, 25, constant}, other = {640, 480, 50, 25, constant};
    write_clip(path("slow.y4m"), &big, 5);
    write_clip(path("fast.y4m"), &other, 6);
    ck_assert_int_eq(mkfifo(path("pipe"), 0600), 0);
    const int reader = open(path("pipe"), O_RDONLY | O_NONBLOCK);
    prepare(&runs[0], constant, path("slow.y4m"), path("pipe"));
    prepare(&runs[1], constant, path("fast.y4m"), path("fast-out.y4m"));
    for (int n = 0; n < 2; n++)
        open_run(&runs[n], engine);
    for (int n = 0; n < 2; n++)
        start(&runs[n]);
    end_well(&runs[1]);
    fcntl(reader, F_SETFL, 0);
    char block[65536];
    int64_t bytes = 0;
    for (ssize_t n; (n = read(reader, block, sizeof block)) > 0;)
        bytes += n;
    close(reader);
    end_well(&runs[0]);
    unlink(path("pipe"));
    ck_assert_int_gt(bytes, INT64_C(60) * 640 * 480 * 3 / 2);
    wr_engine_close(&engine);
}
END_TEST

static void run_short_ones(struct wr_engine *engine, int jobs, struct wr_engine_report *report)
{
    struct run runs[JOBS];
    for (int n = 0; n < jobs; n++) {
        const struct clip clip = {64, 48, 5, 25, constant};
        write_clip(numbered("short", n, ".y4m"), &clip, (unsigned)n);
        prepare(&runs[n], constant, numbered("short", n, ".y4m"), numbered("short-out", n, ".y4m"));
        open_run(&runs[n], engine);
    }
    for (int n = 0; n < jobs; n++)
        start(&runs[n]);
    for (int n = 0; n < jobs; n++)
        end_well(&runs[n]);
    wr_engine_report(engine, report);
}

// Eight sources of five frames fill three batches, where each alone would leave 11 slots of 16
// empty.
START_TEST(batches_are_filled_by_several_jobs)
{
    struct wr_engine_report report;
    struct wr_engine *engine = open_engine(16, 1, 60);
    run_short_ones(engine, JOBS, &report);
    ck_assert_int_eq(report.frames, 5 * JOBS);
    ck_assert_msg(report.frames * 100 >= report.slots * 80, "%d of %d slots", (int)report.frames,
                  (int)report.slots);
    ck_assert_int_eq(report.programs, 1);
    wr_engine_close(&engine);
    engine = open_engine(16, 1, 60);
    run_short_ones(engine, 1, &report);
    ck_assert_int_eq(report.slots, 16);
    ck_assert_int_eq(report.frames, 5);
    wr_engine_close(&engine);
}
END_TEST

// The input stalls after three frames, which do not fill a batch.
START_TEST(a_frame_waits_no_longer_than_it_may)
{
    struct wr_engine *engine = open_engine(16, 1, 0.05);
    const struct clip clip = {64, 48, 0, 25, constant};
    struct run run;
    unsigned noise = 1;
    ck_assert_int_eq(mkfifo(path("stalls"), 0600), 0);
    FILE *file = fopen(path("stalls"), "w+b"); // does not wait for a reader
    prepare(&run, constant, path("stalls"), path("stalls.y4m"));
    write_header(file, &clip);
    for (int n = 0; n < 3; n++)
        write_frame(file, &clip, &noise);
    fflush(file);
    open_run(&run, engine);
    FILE *writer = fopen(path("stalls"), "wb");
    fclose(file);
    start(&run);
    wait_for_frames(&run, 2); // the writer holds one back
    for (int n = 0; n < 2; n++)
        write_frame(writer, &clip, &noise);
    fclose(writer);
    end_well(&run);
    struct wr_engine_report report;
    wr_engine_report(engine, &report);
    ck_assert_int_ge(report.batches, 2);
    ck_assert_int_eq(report.frames, 5);
    wr_engine_close(&engine);
    unlink(path("stalls"));
}
END_TEST

static int64_t bytes_of_clip(int n)
{
    struct wr_engine *engine = open_engine(0, 1, 0);
    struct wr_engine_report report;
    struct run run;
    prepare_clip(&run, n);
    open_run(&run, engine);
    wr_engine_report(engine, &report);
    wr_job_close(&run.job);
    wr_engine_close(&engine);
    return report.bytes;
}

// Another program gets what the first one leaves of the limit, and with it smaller batches; the
// same program needs nothing more.
START_TEST(one_memory_limit_holds_for_all_programs)
{
    struct wr_engine_options options = engine_options(1);
    options.memory_limit = bytes_of_clip(0) + bytes_of_clip(3) / 2;
    struct wr_engine *engine = open_engine_with(&options);
    struct wr_engine_report report;
    struct run runs[3];
    for (int n = 0; n < 3; n++) {
        prepare_clip(&runs[n], n < 2 ? n : 3);
        open_run(&runs[n], engine);
        wr_engine_report(engine, &report);
        ck_assert_int_le(report.bytes, options.memory_limit);
        ck_assert_int_eq(report.programs, n < 2 ? 1 : 2);
    }
    ck_assert_int_eq(wr_job_report(runs[1].job)->batch, 16);
    ck_assert_int_lt(wr_job_report(runs[2].job)->batch, 16);
    ck_assert_int_gt(wr_job_report(runs[2].job)->note_count, 0);
    for (int n = 0; n < 3; n++)
        start(&runs[n]);
    for (int n = 0; n < 3; n++) {
        end_well(&runs[n]);
        check_clip(n < 2 ? n : 3);
    }
    wr_engine_close(&engine);
}
END_TEST

static void note_batch(void *opaque, const struct wr_batch_report *batch)
{
    int64_t *next = opaque;
    ck_assert_int_eq(batch->number, *next);
    ++*next;
}

// A job that is told of its batches has them for itself, and is told in their order.
START_TEST(batches_are_told_in_order)
{
    struct wr_engine *engine = open_engine(5, 4, 0);
    struct run runs[2];
    int64_t next[2] = {0, 0};
    for (int n = 0; n < 2; n++) {
        prepare_clip(&runs[n], n);
        runs[n].options.progress = NULL;
        runs[n].options.opaque = &next[n];
        runs[n].options.batch_done = note_batch;
        open_run(&runs[n], engine);
        start(&runs[n]);
    }
    for (int n = 0; n < 2; n++) {
        end(&runs[n]);
        const struct wr_report *report = wr_job_report(runs[n].job);
        ck_assert_int_eq(report->batches, (clips[n].frames + 4) / 5);
        ck_assert_int_eq(report->padded_frames, 5 * report->batches - clips[n].frames);
        ck_assert_int_eq(next[n], report->batches);
        wr_job_close(&runs[n].job);
        check_clip(n);
    }
    wr_engine_close(&engine);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("jobs");
    TCase *tests = tcase_create("jobs");
    tcase_set_timeout(tests, 120); // sanitizers are slow
    tcase_add_unchecked_fixture(tests, make_clips, remove_clips);
    tcase_add_loop_test(tests, jobs_side_by_side_equal_lone_runs, 0, 9 * COUNT(job_counts));
    tcase_add_test(tests, jobs_one_after_another_equal_lone_runs);
    tcase_add_loop_test(tests, jobs_end_alone, 0, 9);
    tcase_add_test(tests, open_jobs_need_not_run);
    tcase_add_loop_test(tests, a_slow_writer_holds_back_its_own_reader, 0, 2);
    tcase_add_test(tests, batches_are_filled_by_several_jobs);
    tcase_add_test(tests, a_frame_waits_no_longer_than_it_may);
    tcase_add_test(tests, one_memory_limit_holds_for_all_programs);
    tcase_add_test(tests, batches_are_told_in_order);
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
