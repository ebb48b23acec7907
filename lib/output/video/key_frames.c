// SPDX-License-Identifier: MIT
// Reads where key frames are asked for, and finds them among the frames.
#include "lib/output/video/key_frames.h"

#include <libavutil/avstring.h>
#include <libavutil/avutil.h>
#include <libavutil/mem.h>
#include <libavutil/parseutils.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/compat.h"

static int compare_times(const void *a, const void *b)
{
    const int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return (one > other) - (one < other);
}

static enum wr_status read_times(struct wr_key_frames *keys, const char *text,
                                 struct wr_error *error)
{
    const size_t most = strlen(text) + 1;
    keys->times = calloc(most, sizeof *keys->times);
    char *const copy = av_strdup(text);
    enum wr_status status =
        keys->times && copy ? WR_OK : wr_fail(error, WR_FAILED, "out of memory");
    char *rest = NULL;
    for (char *word = copy ? av_strtok(copy, ",", &rest) : NULL; word && !status;
         word = av_strtok(NULL, ",", &rest))
        if (av_parse_time(&keys->times[keys->count++], word, 1) < 0)
            status = wr_fail(error, WR_USAGE,
                             "key frames at \"%s\" are not possible: that is no time such as 90 or "
                             "1:30; others are made by expr: and source",
                             word);
    av_free(copy);
    if (keys->count)
        qsort(keys->times, (size_t)keys->count, sizeof *keys->times, compare_times);
    return status;
}

static enum wr_status read_expression(struct wr_key_frames *keys, const char *text,
                                      const struct wr_writer_options *options,
                                      struct wr_error *error)
{
    static const char *const names[] = {
        [WR_KEY_N] = "n",
        [WR_KEY_N_FORCED] = "n_forced",
        [WR_KEY_PREV_FORCED_N] = "prev_forced_n",
        [WR_KEY_PREV_FORCED_T] = "prev_forced_t",
        [WR_KEY_T] = "t",
        [WR_KEY_VARIABLES] = NULL,
    };
    if (options->chunk)
        return wr_fail(error, WR_USAGE,
                       "key frames by an expression are not possible where the video is encoded in "
                       "pieces, since none of them knows of the key frames before it");
    return av_expr_parse(&keys->expression, text, names, NULL, NULL, NULL, NULL, 0, NULL) < 0
               ? wr_fail(error, WR_USAGE,
                         "\"%s\" is no expression of n, n_forced, prev_forced_n, prev_forced_t "
                         "and t that says where key frames are",
                         text)
               : WR_OK;
}

enum wr_status wr_key_frames_open(struct wr_key_frames *keys,
                                  const struct wr_writer_options *options, struct wr_error *error)
{
    const char *const text = options->key_frames;
    const char *expression;
    *keys = (struct wr_key_frames){.first = NAN};
    keys->values[WR_KEY_PREV_FORCED_N] = keys->values[WR_KEY_PREV_FORCED_T] = NAN;
    if (!text)
        return WR_OK;
    if (av_strstart(text, "expr:", &expression))
        return read_expression(keys, expression, options, error);
    keys->as_source = !strcmp(text, "source") || !strcmp(text, "source_no_drop");
    return keys->as_source ? WR_OK : read_times(keys, text, error);
}

static bool is_at_time(struct wr_key_frames *keys, int64_t pts, AVRational time_base)
{
    const int before = keys->next;
    while (keys->next < keys->count &&
           pts >= av_rescale_q(keys->times[keys->next], AV_TIME_BASE_Q, time_base))
        keys->next++;
    return keys->next > before;
}

static bool is_expressed(struct wr_key_frames *keys, double time)
{
    double *const values = keys->values;
    if (isnan(keys->first))
        keys->first = time;
    values[WR_KEY_T] = time - keys->first;
    const bool is_one = av_expr_eval(keys->expression, values, NULL) != 0;
    if (is_one) {
        values[WR_KEY_PREV_FORCED_N] = values[WR_KEY_N];
        values[WR_KEY_PREV_FORCED_T] = values[WR_KEY_T];
        values[WR_KEY_N_FORCED]++;
    }
    values[WR_KEY_N]++;
    return is_one;
}

bool wr_key_frames_take(struct wr_key_frames *keys, const AVFrame *frame, AVRational time_base)
{
    return keys->as_source    ? wr_frame_is_key(frame)
           : keys->expression ? is_expressed(keys, (double)frame->pts * av_q2d(time_base))
                              : is_at_time(keys, frame->pts, time_base);
}

void wr_key_frames_close(struct wr_key_frames *keys)
{
    free(keys->times);
    av_expr_free(keys->expression);
    *keys = (struct wr_key_frames){0};
}
