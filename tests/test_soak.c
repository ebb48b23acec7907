// SPDX-License-Identifier: MIT
// A random walk over the registry: chains of filters with parameters anywhere in their ranges, over
// pictures of any layout, depth and size, give the same bits on every CPU level and on CUDA.
//
// A case follows from the seed and its number alone. The walk begins with case WARPREEL_SOAK_FIRST
// (0) of seed WARPREEL_SOAK_SEED (1) and goes on for WARPREEL_SOAK_SECONDS (30), or for as many
// cases as WARPREEL_SOAK_CASES says. What fails names its seed and number, so that this case can be
// run alone.
#include <libavutil/log.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kernels/filters/registry.h"
#include "tests/support.h"

#define COUNT(array) ((int)(sizeof array / sizeof array[0]))

enum { MOST_FILTERS = 4, MOST_PARAMETERS = 4, CHAIN = 1000 };

static const char *devices[TEST_DEVICES];
static int device_count;
static const int depths[] = {8, 8, 9, 10, 10, 12, 14, 16};

// ---- numbers

static uint64_t state;

static uint32_t next(void)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33);
}

static int below(int count)
{
    return (int)(next() % (uint32_t)count);
}

static double share(void)
{
    return next() / (double)(1u << 31);
}

// ---- chains

struct one {
    struct wr_format format;
    int frames;
    int largest; // samples of a plane that the chain may give: a case takes seconds, not minutes
    char chain[CHAIN];
};

// Powers are passes, and for these the time goes by the window's area: larger values would take the
// walk minutes for each case.
static double largest(const struct wr_filter *filter, const struct wr_parameter *row)
{
    const bool is_window = !strcmp(filter->name, "nlmeans") && strcmp(row->name, "s");
    return strstr(row->name, "_power")    ? 6
           : is_window                    ? 7
           : !strcmp(row->name, "sigmaS") ? 9
                                          : row->max;
}

// Anywhere in the range, most often near its low end, where most people are; sometimes an end.
static double number(const struct wr_filter *filter, const struct wr_parameter *row)
{
    const double most = largest(filter, row);
    const int turn = below(8);
    const double part = turn == 0 ? 0 : turn == 1 ? 1 : turn < 4 ? share() : pow(share(), 4);
    return row->min + part * (most - row->min);
}

static const char *expression(void)
{
    static const char *const texts[] = {"iw/2", "ih",  "iw*0.61", "ih*1.37", "n", "n/7",   "t*3",
                                        "1.1",  "w/9", "h/5",     "PI/2",    "0", "-PI/5", "0.7"};
    static char text[32];
    if (below(2))
        return texts[below(COUNT(texts))];
    snprintf(text, sizeof text, below(3) ? "%.0f" : "%.3f", share() * share() * 160);
    return text;
}

// Writes a value for the parameter; false where it takes words of its own.
static bool write_value(const struct wr_filter *filter, const struct wr_parameter *row, char *text,
                        size_t size)
{
    int names = 0;
    while (row->names && row->names[names])
        names++;
    switch (row->kind) {
    case WR_INTEGER:
    case WR_BOOLEAN:
        snprintf(text, size, "%.0f", row->min < row->max ? number(filter, row) : below(2));
        return true;
    case WR_NUMBER:
        snprintf(text, size, "%.9g", number(filter, row));
        return true;
    case WR_CHOICE:
    case WR_FLAGS:
        snprintf(text, size, "%s", row->names[below(names)]);
        return true;
    case WR_EXPRESSION:
        snprintf(text, size, "'%s'", expression());
        return true;
    default:
        return false;
    }
}

static bool is_accepted(const struct one *one)
{
    struct wr_program program;
    struct wr_error error;
    const enum wr_status status = test_lower(one->chain, &one->format, &program, NULL, &error);
    ck_assert_msg(!status || status == WR_USAGE, "%s: %s", one->chain, error.text);
    if (status)
        return false;
    const struct wr_format *out = &program.output.format;
    const bool is_small = (int64_t)out->width * out->height <= one->largest;
    wr_program_close(&program);
    return is_small;
}

// Appends text to the chain if the longer chain can be had.
static void append(struct one *one, const char *text)
{
    const size_t length = strlen(one->chain);
    if (length + strlen(text) >= CHAIN)
        return;
    strcpy(one->chain + length, text);
    if (!is_accepted(one))
        one->chain[length] = 0;
}

static void append_filter(struct one *one, const struct wr_filter *filter)
{
    const char *chain = one->chain;
    const size_t length = strlen(chain);
    char text[512], value[300];
    snprintf(text, sizeof text, "%s%s", *chain ? "," : "",
             below(4) ? test_chain_start(filter) : filter->example);
    if (text[strlen(text) - 1] == '=' || text[strlen(text) - 1] == ':')
        text[strlen(text) - 1] = 0;
    append(one, text);
    if (!chain[length])
        return;
    for (int n = below(MOST_PARAMETERS + 1); n > 0 && filter->parameter_count; n--) {
        const struct wr_parameter *row = &filter->parameters[below(filter->parameter_count)];
        if (!write_value(filter, row, value, sizeof value))
            continue;
        snprintf(text, sizeof text, "%c%s=%s", strchr(chain + length, '=') ? ':' : '=', row->name,
                 value);
        append(one, text);
    }
    if (!below(8)) {
        snprintf(text, sizeof text, "%cenable='gt(mod(n,3),0)'",
                 strchr(chain + length, '=') ? ':' : '=');
        append(one, text);
    }
}

// ---- cases

static struct wr_format random_format(bool is_costly)
{
    // Wide and tall: more than one rectangle, run or band.
    static const int sizes[][2] = {{40, 40}, {150, 90}, {700, 40}, {50, 700}, {330, 260}};
    const int *most = sizes[is_costly ? 0 : below(COUNT(sizes))];
    int layouts = 0;
    while (test_layouts[layouts])
        layouts++;
    return test_format(test_layouts[below(layouts)], depths[below(COUNT(depths))],
                       1 + below(most[0]), 1 + below(most[1]));
}

static bool is_costly(const struct wr_filter *filter)
{
    static const char *const names[] = {"nlmeans", "bilateral", "dnn_processing"};
    for (int n = 0; n < COUNT(names); n++)
        if (!strcmp(filter->name, names[n]))
            return true;
    return false;
}

static void make_case(struct one *one, uint64_t seed, int number)
{
    const struct wr_filter *filters[MOST_FILTERS];
    bool costly = false;
    state = (seed << 32) + (uint64_t)number;
    for (int n = 0; n < 8; n++)
        next();
    const int count = 1 + below(MOST_FILTERS);
    for (int n = 0; n < count; n++) {
        filters[n] = wr_filters[below(wr_filter_total)];
        costly |= is_costly(filters[n]);
    }
    *one = (struct one){.format = random_format(costly),
                        .frames = 1 + below(3),
                        .largest = costly ? 1 << 14 : 1 << 19};
    for (int n = 0; n < count; n++)
        append_filter(one, filters[n]);
}

static void run_on(const struct one *one, const struct test_frames *in, const char *device,
                   struct test_frames *out)
{
    static const int rows[] = {1, 8, 64};
    const struct wr_executor_options options = {
        .batch = 1 + below(4), .threads = 1 + below(3), .band_rows = rows[below(COUNT(rows))]};
    struct wr_memory memory;
    struct wr_error error;
    ck_assert_msg(test_run_with(one->chain, in, device, &options, out, &memory, &error), "%s: %s",
                  one->chain, error.text);
}

static void check_case(const struct one *one, uint64_t seed, int number)
{
    const struct wr_format *f = &one->format;
    struct test_frames in = test_frames_new(f, one->frames), expected, out;
    test_frames_fill(&in, (unsigned)number);
    run_on(one, &in, "cpu:baseline", &expected);
    for (int d = 0; d < device_count; d++) {
        run_on(one, &in, devices[d], &out);
        ck_assert_msg(test_frames_equal(&out, &expected),
                      "seed %llu, case %d: %s on %s differs from the baseline CPU "
                      "(%dx%d, %d bits, model %d, chroma %d%d, alpha %d)",
                      (unsigned long long)seed, number, one->chain, devices[d], f->width, f->height,
                      f->depth, f->model, f->log2_chroma_w, f->log2_chroma_h, f->alpha);
        test_frames_free(&out);
    }
    test_frames_free(&expected);
    test_frames_free(&in);
}

static double setting(const char *name, double standard)
{
    const char *text = getenv(name);
    return text && *text ? atof(text) : standard;
}

START_TEST(random_chains_give_equal_bits)
{
    const uint64_t seed = (uint64_t)setting("WARPREEL_SOAK_SEED", 1);
    const int first = (int)setting("WARPREEL_SOAK_FIRST", 0);
    const int cases = (int)setting("WARPREEL_SOAK_CASES", 1e9);
    const double seconds = setting("WARPREEL_SOAK_SECONDS", 30);
    const bool tells = getenv("WARPREEL_SOAK_TELL") != NULL;
    const time_t begin = time(NULL);
    int number = first, runs = 0;
    av_log_set_level(AV_LOG_QUIET); // of expressions that a filter does not take
    device_count = test_find_devices(devices);
    test_enter_samples(); // examples name files there
    for (; number - first < cases && difftime(time(NULL), begin) < seconds; number++) {
        struct one one;
        make_case(&one, seed, number);
        if (tells)
            fprintf(stderr, "seed %llu, case %d: %dx%d, %d bits, %s\n", (unsigned long long)seed,
                    number, one.format.width, one.format.height, one.format.depth, one.chain);
        if (!*one.chain)
            continue;
        check_case(&one, seed, number);
        runs += device_count;
    }
    printf("soak: seed %llu, cases %d to %d, %d runs compared with the baseline CPU\n",
           (unsigned long long)seed, first, number - 1, runs);
    ck_assert_int_gt(runs, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("soak");
    TCase *tests = tcase_create("walk");
    tcase_set_timeout(tests, 0);
    tcase_add_test(tests, random_chains_give_equal_bits);
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
