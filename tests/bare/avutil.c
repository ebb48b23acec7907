// SPDX-License-Identifier: MIT
// Tokens and expressions, as FFmpeg's documentation describes them.
#include "tests/bare/avutil.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/pixel_format.h"

enum { MOST_NAMES = 64 };

void av_free(void *memory)
{
    free(memory);
}

void av_freep(void *pointer)
{
    free(*(void **)pointer);
    *(void **)pointer = NULL;
}

size_t av_strlcatf(char *text, size_t size, const char *format, ...)
{
    const size_t used = strnlen(text, size);
    va_list arguments;
    va_start(arguments, format);
    const int more = vsnprintf(text + used, size - used, format, arguments);
    va_end(arguments);
    return used + (more > 0 ? (size_t)more : 0);
}

void av_bprint_init(AVBPrint *text, unsigned size, unsigned most)
{
    (void)size, (void)most;
    *text = (AVBPrint){.str = calloc(1, 1)};
    text->size = text->str != NULL;
}

void av_bprintf(AVBPrint *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *more = NULL;
    const int length = vasprintf(&more, format, arguments);
    va_end(arguments);
    char *longer =
        length < 0 || !text->size ? NULL : realloc(text->str, text->len + (unsigned)length + 1);
    if (longer) {
        text->str = strcpy(longer + text->len, more) - text->len;
        text->len += (unsigned)length;
        text->size = text->len + 1;
    } else {
        text->size = 0;
    }
    free(length < 0 ? NULL : more);
}

void av_bprint_escape(AVBPrint *text, const char *from, const char *special, enum AVEscapeMode mode,
                      int flags)
{
    (void)flags;
    const bool quotes = mode == AV_ESCAPE_MODE_QUOTE;
    av_bprintf(text, "%s", quotes ? "'" : "");
    for (; *from; from++)
        if (quotes)
            av_bprintf(text, *from == '\'' ? "'\\''" : "%c", *from);
        else
            av_bprintf(text, "%s%c",
                       strchr("'\\ \n\t\r", *from) || (special && strchr(special, *from)) ? "\\"
                                                                                          : "",
                       *from);
    av_bprintf(text, "%s", quotes ? "'" : "");
}

int av_bprint_finalize(AVBPrint *text, char **result)
{
    if (result)
        *result = text->str;
    else
        free(text->str);
    return result && !*result ? -1 : 0;
}

char *av_get_token(const char **text, const char *end)
{
    char *token = malloc(strlen(*text) + 1), *to = token;
    const char *from = *text + strspn(*text, " \n\t\r");
    bool quoted = false;
    for (; token && *from && (quoted || !strchr(end, *from)); from++) {
        if (*from == '\'')
            quoted = !quoted;
        else if (*from == '\\' && !quoted && from[1])
            *to++ = *++from;
        else
            *to++ = *from;
    }
    if (token)
        *to = '\0';
    *text = from;
    return token;
}

int av_opt_get_key_value(const char **text, const char *key_val_sep, const char *pairs_sep,
                         unsigned flags, char **key, char **value)
{
    (void)flags;
    const char *end = *text;
    while (isalnum((unsigned char)*end) || *end == '_')
        end++;
    *key = NULL;
    if (end > *text && *end && strchr(key_val_sep, *end)) {
        *key = strndup(*text, (size_t)(end - *text));
        *text = end + 1;
    }
    *value = av_get_token(text, pairs_sep);
    return *value ? 0 : -1;
}

struct AVExpr {
    char *text;
    const char *names[MOST_NAMES + 1];
};

// A walk over the text of an expression; also counts the names it meets, where `used` is not NULL.
struct walk {
    const char *at;
    const char *const *names;
    const double *values; // NULL: all are 0
    unsigned *used;
    bool failed;
};

static double sum(struct walk *walk);

static bool skip(struct walk *walk, char what)
{
    walk->at += strspn(walk->at, " ");
    const bool there = *walk->at == what;
    walk->at += there;
    return there;
}

static double call(struct walk *walk, const char *name, size_t length)
{
    static const char *const functions[] = {"min",  "max",   "if",   "between", "gt",  "lt",
                                            "gte",  "lte",   "eq",   "not",     "mod", "floor",
                                            "ceil", "round", "sqrt", "abs",     NULL};
    double a[3] = {0};
    int count = 0, n = 0;
    do
        a[count++] = sum(walk);
    while (count < 3 && skip(walk, ','));
    walk->failed |= !skip(walk, ')');
    while (functions[n] && (strlen(functions[n]) != length || memcmp(functions[n], name, length)))
        n++;
    const double results[] = {fmin(a[0], a[1]),
                              fmax(a[0], a[1]),
                              a[0] != 0 ? a[1] : a[2],
                              a[0] >= a[1] && a[0] <= a[2],
                              a[0] > a[1],
                              a[0] < a[1],
                              a[0] >= a[1],
                              a[0] <= a[1],
                              a[0] == a[1],
                              a[0] == 0,
                              a[0] - floor(a[0] / a[1]) * a[1],
                              floor(a[0]),
                              ceil(a[0]),
                              round(a[0]),
                              sqrt(a[0]),
                              fabs(a[0])};
    walk->failed |= !functions[n];
    return functions[n] ? results[n] : NAN;
}

static double name(struct walk *walk)
{
    const char *start = walk->at;
    while (isalnum((unsigned char)*walk->at) || *walk->at == '_')
        walk->at++;
    const size_t length = (size_t)(walk->at - start);
    if (length && skip(walk, '('))
        return call(walk, start, length);
    for (int n = 0; walk->names && walk->names[n]; n++)
        if (strlen(walk->names[n]) == length && !memcmp(walk->names[n], start, length)) {
            if (walk->used)
                walk->used[n]++;
            return walk->values ? walk->values[n] : 0;
        }
    if (length == 2 && !memcmp(start, "PI", 2))
        return M_PI;
    walk->failed = true;
    return NAN;
}

static double factor(struct walk *walk)
{
    if (skip(walk, '-'))
        return -factor(walk);
    if (skip(walk, '+'))
        return factor(walk);
    if (skip(walk, '(')) {
        const double value = sum(walk);
        walk->failed |= !skip(walk, ')');
        return value;
    }
    if (!isdigit((unsigned char)*walk->at) && *walk->at != '.')
        return name(walk);
    char *end;
    const double value = strtod(walk->at, &end);
    walk->at = end;
    return value;
}

static double product(struct walk *walk)
{
    double value = factor(walk);
    for (;;)
        if (skip(walk, '*'))
            value *= factor(walk);
        else if (skip(walk, '/'))
            value /= factor(walk);
        else
            return value;
}

static double sum(struct walk *walk)
{
    double value = product(walk);
    for (;;)
        if (skip(walk, '+'))
            value += product(walk);
        else if (skip(walk, '-'))
            value -= product(walk);
        else
            return value;
}

static double evaluate(const char *text, const char *const *names, const double *values,
                       unsigned *used, bool *failed)
{
    struct walk walk = {.at = text, .names = names, .values = values, .used = used};
    const double value = sum(&walk);
    walk.at += strspn(walk.at, " ");
    *failed = walk.failed || *walk.at;
    return value;
}

int av_expr_parse(AVExpr **expr, const char *text, const char *const *names,
                  const char *const *func1_names, double (*const *funcs1)(void *, double),
                  const char *const *func2_names, double (*const *funcs2)(void *, double, double),
                  int log_offset, void *log_context)
{
    (void)func1_names, (void)funcs1, (void)func2_names, (void)funcs2;
    (void)log_offset, (void)log_context;
    bool failed;
    evaluate(text, names, NULL, NULL, &failed);
    AVExpr *e = failed ? NULL : calloc(1, sizeof *e);
    *expr = e;
    if (!e || !(e->text = strdup(text))) {
        free(e);
        return -1;
    }
    for (int n = 0; n < MOST_NAMES && names && names[n]; n++)
        e->names[n] = names[n];
    return 0;
}

double av_expr_eval(AVExpr *expr, const double *values, void *opaque)
{
    (void)opaque;
    bool failed;
    return evaluate(expr->text, expr->names, values, NULL, &failed);
}

int av_expr_count_vars(AVExpr *expr, unsigned *counter, int size)
{
    unsigned used[MOST_NAMES] = {0};
    bool failed;
    evaluate(expr->text, expr->names, NULL, used, &failed);
    for (int n = 0; n < size && n < MOST_NAMES; n++)
        counter[n] += used[n];
    return 0;
}

void av_expr_free(AVExpr *expr)
{
    if (expr)
        free(expr->text);
    free(expr);
}

int av_expr_parse_and_eval(double *result, const char *text, const char *const *names,
                           const double *values, const char *const *func1_names,
                           double (*const *funcs1)(void *, double), const char *const *func2_names,
                           double (*const *funcs2)(void *, double, double), void *opaque,
                           int log_offset, void *log_context)
{
    (void)func1_names, (void)funcs1, (void)func2_names, (void)funcs2;
    (void)opaque, (void)log_offset, (void)log_context;
    bool failed;
    *result = evaluate(text, names, values, NULL, &failed);
    return failed ? -1 : 0;
}

int av_parse_video_size(int *width, int *height, const char *text)
{
    char end;
    return sscanf(text, "%dx%d%c", width, height, &end) == 2 ? 0 : -1;
}

int av_parse_color(uint8_t *rgba, const char *text, int length, void *log_context)
{
    (void)length, (void)log_context;
    unsigned value = 0;
    int used = 0;
    if (!strncmp(text, "black", 5))
        used = 5;
    else if (sscanf(text, "0x%6x%n", &value, &used) != 1 &&
             sscanf(text, "#%6x%n", &value, &used) != 1)
        return -1;
    char *end = (char *)text + used;
    const double alpha = *end == '@' ? strtod(end + 1, &end) : 1;
    for (int n = 0; n < 3; n++)
        rgba[n] = (uint8_t)(value >> (16 - 8 * n));
    rgba[3] = (uint8_t)(255 * alpha);
    return *end || !(alpha >= 0 && alpha <= 1) ? -1 : 0;
}

int av_parse_time(int64_t *microseconds, const char *text, int is_duration)
{
    (void)is_duration;
    char *end;
    *microseconds = (int64_t)(1e6 * strtod(text, &end));
    return *text && !*end ? 0 : -1;
}

// A pixel format's number is its row here and its depth.
static const struct {
    const char *name;
    enum wr_model model;
    int log2_chroma_w, log2_chroma_h;
    bool alpha;
} layouts[] = {
    {"gray", WR_GRAY, 0, 0, false},   {"yuv420p", WR_YUV, 1, 1, false},
    {"yuv422p", WR_YUV, 1, 0, false}, {"yuv444p", WR_YUV, 0, 0, false},
    {"yuva420p", WR_YUV, 1, 1, true}, {"yuva444p", WR_YUV, 0, 0, true},
    {"gbrp", WR_RGB, 0, 0, false},    {"gbrap", WR_RGB, 0, 0, true},
};

enum { LAYOUTS = sizeof layouts / sizeof layouts[0], MOST_DEPTH = 16 };

enum AVPixelFormat av_get_pix_fmt(const char *text)
{
    for (int n = 0; n < LAYOUTS; n++) {
        const size_t length = strlen(layouts[n].name);
        const char *rest = text + length;
        if (strncmp(text, layouts[n].name, length))
            continue;
        char *end = (char *)rest;
        const long depth = *rest ? strtol(rest, &end, 10) : 8;
        if (depth >= 8 && depth <= MOST_DEPTH && (!*end || !strcmp(end, "le")))
            return (enum AVPixelFormat)(n * (MOST_DEPTH + 1) + depth);
    }
    return AV_PIX_FMT_NONE;
}

const AVPixFmtDescriptor *av_pix_fmt_desc_get(enum AVPixelFormat pix_fmt)
{
    (void)pix_fmt;
    return NULL;
}

bool wr_pix_fmt_is_full_range(const AVPixFmtDescriptor *desc)
{
    (void)desc;
    return false;
}

bool wr_pix_fmt_describe(enum AVPixelFormat pix_fmt, struct wr_format *format)
{
    if (pix_fmt == AV_PIX_FMT_NONE)
        return false;
    const int n = (int)pix_fmt / (MOST_DEPTH + 1);
    *format = (struct wr_format){.model = layouts[n].model,
                                 .depth = (int)pix_fmt % (MOST_DEPTH + 1),
                                 .log2_chroma_w = layouts[n].log2_chroma_w,
                                 .log2_chroma_h = layouts[n].log2_chroma_h,
                                 .alpha = layouts[n].alpha,
                                 .matrix = 2, // not specified
                                 .sar_den = 1};
    return true;
}

bool wr_pix_fmt_is_made(enum AVPixelFormat pix_fmt)
{
    return pix_fmt != AV_PIX_FMT_NONE;
}

enum AVPixelFormat av_find_best_pix_fmt_of_2(enum AVPixelFormat first, enum AVPixelFormat second,
                                             enum AVPixelFormat from, int has_alpha, int *loss)
{
    (void)second, (void)from, (void)has_alpha, (void)loss;
    return first;
}

void wr_format_name(const struct wr_format *format, char *name, size_t size)
{
    snprintf(name, size, "planar%d", format->depth);
}
