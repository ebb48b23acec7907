// SPDX-License-Identifier: MIT
// Measures a device, every filter and a few chains on it, and compares their bits with the CPU's.
//
//     gpu-bench --json FILE --markdown FILE [--sizes WxH,...] [--depths N,...] [--batch N]
//               [--batches N] [--first RATIO] [--copy BYTES] [--seconds N] [--note TEXT]...
//     gpu-bench --count FILE [--sizes WxH,...] [--depths N,...] [--batch N]
//     gpu-bench --name
//
// What tells most comes first, and the files are written anew after each measurement, so that a run
// that is cut short leaves what it found. With --seconds, measuring ends at half of that time and
// comparing at the end of it; the files say how much was left out.
//
// Ends with 1 where a chain fails or gives other bits, and where the first batch takes more than
// RATIO times what the median one takes; with 2 without a device.
#include <getopt.h>
#include <stdlib.h>

#include "kernels/filters/registry.h"
#include "lib/base/trace.h"
#include "tests/gpu/table.h"

enum { MOST_RESULTS = 512, MOST_NOTES = 32, DISTINCT_FRAMES = 4 };

static const char *const telling[] = {"negate",    "unsharp",   "scale=iw*2/3:-2",  "transpose",
                                      "bilateral", "nlmeans",   "lut3d=grade.cube", "median=2",
                                      "median=5",  "median=10", "median=11",        "median=25"};

// Beside every filter's own example.
static const char *const chains[] = {
    "negate,hflip,eq=contrast=1.1",
    "unsharp=5:5:1,scale=1280:-2",
    "crop=iw-16:ih-16,eq=gamma=1.2,unsharp,hflip,scale=iw/2:-2:flags=lanczos",
};

#define COUNT(array) ((int)(sizeof array / sizeof array[0]))

struct settings {
    const char *json, *markdown, *count, *sizes, *depths;
    int batch, batches;
    double first;   // of the first batch's time over the median one's, at most; 0: do not judge it
    double seconds; // for all of it; 0: as long as it takes
    long copy_bytes;
    const char *notes[MOST_NOTES];
    int note_count;
    bool name_only;
};

static bool parse(struct settings *settings, int argc, char **argv)
{
    static const struct option options[] = {{"json", required_argument, NULL, 'j'},
                                            {"markdown", required_argument, NULL, 'm'},
                                            {"sizes", required_argument, NULL, 's'},
                                            {"depths", required_argument, NULL, 'd'},
                                            {"batch", required_argument, NULL, 'b'},
                                            {"batches", required_argument, NULL, 'n'},
                                            {"first", required_argument, NULL, 'f'},
                                            {"copy", required_argument, NULL, 'c'},
                                            {"note", required_argument, NULL, 't'},
                                            {"name", no_argument, NULL, 'N'},
                                            {"seconds", required_argument, NULL, 'l'},
                                            {"count", required_argument, NULL, 'C'},
                                            {0}};
    *settings = (struct settings){.sizes = "1920x1080,3840x2160",
                                  .depths = "8,10",
                                  .batch = 16,
                                  .batches = 15,
                                  .copy_bytes = 256L << 20};
    int code;
    while ((code = getopt_long(argc, argv, "", options, NULL)) != -1)
        switch (code) {
        case 'j':
            settings->json = optarg;
            break;
        case 'm':
            settings->markdown = optarg;
            break;
        case 's':
            settings->sizes = optarg;
            break;
        case 'd':
            settings->depths = optarg;
            break;
        case 'b':
            settings->batch = atoi(optarg);
            break;
        case 'n':
            settings->batches = atoi(optarg);
            break;
        case 'f':
            settings->first = atof(optarg);
            break;
        case 'c':
            settings->copy_bytes = atol(optarg);
            break;
        case 'l':
            settings->seconds = atof(optarg);
            break;
        case 't':
            if (settings->note_count < MOST_NOTES)
                settings->notes[settings->note_count++] = optarg;
            break;
        case 'C':
            settings->count = optarg;
            break;
        case 'N':
            settings->name_only = true;
            break;
        default:
            return false;
        }
    return settings->batch > 0 && settings->batches > 0 && settings->copy_bytes > 0;
}

// ---- what is measured, in its order

struct item {
    const char *chain;
    struct wr_format format;
};

struct items {
    struct item all[MOST_RESULTS];
    int count;
};

static void add(struct items *items, const char *chain, const struct wr_format *format)
{
    if (items->count < MOST_RESULTS)
        items->all[items->count++] = (struct item){chain, *format};
}

static void add_format(struct items *items, const struct wr_format *format, bool is_telling)
{
    for (int n = 0; is_telling && n < COUNT(telling); n++)
        add(items, telling[n], format);
    for (int n = 0; !is_telling && n < wr_filter_total; n++)
        add(items, wr_filters[n]->example, format);
    for (int n = 0; !is_telling && n < COUNT(chains); n++)
        add(items, chains[n], format);
}

static void add_depths(struct items *items, const char *depths, int width, int height,
                       bool is_telling)
{
    char *end;
    for (const char *depth = depths; *depth; depth = end + (*end == ',')) {
        const long bits = strtol(depth, &end, 10);
        if (end == depth)
            return;
        const struct wr_format format = test_format("yuv420p", (int)bits, width, height);
        add_format(items, &format, is_telling);
    }
}

// At each size the telling ones of all depths come first.
static void list(struct items *items, const struct settings *settings)
{
    int width, height, used;
    for (const char *size = settings->sizes; sscanf(size, "%dx%d%n", &width, &height, &used) == 2;
         size += used, size += *size == ',') {
        add_depths(items, settings->depths, width, height, true);
        add_depths(items, settings->depths, width, height, false);
    }
}

// ---- measuring

struct bench {
    struct settings settings;
    struct items items;
    struct gpu_result results[MOST_RESULTS];
    struct gpu_table table;
    struct test_frames in; // what the last chain got
    bool has_in;
    double start;
};

// The frames for an item; those of the one before it if they are of the same format.
static const struct test_frames *frames_for(struct bench *b, const struct wr_format *format)
{
    const struct wr_format *last = &b->in.format;
    if (b->has_in && last->width == format->width && last->height == format->height &&
        last->depth == format->depth)
        return &b->in;
    if (b->has_in)
        test_frames_free(&b->in);
    b->in = test_frames_new(format, DISTINCT_FRAMES);
    b->has_in = true;
    test_frames_fill(&b->in, 1);
    return &b->in;
}

static bool is_over(const struct bench *b, double part)
{
    return b->settings.seconds > 0 && wr_now() - b->start > part * b->settings.seconds;
}

// Everything is ready before the first batch, so it takes no longer than the others.
static void judge_first(const struct settings *settings, struct gpu_result *result)
{
    if (settings->first > 0 && result->first_over_median > settings->first && !result->problem[0])
        snprintf(result->problem, sizeof result->problem,
                 "the first batch takes %.2f times as long as the median one, allowed are %.2f",
                 result->first_over_median, settings->first);
}

static bool write_file(const char *path, void (*write)(FILE *, const struct gpu_table *),
                       const struct gpu_table *table)
{
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!path)
        return true;
    if (!file)
        return perror(path), false;
    write(file, table);
    return fclose(file) == 0;
}

static bool save(struct bench *b)
{
    const struct settings *settings = &b->settings;
    return write_file(settings->count, gpu_write_counts, &b->table) &&
           write_file(settings->json, gpu_write_json, &b->table) &&
           write_file(settings->markdown, gpu_write_markdown, &b->table);
}

static void tell(const struct gpu_result *result, const char *good)
{
    printf("%dx%d, %d bits, %s: %s\n", result->width, result->height, result->depth, result->chain,
           result->problem[0] ? result->problem : good);
    fflush(stdout);
}

static void count_all(struct bench *b)
{
    for (int n = 0; n < b->items.count; n++)
        gpu_count(&b->results[b->table.result_count++], b->items.all[n].chain,
                  &b->items.all[n].format, b->settings.batch);
}

static bool measure_all(struct bench *b)
{
    bool good = true;
    for (int n = 0; good && n < b->items.count && !is_over(b, 0.5); n++) {
        const struct item *const item = &b->items.all[n];
        struct gpu_result *const result = &b->results[b->table.result_count++];
        gpu_measure(result, item->chain, frames_for(b, &item->format), b->settings.batch,
                    b->settings.batches);
        judge_first(&b->settings, result);
        tell(result, "measured");
        good = save(b);
    }
    b->table.left_out = b->items.count - b->table.result_count;
    return good;
}

static bool compare_all(struct bench *b)
{
    bool good = true;
    for (int n = 0; good && n < b->table.result_count && !is_over(b, 1); n++) {
        if (b->results[n].problem[0])
            continue;
        gpu_compare(&b->results[n], frames_for(b, &b->items.all[n].format));
        tell(&b->results[n], "equal bits");
        good = save(b);
    }
    return good;
}

static bool run(struct bench *b)
{
    list(&b->items, &b->settings);
    b->table.notes = b->settings.notes;
    b->table.note_count = b->settings.note_count;
    b->table.results = b->results;
    if (b->settings.count)
        return count_all(b), save(b);
    gpu_measure_machine(&b->table.machine, (size_t)b->settings.copy_bytes);
    bool good = save(b) && measure_all(b) && compare_all(b) && b->table.result_count > 0;
    for (int n = 0; n < b->table.result_count; n++)
        good = good && !b->results[n].problem[0];
    return good;
}

int main(int argc, char **argv)
{
    struct bench *const b = calloc(1, sizeof *b);
    if (!b)
        abort();
    b->start = wr_now();
    int code = 2;
    if (!parse(&b->settings, argc, argv))
        goto end;
    if (!b->settings.count && !gpu_describe(&b->table.machine)) {
        fputs("no CUDA device\n", stderr);
        goto end;
    }
    if (b->settings.name_only)
        code = puts(b->table.machine.device) == EOF;
    else
        code = run(b) ? 0 : 1;
end:
    if (b->has_in)
        test_frames_free(&b->in);
    free(b);
    return code;
}
