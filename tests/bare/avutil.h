// SPDX-License-Identifier: MIT
// As much of libavutil as lib/chain uses, for machines without FFmpeg. Expressions have numbers,
// names, + - * / ( ) and a few functions; there are no names of sizes and colours, and of the pixel
// formats only planar ones. What is missing is refused, never taken for something else.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct AVExpr AVExpr;
enum AVPixelFormat { AV_PIX_FMT_NONE = -1, AV_PIX_FMT_MOST = 1 << 16 };
typedef struct AVPixFmtDescriptor AVPixFmtDescriptor;
enum { AV_OPT_FLAG_IMPLICIT_KEY = 1 };

void av_free(void *memory);
void av_freep(void *pointer); // to a pointer, which becomes NULL

// A text that grows. `size` is 0 once memory was short.
typedef struct AVBPrint {
    char *str;
    unsigned len, size;
} AVBPrint;
#define AV_BPRINT_SIZE_UNLIMITED ((unsigned)-1)

void av_bprint_init(AVBPrint *text, unsigned size, unsigned most);
void av_bprintf(AVBPrint *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
static inline int av_bprint_is_complete(const AVBPrint *text)
{
    return text->len < text->size;
}
// Puts a backslash before what av_get_token() takes for more than itself and before the characters
// of special (NULL: none), or quotes around it all.
enum AVEscapeMode { AV_ESCAPE_MODE_BACKSLASH, AV_ESCAPE_MODE_QUOTE };
void av_bprint_escape(AVBPrint *text, const char *from, const char *special, enum AVEscapeMode mode,
                      int flags);
int av_bprint_finalize(AVBPrint *text, char **result); // the caller's; NULL: nobody wants it

// The text before one of the characters of `end`, without quotes and backslashes; the caller's.
char *av_get_token(const char **text, const char *end);

// Appends to text as far as it has room; returns how long the whole would be.
size_t av_strlcatf(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// "key=value" or "value" (then *key is NULL) before one of the characters of pairs_sep.
int av_opt_get_key_value(const char **text, const char *key_val_sep, const char *pairs_sep,
                         unsigned flags, char **key, char **value);

// The parameters for functions of one's own are not used.
int av_expr_parse(AVExpr **expr, const char *text, const char *const *names,
                  const char *const *func1_names, double (*const *funcs1)(void *, double),
                  const char *const *func2_names, double (*const *funcs2)(void *, double, double),
                  int log_offset, void *log_context);
double av_expr_eval(AVExpr *expr, const double *values, void *opaque);
int av_expr_count_vars(AVExpr *expr, unsigned *counter, int size);
void av_expr_free(AVExpr *expr);
int av_expr_parse_and_eval(double *result, const char *text, const char *const *names,
                           const double *values, const char *const *func1_names,
                           double (*const *funcs1)(void *, double), const char *const *func2_names,
                           double (*const *funcs2)(void *, double, double), void *opaque,
                           int log_offset, void *log_context);

int av_parse_video_size(int *width, int *height, const char *text);
int av_parse_color(uint8_t *rgba, const char *text, int length, void *log_context);
int av_parse_time(int64_t *microseconds, const char *text, int is_duration);
enum AVPixelFormat av_get_pix_fmt(const char *name);
enum AVPixelFormat av_find_best_pix_fmt_of_2(enum AVPixelFormat first, enum AVPixelFormat second,
                                             enum AVPixelFormat from, int has_alpha, int *loss);
const AVPixFmtDescriptor *av_pix_fmt_desc_get(enum AVPixelFormat pix_fmt);
