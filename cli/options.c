// SPDX-License-Identifier: MIT
// One row for each option; getopt's tables, the sentences and the help all come from the rows.
#include "cli/options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum kind { TEXT, TEXTS, INTEGER, LARGE, SECONDS, SWITCH, CHOICE };

struct row {
    size_t offset; // of the field in struct wr_settings
    enum kind kind;
    const char *name;
    char letter;          // 0 for none
    const char *argument; // of a CHOICE: the words for 0, 1, 2...; "[NAME]" may be left out
    const char *help;
    int64_t minimum, maximum;
    const char *alias;
    bool is_size; // K, M, G and T may follow the number
    bool is_made; // the argument names what is written: not empty, "-" is standard output
};

// clang-format off
// A row begins with its field, whose type says how the argument is read.
#define FIELD(member)                                                                             \
    .offset = offsetof(struct wr_settings, member),                                               \
    .kind = _Generic(((struct wr_settings *)0)->member,                                           \
        const char *: TEXT,                                                                       \
        const char *const *: TEXTS,                                                               \
        int: INTEGER,                                                                             \
        int64_t: LARGE,                                                                           \
        double: SECONDS,                                                                          \
        bool: SWITCH,                                                                             \
        enum wr_others: CHOICE,                                                                   \
        enum wr_progress_mode: CHOICE)

static const struct row rows[] = {
    {FIELD(job.chain), "filter", 'f', "CHAIN",
     "filters to run, in this order, in the grammar of FFmpeg's -vf", .alias = "vf"},
    {FIELD(job.native), "native", 0, NULL,
     "refuse filters that warpreel has no kernels for, rather than run FFmpeg's own on the CPU"},
    {FIELD(job.output), "output", 'o', "PATH",
     "file to write; - is standard output, for which the container has to be named", .is_made = true},
    {FIELD(job.codec), "codec", 'c', "NAME",
     "FFmpeg's name of the video encoder; otherwise the usual one for the container"},
    {FIELD(job.quality), "quality", 0, "VALUE",
     "constant quality on the encoder's own scale (libx264: 0 best to 51, 18 unless given)"},
    {FIELD(job.preset), "preset", 0, "NAME",
     "the encoder's own trade of speed for size, such as fast or slow"},
    {FIELD(job.encoder_options), "encoder-option", 0, "K=V",
     "option of the encoder by FFmpeg's name; may be given several times"},
    {FIELD(job.pix_fmt), "pix-fmt", 0, "NAME",
     "pixel format to encode in, made as by the filter format; otherwise the source's bit depth and chroma layout are kept"},
    {FIELD(job.format), "format", 0, "NAME",
     "FFmpeg's name of the container; otherwise chosen by the output's suffix"},
    {FIELD(engine.device), "device", 'd', "auto|cpu|cuda[:N]",
     "where filters run; the results are the same bits"},
    {FIELD(engine.batch), "batch", 'b', "N",
     "frames that are filtered together; does not change the output; 0 takes 16, or fewer where "
     "memory is short",
     0, 256},
    {FIELD(engine.threads), "threads", 'j', "N",
     "threads of codecs and of filters on the CPU; 0 uses all processors", 0, 1024},
    {FIELD(engine.instances), "instances", 0, "N",
     "batches that run at the same time, so that copies overlap kernels; 0 chooses", 0, 8},
    {FIELD(engine.memory_limit), "memory-limit", 0, "SIZE",
     "take the largest batch, up to 16, with which the filters hold no more memory than this on the "
     "device; K, M, G and T stand for powers of 1024",
     1, INT64_MAX, .is_size = true},
    {FIELD(engine.max_wait), "max-wait", 0, "SECONDS",
     "filter a batch that is not full when its oldest frame has waited so long, as for inputs that "
     "are live; otherwise a frame waits until the batch is full or the input ends"},
    {FIELD(estimate), "estimate", 0, NULL,
     "print how much memory the filters would hold, by size of batch, and run nothing"},
    {FIELD(job.start), "start", 0, "TIME",
     "begin at this time of the input, as 90, 1:30 or 00:01:30.5"},
    {FIELD(job.frames), "frames", 0, "N",
     "stop after this many frames", 0, INT64_MAX},
    {FIELD(job.overwrite), "overwrite", 'y', NULL,
     "replace the output if it exists"},
    {FIELD(job.keep_partial), "keep-partial", 0, NULL,
     "when interrupted, or when the input fails, finish the file with the frames so far; a second "
     "interruption gives up"},
    {FIELD(many.list), "list", 0, "FILE",
     "more inputs, one on each line, or JSON objects with input, output and options of their own; - is standard input"},
    {FIELD(many.recursive), "recursive", 0, NULL,
     "with a folder as the input: go into its folders, too"},
    {FIELD(many.include), "include", 0, "GLOB",
     "with a folder as the input: only files whose name or path in the folder matches; may be given several times"},
    {FIELD(many.exclude), "exclude", 0, "GLOB",
     "with a folder as the input: no file whose name or path in the folder matches; may be given several times"},
    {FIELD(many.name), "name", 0, "PATTERN",
     "with many inputs: how outputs are called, such as {stem}-sharp.{ext}; the suffix chooses the container"},
    {FIELD(many.others), "others", 0, "list|copy",
     "with a folder as the input: say at the end which files are no videos, or copy them"},
    {FIELD(many.jobs), "jobs", 0, "N",
     "with many inputs: how many to work on at the same time; 0 chooses", 0, 64},
    {FIELD(many.resume), "resume", 0, NULL,
     "with many inputs: leave out what an earlier run has made from the same input with the same options"},
    {FIELD(many.watch), "watch", 0, NULL,
     "with a folder as the input: go on, and take files when they arrive and are whole, until interrupted"},
    {FIELD(progress), "progress", 0, "auto|bar|json|none",
     "how to show progress on standard error; auto is a bar on a terminal"},
    {FIELD(report), "report", 0, "FILE",
     "write what was done, as JSON; - is standard output", .is_made = true},
    {FIELD(memory), "memory", 0, NULL,
     "print a line on the memory and time of every batch, on standard error"},
    {FIELD(memory_plot), "memory-plot", 0, "FILE",
     "draw how the filters' buffers share one arena, as SVG; - is standard output", .is_made = true},
    {FIELD(job.trace), "trace", 0, "FILE",
     "write when each thread and device did what, as Chrome trace events for Perfetto; - is standard "
     "output",
     .is_made = true},
    {FIELD(list_filters), "list-filters", 0, NULL,
     "list the filters and exit"},
    {FIELD(help), "help", 'h', "[FILTER]",
     "explain the options, or the parameters of a filter, and exit"},
    {FIELD(version), "version", 0, NULL,
     "print the versions of warpreel and FFmpeg's libraries and where filters can run, and exit"},
    {FIELD(verbose), "verbose", 'v', NULL,
     "say more, FFmpeg's own messages included"},
    {FIELD(quiet), "quiet", 'q', NULL,
     "say nothing but errors and what --progress and --memory ask for"},
};
// clang-format on

enum { ROWS = sizeof(rows) / sizeof(rows[0]), LONG_CODE = 256 };

struct wr_settings wr_default_settings(void)
{
    return (struct wr_settings){.engine = wr_default_engine_options(),
                                .job = wr_default_job_options(),
                                .many = {.name = "{stem}.{ext}"},
                                .progress = WR_PROGRESS_AUTO};
}

const char *wr_option_at(size_t offset)
{
    for (int i = 0; i < ROWS; i++)
        if (rows[i].offset == offset)
            return rows[i].name;
    return "";
}

static bool is_optional(const struct row *row)
{
    return row->argument && row->argument[0] == '[';
}

// ---- getopt's view of the table

struct table {
    struct option options[2 * ROWS + 1]; // each may have a second name
    char letters[3 * ROWS + 2];
};

static void fill_table(struct table *table)
{
    struct option *option = table->options;
    char *letter = table->letters;
    *letter++ = ':'; // a missing argument is told apart from an unknown option
    for (int i = 0; i < ROWS; i++) {
        const struct row *const row = &rows[i];
        const int argument = is_optional(row) ? optional_argument
                             : row->argument  ? required_argument
                                              : no_argument;
        *option++ = (struct option){row->name, argument, NULL, LONG_CODE + i};
        if (row->alias)
            *option++ = (struct option){row->alias, argument, NULL, LONG_CODE + i};
        if (row->letter)
            *letter++ = row->letter;
        for (int colons = 0; row->letter && colons < argument; colons++)
            *letter++ = ':';
    }
    *option = (struct option){0};
    *letter = '\0';
}

static const struct row *row_of(int code)
{
    if (code >= LONG_CODE)
        return &rows[code - LONG_CODE];
    for (int i = 0; code && i < ROWS; i++)
        if (rows[i].letter == code)
            return &rows[i];
    return NULL;
}

// ---- from words to fields

// Multiplies by the power of 1024 that the letter after a number stands for.
static bool scale(const char *letter, int64_t *number)
{
    static const char letters[] = "KMGT";
    const char *const found = strchr(letters, toupper((unsigned char)*letter));
    if (!found || letter[1])
        return false;
    return !__builtin_mul_overflow(*number, INT64_C(1024) << 10 * (found - letters), number);
}

static enum wr_status parse_integer(const struct row *row, const char *text, int64_t *value,
                                    struct wr_error *error)
{
    char *end;
    errno = 0;
    int64_t number = strtoll(text, &end, 10);
    bool whole = *text && (unsigned char)*text > ' ' && end > text && !errno;
    if (whole && *end)
        whole = row->is_size && scale(end, &number);
    if (whole && number >= row->minimum && number <= row->maximum) {
        *value = number;
        return WR_OK;
    }
    if (row->is_size)
        return wr_fail(error, WR_USAGE, "--%s takes a number of bytes like 512M or 2G, not \"%s\"",
                       row->name, text);
    if (row->maximum == INT64_MAX)
        return wr_fail(error, WR_USAGE, "--%s takes a whole number from %lld on, not \"%s\"",
                       row->name, (long long)row->minimum, text);
    return wr_fail(error, WR_USAGE, "--%s takes a whole number from %lld to %lld, not \"%s\"",
                   row->name, (long long)row->minimum, (long long)row->maximum, text);
}

static enum wr_status parse_seconds(const struct row *row, const char *text, double *value,
                                    struct wr_error *error)
{
    char *end;
    const double number = strtod(text, &end);
    if (*text && (unsigned char)*text > ' ' && !*end && number >= 0 && number <= 1e6) {
        *value = number;
        return WR_OK;
    }
    return wr_fail(error, WR_USAGE, "--%s takes a number of seconds like 0.04, not \"%s\"",
                   row->name, text);
}

// The words of a choice stand in its argument, with bars between.
static enum wr_status parse_choice(const struct row *row, const char *text, unsigned *value,
                                   struct wr_error *error)
{
    const char *word = row->argument;
    for (unsigned i = 0; word; i++) {
        const size_t length = strcspn(word, "|");
        if (strlen(text) == length && !strncmp(word, text, length)) {
            *value = i;
            return WR_OK;
        }
        word = word[length] ? word + length + 1 : NULL;
    }
    return wr_fail(error, WR_USAGE, "--%s takes one of %s, not \"%s\"", row->name, row->argument,
                   text);
}

static enum wr_status append(const struct row *row, const char ***list, const char *text,
                             struct wr_error *error)
{
    if (strchr(row->argument, '=') && (!strchr(text, '=') || *text == '='))
        return wr_fail(error, WR_USAGE, "--%s takes %s, not \"%s\"", row->name, row->argument,
                       text);
    size_t count = 0;
    while (*list && (*list)[count])
        count++;
    const char **const longer = realloc(*list, (count + 2) * sizeof(*longer));
    if (!longer)
        return wr_fail(error, WR_FAILED, "out of memory");
    longer[count] = text;
    longer[count + 1] = NULL;
    *list = longer;
    return WR_OK;
}

static enum wr_status store(const struct row *row, struct wr_settings *settings, const char *text,
                            struct wr_error *error)
{
    void *const field = (char *)settings + row->offset;
    int64_t number = 0;
    switch (row->kind) {
    case TEXT:
        *(const char **)field = text ? text : "";
        return WR_OK;
    case TEXTS:
        return append(row, field, text, error);
    case INTEGER:
        if (parse_integer(row, text, &number, error))
            return WR_USAGE;
        *(int *)field = (int)number;
        return WR_OK;
    case LARGE:
        return parse_integer(row, text, field, error);
    case SECONDS:
        return parse_seconds(row, text, field, error);
    case SWITCH:
        *(bool *)field = true;
        return WR_OK;
    case CHOICE:
        return parse_choice(row, text, field, error);
    }
    return WR_OK;
}

// ---- sentences about what getopt refused

static enum wr_status refuse_ambiguous(const char *word, size_t length, struct wr_error *error)
{
    char names[512] = "";
    for (int i = 0; i < ROWS; i++) {
        const size_t used = strlen(names);
        if (!strncmp(rows[i].name, word, length))
            snprintf(names + used, sizeof(names) - used, "%s--%s", used ? ", " : "", rows[i].name);
    }
    if (!names[0])
        return WR_OK;
    return wr_fail(error, WR_USAGE, "option --%.*s could be any of %s", (int)length, word, names);
}

// Number n of all names and aliases; NULL for an alias that there is not.
static const char *spelling(const void *table, int n)
{
    const struct row *row = (const struct row *)table + n / 2;
    return n % 2 ? row->alias : row->name;
}

static enum wr_status refuse_unknown(const char *argument, struct wr_error *error)
{
    char word[64];
    const char *const name = argument + strspn(argument, "-");
    const size_t length = strcspn(name, "=");
    if (argument[1] == '-' && length && refuse_ambiguous(name, length, error))
        return WR_USAGE;

    snprintf(word, sizeof(word), "%.*s", (int)length, name);
    const char *const nearest = wr_nearest(word, spelling, rows, 2 * ROWS);
    const int shown = (int)(name - argument + (ptrdiff_t)length);
    if (nearest)
        return wr_fail(error, WR_USAGE, "unknown option %.*s: did you mean --%s?", shown, argument,
                       nearest);
    return wr_fail(error, WR_USAGE, "unknown option %.*s: warpreel --%s lists what there is", shown,
                   argument, wr_option_name(help));
}

// The word with the unknown letter: getopt has moved on if the letter was its last.
static const char *word_with(char letter, int argc, char **argv)
{
    const char *const last = argv[optind - 1];
    const bool moved_on = last[0] == '-' && last[1] != '-' && last[strlen(last) - 1] == letter;
    return moved_on || optind >= argc ? last : argv[optind];
}

static enum wr_status refuse(int code, int argc, char **argv, struct wr_error *error)
{
    const struct row *const row = row_of(optopt);
    if (row && code == ':')
        return wr_fail(error, WR_USAGE, "--%s needs an argument: %s", row->name, row->argument);
    if (row)
        return wr_fail(error, WR_USAGE, "--%s takes no argument", row->name);
    return refuse_unknown(optopt ? word_with((char)optopt, argc, argv) : argv[optind - 1], error);
}

// ---- the whole command line

static enum wr_status parse_options(struct wr_settings *settings, int argc, char **argv,
                                    struct wr_error *error)
{
    struct table table;
    fill_table(&table);
    bool seen[ROWS] = {false};
    int code;
    opterr = 0;
    while ((code = getopt_long(argc, argv, table.letters, table.options, NULL)) != -1) {
        const struct row *const row = code == '?' || code == ':' ? NULL : row_of(code);
        if (!row)
            return refuse(code, argc, argv, error);
        const enum wr_status status = store(row, settings, optarg, error);
        if (status)
            return status;
        if (seen[row - rows] && row->kind != TEXTS && row->kind != SWITCH)
            settings->repeated = row->name;
        seen[row - rows] = true;
    }
    return WR_OK;
}

static bool is_folder(const char *path)
{
    struct stat status;
    return path && !stat(path, &status) && S_ISDIR(status.st_mode);
}

// What makes an output the folder for many: it is one, or its name ends as a folder's.
static bool names_folder(const char *output)
{
    return output && *output && (output[strlen(output) - 1] == '/' || is_folder(output));
}

// An option that only makes sense with a folder or many inputs; NULL if none is given.
static const char *many_option(const struct wr_many_options *many)
{
    return many->list        ? wr_option_name(many.list)
           : many->watch     ? wr_option_name(many.watch)
           : many->resume    ? wr_option_name(many.resume)
           : many->recursive ? wr_option_name(many.recursive)
           : many->jobs      ? wr_option_name(many.jobs)
                             : NULL;
}

static enum wr_status take_inputs(struct wr_settings *settings, int count, char **operands,
                                  struct wr_error *error)
{
    const char *const output = settings->job.output;
    settings->many.inputs = (const char *const *)operands; // argv ends with NULL
    settings->has_many =
        settings->many.list || is_folder(operands[0]) || (count > 1 && names_folder(output));
    if (settings->has_many)
        return WR_OK;
    if (count == 0)
        return wr_fail(error, WR_USAGE,
                       "no input: name one file, or - for standard input "
                       "(warpreel --%s explains)",
                       wr_option_name(help));
    if (count > 1 && output)
        return wr_fail(error, WR_USAGE,
                       "unexpected \"%s\": several inputs need a folder as --%s, such as \"%s/\"",
                       operands[1], wr_option_name(job.output), output);
    if (count > 1)
        return wr_fail(error, WR_USAGE, "unexpected \"%s\": name the output with --%s", operands[1],
                       wr_option_name(job.output));
    settings->job.input = operands[0];
    const char *const useless = many_option(&settings->many);
    return useless ? wr_fail(error, WR_USAGE, "--%s needs a folder or several inputs", useless)
                   : WR_OK;
}

// Each of many inputs would write these.
static enum wr_status check_many(const struct wr_settings *settings, struct wr_error *error)
{
    const char *const refused = settings->memory_plot ? wr_option_name(memory_plot)
                                : settings->job.trace ? wr_option_name(job.trace)
                                : settings->memory    ? wr_option_name(memory)
                                : settings->estimate  ? wr_option_name(estimate)
                                                      : NULL;
    if (refused)
        return wr_fail(error, WR_USAGE, "--%s is for a single input", refused);
    if (!strcmp(settings->job.output, "-"))
        return wr_fail(error, WR_USAGE,
                       "many inputs cannot go to standard output: name a folder with --%s",
                       wr_option_name(job.output));
    return WR_OK;
}

static bool is_stdout(const char *path)
{
    return path && !strcmp(path, "-");
}

// Every file that is written needs a name, and only one of them can be standard output. An estimate
// does not write the output, so its name does not matter.
static enum wr_status check_names(const struct wr_settings *settings, struct wr_error *error)
{
    const char *taken = NULL;
    for (const struct row *row = rows; row < rows + ROWS; row++) {
        const char *const path =
            row->is_made ? *(const char *const *)((const char *)settings + row->offset) : NULL;
        if (path && !*path)
            return wr_fail(error, WR_USAGE, "--%s needs a name, not \"\"", row->name);
        if (!is_stdout(path) || settings->estimate)
            continue;
        if (taken)
            return wr_fail(error, WR_USAGE, "--%s and --%s cannot both be standard output", taken,
                           row->name);
        taken = row->name;
    }
    return WR_OK;
}

// An estimate runs nothing that could be drawn or timed.
static enum wr_status check_estimate(const struct wr_settings *settings, struct wr_error *error)
{
    const char *const refused = settings->memory_plot ? wr_option_name(memory_plot)
                                : settings->job.trace ? wr_option_name(job.trace)
                                                      : NULL;
    return refused ? wr_fail(error, WR_USAGE, "--%s runs nothing, and so takes no --%s",
                             wr_option_name(estimate), refused)
                   : WR_OK;
}

static enum wr_status check_outputs(const struct wr_settings *settings, struct wr_error *error)
{
    if (!settings->job.output && !settings->estimate)
        return wr_fail(error, WR_USAGE, "no output: name one with --%s",
                       wr_option_name(job.output));
    if (is_stdout(settings->job.output) && !settings->job.format && !settings->estimate)
        return wr_fail(error, WR_USAGE,
                       "standard output has no suffix: name the container with --%s",
                       wr_option_name(job.format));
    if (settings->quiet && settings->verbose)
        return wr_fail(error, WR_USAGE, "--%s and --%s exclude each other", wr_option_name(quiet),
                       wr_option_name(verbose));
    const enum wr_status status = check_names(settings, error);
    return status               ? status
           : settings->has_many ? check_many(settings, error)
           : settings->estimate ? check_estimate(settings, error)
                                : WR_OK;
}

// "--help scale" means --help=scale.
static void take_filter(struct wr_settings *settings, int count, char **operands)
{
    if (settings->help && !*settings->help && count == 1 && wr_filter_find(operands[0], NULL) >= 0)
        settings->help = operands[0];
}

enum wr_status wr_settings_parse(struct wr_settings *settings, int argc, char **argv,
                                 struct wr_error *error)
{
    enum wr_status status = parse_options(settings, argc, argv, error);
    if (!status)
        take_filter(settings, argc - optind, argv + optind);
    if (status || settings->help || settings->list_filters || settings->version)
        return status;
    settings->job.threads = settings->engine.threads; // -j is for codecs, too
    status = take_inputs(settings, argc - optind, argv + optind, error);
    return status ? status : check_outputs(settings, error);
}

// ---- lists that are the settings' own

static const char ***list_of(const struct row *row, struct wr_settings *settings)
{
    return row->kind == TEXTS ? (const char ***)((char *)settings + row->offset) : NULL;
}

void wr_settings_free(struct wr_settings *settings)
{
    for (const struct row *row = rows; row < rows + ROWS; row++) {
        const char ***const list = list_of(row, settings);
        if (list) {
            free(*list);
            *list = NULL;
        }
    }
}

enum wr_status wr_settings_copy(struct wr_settings *copy, const struct wr_settings *settings,
                                struct wr_error *error)
{
    enum wr_status status = WR_OK;
    *copy = *settings;
    for (const struct row *row = rows; row < rows + ROWS; row++) {
        const char ***const list = list_of(row, copy);
        const char *const *const items = list ? *list : NULL;
        if (list)
            *list = NULL;
        for (int n = 0; items && items[n] && !status; n++)
            status = append(row, list, items[n], error);
    }
    return status;
}

// ---- options of a single job, by name

// Whether the row says what a job makes; input and output have their own ways.
static bool is_for_job(const struct row *row)
{
    const size_t job = offsetof(struct wr_settings, job);
    return row->offset >= job && row->offset < job + sizeof(struct wr_job_options) &&
           !row->is_made && row->offset != offsetof(struct wr_settings, job.overwrite) &&
           row->offset != offsetof(struct wr_settings, job.keep_partial);
}

enum wr_status wr_settings_set(struct wr_settings *settings, const char *name, const char *text,
                               struct wr_error *error)
{
    for (const struct row *row = rows; row < rows + ROWS; row++) {
        if (!is_for_job(row) ||
            (strcmp(row->name, name) && (!row->alias || strcmp(row->alias, name))))
            continue;
        if (!text && row->kind != SWITCH)
            return wr_fail(error, WR_USAGE, "--%s needs an argument: %s", row->name, row->argument);
        return store(row, settings, text, error);
    }
    return wr_fail(error, WR_USAGE, "\"%s\" is no option that a single input can have", name);
}

// Prints one field after the name of its option.
static void print_field(FILE *file, const struct row *row, const void *field)
{
    const char *const *list;
    switch (row->kind) {
    case TEXT:
        if (*(const char *const *)field)
            fprintf(file, "--%s=%s\n", row->name, *(const char *const *)field);
        break;
    case TEXTS:
        for (list = *(const char *const *const *)field; list && *list; list++)
            fprintf(file, "--%s=%s\n", row->name, *list);
        break;
    case LARGE:
        fprintf(file, "--%s=%lld\n", row->name, (long long)*(const int64_t *)field);
        break;
    case SECONDS:
        fprintf(file, "--%s=%.9g\n", row->name, *(const double *)field);
        break;
    case INTEGER:
    case CHOICE:
        fprintf(file, "--%s=%d\n", row->name, *(const int *)field);
        break;
    case SWITCH:
        if (*(const bool *)field)
            fprintf(file, "--%s\n", row->name);
        break;
    }
}

char *wr_settings_words(const struct wr_settings *settings)
{
    char *words = NULL;
    size_t size;
    FILE *const file = open_memstream(&words, &size);
    if (!file)
        return NULL;
    for (const struct row *row = rows; row < rows + ROWS; row++)
        if (is_for_job(row))
            print_field(file, row, (const char *)settings + row->offset);
    if (fclose(file)) {
        free(words);
        return NULL;
    }
    return words;
}

// ---- the table in words

// Appends what the field holds when the option is not given; nothing for switches and for "all".
static void append_standard(const struct row *row, char *text, size_t size)
{
    const struct wr_settings settings = wr_default_settings();
    const void *const field = (const char *)&settings + row->offset;
    const char *const before = text[0] ? ", default" : "default";
    const size_t used = strlen(text);
    const char *const word = row->kind == TEXT     ? *(const char *const *)field
                             : row->kind == CHOICE ? row->argument
                                                   : NULL;
    if (word) // a choice's first
        snprintf(text + used, size - used, "%s %.*s", before, (int)strcspn(word, "|"), word);
    else if (row->kind == INTEGER)
        snprintf(text + used, size - used, "%s %d", before, *(const int *)field);
}

int wr_option_count(void)
{
    return ROWS;
}

struct wr_option_info wr_option_describe(int option)
{
    const struct row *const row = &rows[option];
    struct wr_option_info info = {
        .name = row->name,
        .alias = row->alias,
        .letter = row->letter,
        .argument = row->argument,
        .optional = is_optional(row),
        .help = row->help,
    };
    if (row->kind == INTEGER)
        snprintf(info.limits, sizeof(info.limits), "%lld to %lld", (long long)row->minimum,
                 (long long)row->maximum);
    append_standard(row, info.limits, sizeof(info.limits));
    return info;
}
