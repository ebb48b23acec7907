// SPDX-License-Identifier: MIT
// Reads tolerances, and puts a comparison into one sentence.
#include "lib/run/expect/expect_words.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum wr_status wr_expect_read_tolerance(const char *text, struct wr_expect_tolerance *tolerance,
                                        struct wr_error *error)
{
    *tolerance = (struct wr_expect_tolerance){.is_db = false};
    if (!text)
        return WR_OK;
    char *end;
    tolerance->value = strtod(text, &end);
    tolerance->is_db = !strcasecmp(end, "dB");
    const bool is_number = *text >= '0' && *text <= '9' && tolerance->value < 1e6;
    const bool is_count = !*end && tolerance->value == floor(tolerance->value);
    return is_number && (tolerance->is_db || is_count)
               ? WR_OK
               : wr_fail(error, WR_USAGE,
                         "tolerance \"%s\" is neither a PSNR such as 40dB nor a whole number of "
                         "code values",
                         text);
}

// ---- the sentence

struct text {
    char *end;
    size_t left;
};

static void add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(text->end, text->left, format, arguments);
    va_end(arguments);
    const size_t used = length < 0                    ? 0
                        : (size_t)length < text->left ? (size_t)length
                        : text->left > 0              ? text->left - 1
                                                      : 0;
    text->end += used;
    text->left -= used;
}

static void add_values(struct text *text, const struct wr_expect_report *r, const double *values,
                       int digits)
{
    for (int p = 0; p < r->planes; p++)
        add(text, " %c %.*f", r->plane_names[p], digits, values[p]);
}

static void add_measures(struct text *text, const struct wr_expect_report *r)
{
    if (r->largest)
        add(text, ", the largest difference is %d of %d, in plane %c at (%d,%d) of frame %lld",
            r->largest, (1 << r->depth) - 1, r->plane_names[r->plane], r->x, r->y,
            (long long)r->largest_frame);
    if (r->worst < 0)
        return;
    add(text, ", frame %lld is the worst with a PSNR of", (long long)r->worst);
    add_values(text, r, r->psnr, 2);
    add(text, " dB and an SSIM of");
    add_values(text, r, r->ssim, 5);
}

static void add_frames(struct text *text, const struct wr_expect_report *r)
{
    const int64_t both = r->frames < r->expected ? r->frames : r->expected;
    if (*r->format)
        add(text, ": pictures are %s instead of %s", r->format, r->expected_format);
    else if (r->differing)
        add(text, ": %lld of %lld frames differ%s, the first is frame %lld at %.3f s",
            (long long)r->differing, (long long)both, r->differing == 1 ? "s" : "",
            (long long)r->first, r->first_time);
    add_measures(text, r);
}

enum wr_status wr_expect_tell(const struct wr_expect_report *r, const char *input,
                              const char *trouble, struct wr_error *error)
{
    char sentence[sizeof error->text];
    struct text text = {sentence, sizeof sentence};
    const int64_t missing = r->expected - r->frames;
    add(&text, "%s is not as %s", input, r->path);
    add_frames(&text, r);
    const char *between = r->differing ? "; " : ": ";
    if (missing)
        add(&text, "%s%lld frame%s %s: %lld instead of %lld", between, (long long)llabs(missing),
            llabs(missing) == 1 ? "" : "s", missing > 0 ? "missing" : "too many",
            (long long)r->frames, (long long)r->expected);
    if (r->moved)
        add(&text, "%s%lld frame%s at another time, the first is frame %lld at %.3f s, not %.3f s",
            missing ? "; " : between, (long long)r->moved, r->moved == 1 ? " is" : "s are",
            (long long)r->first_moved, r->moved_time, r->moved_expected);
    if (*trouble)
        add(&text, "; %s", trouble);
    return wr_fail(error, WR_DIFFERS, "%s", sentence);
}
