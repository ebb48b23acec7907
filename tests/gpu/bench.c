// SPDX-License-Identifier: MIT
// Measures every filter and a few chains on a GPU, and compares their bits with the CPU's.
//
//     gpu-bench --json FILE --markdown FILE [--sizes WxH,...] [--depths N,...] [--batch N]
//               [--batches N] [--first RATIO] [--copy BYTES] [--note TEXT]...
//     gpu-bench --count FILE [--sizes WxH,...] [--depths N,...] [--batch N]
//     gpu-bench --name
//
// Ends with 1 where a chain fails or gives other bits, and where the first batch takes more than
// RATIO times what the median one takes; with 2 without a device.
#include <getopt.h>
#include <stdlib.h>

#include "tests/gpu/table.h"
#include "kernels/filters/registry.h"

enum { MOST_RESULTS = 512, MOST_NOTES = 32, DISTINCT_FRAMES = 4 };

// Beside every filter's own example.
static const char *const chains[] = {
    "negate,hflip,eq=contrast=1.1",
    "unsharp=5:5:1,scale=1280:-2",
    "crop=iw-16:ih-16,eq=gamma=1.2,unsharp,hflip,scale=iw/2:-2:flags=lanczos",
};

struct settings {
    const char *json, *markdown, *count, *sizes, *depths;
    int batch, batches;
    double first; // of the first batch's time over the median one's, at most; 0: do not judge it
    long copy_bytes;
    const char *notes[MOST_NOTES];
    int note_count;
    bool name_only;
};

static bool parse(struct settings *settings, int argc, char **argv)
{
    static const struct option options[] = {
        {"json", required_argument, NULL, 'j'},  {"markdown", required_argument, NULL, 'm'},
        {"sizes", required_argument, NULL, 's'}, {"depths", required_argument, NULL, 'd'},
        {"batch", required_argument, NULL, 'b'}, {"batches", required_argument, NULL, 'n'},
        {"first", required_argument, NULL, 'f'}, {"copy", required_argument, NULL, 'c'},
        {"note", required_argument, NULL, 't'},  {"name", no_argument, NULL, 'N'},
        {"count", required_argument, NULL, 'C'}, {0}};
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

static const char *chain_at(int n)
{
    return n < wr_filter_total ? wr_filters[n]->example : chains[n - wr_filter_total];
}

// Everything is ready before the first batch, so it takes no longer than the others.
static void judge_first(const struct settings *settings, struct gpu_result *result)
{
    if (settings->first > 0 && result->first_over_median > settings->first && !result->problem[0])
        snprintf(result->problem, sizeof result->problem,
                 "the first batch takes %.2f times as long as the median one, allowed are %.2f",
                 result->first_over_median, settings->first);
}

// All chains on one format; returns how many results there are now.
static int measure_format(const struct settings *settings, const struct wr_format *format,
                          struct gpu_result *results, int count)
{
    struct test_frames in = test_frames_new(format, DISTINCT_FRAMES);
    test_frames_fill(&in, 1);
    const int total = wr_filter_total + (int)(sizeof chains / sizeof chains[0]);
    for (int n = 0; n < total && count < MOST_RESULTS; n++) {
        struct gpu_result *result = &results[count++];
        if (settings->count) {
            gpu_count(result, chain_at(n), format, settings->batch);
            continue;
        }
        gpu_measure(result, chain_at(n), &in, settings->batch, settings->batches);
        judge_first(settings, result);
        printf("%dx%d, %d bits, %s: %s\n", format->width, format->height, format->depth,
               result->chain, result->problem[0] ? result->problem : "equal bits");
        fflush(stdout);
    }
    test_frames_free(&in);
    return count;
}

static int measure_all(const struct settings *settings, struct gpu_result *results)
{
    int count = 0, width, height, used;
    for (const char *size = settings->sizes; sscanf(size, "%dx%d%n", &width, &height, &used) == 2;
         size += used, size += *size == ',') {
        char *end;
        for (const char *depth = settings->depths; *depth; depth = end + (*end == ',')) {
            const long bits = strtol(depth, &end, 10);
            if (end == depth)
                break;
            const struct wr_format format = test_format("yuv420p", (int)bits, width, height);
            count = measure_format(settings, &format, results, count);
        }
    }
    return count;
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

int main(int argc, char **argv)
{
    struct settings settings;
    if (!parse(&settings, argc, argv))
        return 2;
    char device[512] = "";
    if (!settings.count && !gpu_describe(device, sizeof device)) {
        fputs("no CUDA device\n", stderr);
        return 2;
    }
    if (settings.name_only)
        return puts(device) == EOF;
    struct gpu_result *results = calloc(MOST_RESULTS, sizeof *results);
    if (!results)
        abort();
    struct gpu_table table = {.device = device,
                              .is_stand_in = strstr(device, "stand-in") != NULL,
                              .notes = settings.notes,
                              .note_count = settings.note_count,
                              .copy_rate =
                                  settings.count ? 0 : gpu_copy_rate((size_t)settings.copy_bytes),
                              .results = results};
    table.result_count = measure_all(&settings, results);
    bool good = table.result_count > 0;
    for (int n = 0; n < table.result_count; n++)
        good = good && !results[n].problem[0];
    good = write_file(settings.count, gpu_write_counts, &table) &&
           write_file(settings.json, gpu_write_json, &table) &&
           write_file(settings.markdown, gpu_write_markdown, &table) && good;
    free(results);
    return good ? 0 : 1;
}
