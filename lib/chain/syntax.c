// SPDX-License-Identifier: MIT
// Expressions, sizes, colours, times, pixel formats and files that filters' parameters name.
#include "lib/chain/syntax.h"

#include <errno.h>
#include <libavutil/eval.h>
#include <libavutil/macros.h>
#include <libavutil/parseutils.h>
#include <libavutil/pixdesc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/engine/cpu/once.h"
#include "lib/media/pixel_format.h"

enum { MOST_VARIABLES = 32, MOST_FUNCTIONS = 4 };

struct expression {
    struct wr_expression base;
    AVExpr *parsed;
    int count;
    const char *names[MOST_VARIABLES + 1];
    double values[MOST_VARIABLES];
    int varies[MOST_VARIABLES];
    const char *function_names[MOST_FUNCTIONS + 1];
    double (*functions[MOST_FUNCTIONS + 1])(void *, double);
    _Alignas(8) unsigned char context[WR_CONTEXT_SIZE]; // of the functions
    char text[];
};

static double variable(const struct expression *e, int n, const struct wr_moment *moment)
{
    switch (e->varies[n]) {
    case WR_FRAME_NUMBER:
        return (double)moment->number;
    case WR_FRAME_TIME:
        return moment->time;
    case WR_FRAME_TICKS:
        return rint(moment->time / e->values[n]);
    default:
        return e->values[n];
    }
}

static double value_of(struct wr_expression *expression, const struct wr_moment *moment)
{
    struct expression *e = (struct expression *)expression;
    double values[MOST_VARIABLES];
    for (int n = 0; n < e->count; n++)
        values[n] = variable(e, n, moment);
    return av_expr_eval(e->parsed, values, e->context);
}

static void set(struct wr_expression *expression, const char *name, double value)
{
    struct expression *e = (struct expression *)expression;
    for (int n = 0; n < e->count; n++)
        if (!strcmp(e->names[n], name))
            e->values[n] = value;
}

static bool parse(struct expression *e)
{
    return av_expr_parse(&e->parsed, e->text, e->names, e->function_names, e->functions, NULL, NULL,
                         0, NULL) >= 0;
}

// Parses the text again, since libavutil keeps what an expression remembers, by st() and random(),
// in the parsed expression.
static struct wr_expression *copy(const struct wr_expression *expression)
{
    const struct expression *from = (const struct expression *)expression;
    const size_t size = sizeof *from + strlen(from->text) + 1;
    struct expression *e = malloc(size);
    if (!e)
        return NULL;
    memcpy(e, from, size);
    if (parse(e))
        return &e->base;
    free(e);
    return NULL;
}

static void close_expression(struct wr_expression *expression)
{
    av_expr_free(((struct expression *)expression)->parsed);
    free(expression);
}

// Whether one of the names used stands for something that changes, or the expression remembers what
// it did in the frame before.
static bool changes(const struct expression *e)
{
    if (strstr(e->text, "random") || strstr(e->text, "ld("))
        return true;
    unsigned used[MOST_VARIABLES] = {0};
    av_expr_count_vars(e->parsed, used, e->count);
    for (int n = 0; n < e->count; n++)
        if (used[n] && e->varies[n])
            return true;
    return false;
}

static enum wr_status compile_with(const struct wr_lowering *lowering, const char *parameter,
                                   const char *text, const struct wr_variable *variables,
                                   const struct wr_function *functions, const void *context,
                                   size_t size, struct wr_expression **expression)
{
    const size_t length = strlen(text);
    struct expression *e = calloc(1, sizeof *e + length + 1);
    if (!e)
        return wr_fail(lowering->error, WR_FAILED, "out of memory while reading the filters");
    e->base = (struct wr_expression){
        .value = value_of, .set = set, .copy = copy, .close = close_expression};
    memcpy(e->text, text, length);
    memcpy(e->context, context, size);
    for (int n = 0; n < MOST_FUNCTIONS && functions[n].name; n++) {
        e->function_names[n] = functions[n].name;
        e->functions[n] = functions[n].value;
    }
    char list[512] = "";
    for (; e->count < MOST_VARIABLES && variables[e->count].name; e->count++) {
        e->names[e->count] = variables[e->count].name;
        e->values[e->count] = variables[e->count].value;
        e->varies[e->count] = variables[e->count].varies;
        const size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", e->count ? ", " : "", e->names[e->count]);
    }
    if (!parse(e)) {
        free(e);
        return wr_refuse(lowering,
                         "%s='%s' is not an expression it can evaluate, names it knows are %s",
                         parameter, text, list);
    }
    e->base.changes = changes(e);
    *expression = &e->base;
    return WR_OK;
}

static enum wr_status compile(const struct wr_lowering *lowering, const char *parameter,
                              const char *text, const struct wr_variable *variables,
                              struct wr_expression **expression)
{
    static const struct wr_function none = {NULL, NULL};
    return compile_with(lowering, parameter, text, variables, &none, "", 0, expression);
}

static int parse_size(const char *text, int *width, int *height)
{
    return av_parse_video_size(width, height, text);
}

static int parse_color(const char *text, unsigned char rgba[4])
{
    return av_parse_color(rgba, text, -1, NULL);
}

static int parse_time(const char *text, double *seconds)
{
    int64_t microseconds;
    const int failed = av_parse_time(&microseconds, text, 1);
    *seconds = failed ? NAN : (double)microseconds * 1e-6;
    return failed;
}

static int parse_format(const char *text, struct wr_format *format)
{
    const enum AVPixelFormat pix_fmt = av_get_pix_fmt(text);
    if (!wr_pix_fmt_is_made(pix_fmt) || !wr_pix_fmt_describe(pix_fmt, format))
        return pix_fmt == AV_PIX_FMT_NONE ? -1 : 1;
    format->full_range = wr_pix_fmt_is_full_range(av_pix_fmt_desc_get(pix_fmt));
    return 0;
}

static int choose_format(const struct wr_format *from, const char *const *names, int count)
{
    char name[32];
    wr_format_name(from, name, sizeof name);
    const enum AVPixelFormat source = av_get_pix_fmt(name);
    int best = 0;
    for (int n = 1; n < count; n++) {
        const enum AVPixelFormat candidate = av_get_pix_fmt(names[n]);
        if (av_find_best_pix_fmt_of_2(av_get_pix_fmt(names[best]), candidate, source, from->alpha,
                                      NULL) == candidate)
            best = n;
    }
    return best;
}

// A file on its way into memory.
struct reading {
    const struct wr_lowering *lowering;
    const char *parameter, *path;
    enum { BYTES, TEXT } kind;
    size_t most; // bytes that it may have
    char *bytes;
    size_t length, room;
};

static enum wr_status refuse(const struct reading *r, const char *why)
{
    return wr_refuse(r->lowering, "%s=%s cannot be read: %s", r->parameter, r->path, why);
}

static enum wr_status refuse_large(const struct reading *r)
{
    return wr_refuse(r->lowering, "%s=%s is larger than %zu MiB, the most that is read",
                     r->parameter, r->path, r->most >> 20);
}

// Reads on, about as much as there is already.
static enum wr_status read_block(struct reading *r, FILE *file)
{
    // One byte more shows that there are too many; behind that there is room for a NUL.
    const size_t room = FFMIN(2 * r->room + 65536, r->most + 2), before = r->length;
    char *larger = realloc(r->bytes, room);
    if (!larger)
        return wr_fail(r->lowering->error, WR_FAILED, "out of memory while reading %s", r->path);
    r->bytes = larger;
    r->room = room;
    r->length += fread(larger + before, 1, room - 1 - before, file);
    larger[r->length] = '\0';
    if (ferror(file))
        return refuse(r, strerror(errno));
    if (r->kind == TEXT && memchr(larger + before, 0, r->length - before))
        return refuse(r, "it is not text");
    return r->length > r->most ? refuse_large(r) : WR_OK;
}

static enum wr_status read_blocks(struct reading *r, FILE *file)
{
    struct stat properties;
    if (fstat(fileno(file), &properties))
        return refuse(r, strerror(errno));
    if (S_ISDIR(properties.st_mode))
        return refuse(r, strerror(EISDIR));
    if (S_ISREG(properties.st_mode) && (uint64_t)properties.st_size > r->most)
        return refuse_large(r);
    enum wr_status status;
    do
        status = read_block(r, file);
    while (!status && r->length == r->room - 1);
    return status;
}

// r->bytes are the caller's, NULL after a failure.
static enum wr_status read_whole(struct reading *r)
{
    FILE *file = fopen(r->path, "rb");
    if (!file)
        return refuse(r, strerror(errno));
    const enum wr_status status = read_blocks(r, file);
    fclose(file);
    if (status) {
        free(r->bytes);
        r->bytes = NULL;
    }
    return status;
}

static enum wr_status read_file(const struct wr_lowering *lowering, const char *parameter,
                                const char *path, size_t most, char **content, size_t *size)
{
    struct reading reading = {lowering, parameter, path, BYTES, most, NULL, 0, 0};
    const enum wr_status status = read_whole(&reading);
    *content = reading.bytes;
    *size = reading.length;
    return status;
}

static enum wr_status read_text(const struct wr_lowering *lowering, const char *parameter,
                                const char *path, size_t most, char **text)
{
    struct reading reading = {lowering, parameter, path, TEXT, most, NULL, 0, 0};
    const enum wr_status status = read_whole(&reading);
    *text = reading.bytes;
    return status;
}

const struct wr_syntax wr_syntax = {
    .compile = compile,
    .compile_with = compile_with,
    .parse_size = parse_size,
    .parse_color = parse_color,
    .parse_time = parse_time,
    .parse_format = parse_format,
    .choose_format = choose_format,
    .read_file = read_file,
    .read_text = read_text,
    .try_program = wr_cpu_run_once,
};
