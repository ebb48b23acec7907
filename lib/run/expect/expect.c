// SPDX-License-Identifier: MIT
// Takes the job's frames and the expected ones side by side, and counts what differs.
#include "lib/run/expect/expect.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/input/reader.h"
#include "lib/input/reader_open.h"
#include "lib/media/compat.h"
#include "lib/media/repack.h"
#include "lib/run/expect/expect_hashes.h"
#include "lib/run/expect/expect_measure.h"
#include "lib/run/expect/expect_picture.h"
#include "lib/run/expect/expect_words.h"

struct wr_expect {
    const struct wr_job_options *options;
    struct wr_expect_report *report;
    struct wr_format format; // of the job's frames
    enum AVPixelFormat pix_fmt;
    struct wr_expect_tolerance tolerance;
    // One of the two.
    struct wr_expect_hashes *hashes;
    struct wr_reader *reader;
    bool has_ended;                 // no more expected frames
    AVFrame *came, *wanted;         // the pair to be drawn; wanted NULL where only hashes are known
    double lowest;                  // PSNR of that pair
    double begins, expected_begins; // the first frames of videos, in seconds
};

// ---- opening

enum wr_status wr_expect_complete(struct wr_job_options *options, struct wr_error *error)
{
    struct wr_expect_tolerance unused;
    if (!options->expect)
        return options->tolerance || options->expect_picture
                   ? wr_fail(error, WR_USAGE, "there is nothing to compare with")
                   : WR_OK;
    if (!options->output) {
        options->output = "the comparison"; // in sentences
        options->format = "null";
        options->codec = options->codec ? options->codec : "rawvideo";
        options->no_audio = options->no_subtitles = options->no_data = true;
        options->no_chapters = options->no_metadata = true;
    }
    return wr_expect_read_tolerance(options->tolerance, &unused, error);
}

static enum wr_status open_reader(struct wr_expect *e, struct wr_error *error)
{
    const struct wr_reader_options options = {
        .input = e->options->expect,
        .frames = -1,
        .maps = {.no_audio = true, .no_subtitles = true, .no_data = true},
        .threads = e->options->threads,
        .cancelled = -1,
    };
    e->report->is_measured = true;
    return wr_reader_open(&e->reader, &options, error);
}

static enum wr_status open_expected(struct wr_expect *e, struct wr_error *error)
{
    const char *path = e->options->expect;
    struct stat entry;
    if (stat(path, &entry))
        return wr_fail(error, WR_FAILED, "cannot read %s, which is to be compared with: %s", path,
                       strerror(errno));
    if (!S_ISREG(entry.st_mode))
        return wr_fail(error, WR_FAILED, "%s is no file that can be compared with", path);
    if (!wr_expect_is_text(path))
        return open_reader(e, error);
    if (e->options->tolerance)
        return wr_fail(error, WR_USAGE,
                       "%s holds hashes, which tell nothing of how much differs: a tolerance needs "
                       "a video to compare with",
                       path);
    return wr_expect_hashes_open(&e->hashes, path, error);
}

enum wr_status wr_expect_open(struct wr_expect **expect, const struct wr_job_options *options,
                              const struct wr_stream *stream, int pix_fmt,
                              struct wr_expect_report *report, struct wr_error *error)
{
    struct wr_expect *new = *expect = calloc(1, sizeof *new);
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    new->options = options;
    new->report = report;
    new->format = stream->format;
    new->pix_fmt = pix_fmt;
    new->lowest = INFINITY;
    *report = (struct wr_expect_report){.first = -1, .worst = -1, .first_moved = -1};
    report->planes = wr_format_planes(&new->format);
    snprintf(report->plane_names, sizeof report->plane_names, "%s%s",
             new->format.model == WR_GRAY  ? "Y"
             : new->format.model == WR_YUV ? "YUV"
                                           : "GBR",
             new->format.alpha ? "A" : "");
    report->depth = new->format.depth;
    snprintf(report->path, sizeof report->path, "%s", options->expect);
    enum wr_status status = wr_expect_read_tolerance(options->tolerance, &new->tolerance, error);
    if (!status)
        status = open_expected(new, error);
    if (status)
        wr_expect_close(expect);
    return status;
}

void wr_expect_close(struct wr_expect **expect)
{
    struct wr_expect *old = *expect;
    if (!old)
        return;
    wr_expect_hashes_close(&old->hashes);
    wr_reader_close(&old->reader);
    av_frame_free(&old->came);
    av_frame_free(&old->wanted);
    free(old);
    *expect = NULL;
}

// ---- what is expected

// The next expected frame of a video, NULL behind the last.
static enum wr_status next_picture(struct wr_expect *e, AVFrame **frame, struct wr_error *error)
{
    *frame = NULL;
    while (!e->has_ended && !*frame) {
        struct wr_message message;
        const int status = wr_reader_next(e->reader, &message, error);
        if (status && status != WR_END)
            return (enum wr_status)status;
        e->has_ended = status == WR_END;
        *frame = message.frame;
        message.frame = NULL;
        wr_message_drop(&message);
    }
    if (e->has_ended && wr_reader_damaged(e->reader))
        return wr_fail(error, WR_FAILED, "%s is damaged, so nothing can be compared with it",
                       e->options->expect);
    return WR_OK;
}

// ---- comparing

// Times may be rounded to either time base. Those of two videos are counted from the first frame of
// each, since files may begin at any time.
static void compare_times(struct wr_expect *e, const AVFrame *frame, int64_t pts, AVRational base)
{
    struct wr_expect_report *r = e->report;
    double came = (double)frame->pts * av_q2d(frame->time_base);
    double wanted = (double)pts * av_q2d(base);
    if (e->reader && !r->frames) {
        e->begins = came;
        e->expected_begins = wanted;
    }
    came -= e->begins;
    wanted -= e->expected_begins;
    const double rounding = (av_q2d(frame->time_base) + av_q2d(base)) / 2;
    if (fabs(came - wanted) <= rounding * (1 - 1e-6))
        return;
    if (!r->moved++) {
        r->first_moved = r->frames;
        r->moved_time = came;
        r->moved_expected = wanted;
    }
}

static void count_difference(struct wr_expect *e, const AVFrame *frame)
{
    struct wr_expect_report *r = e->report;
    if (r->differing++)
        return;
    r->first = r->frames;
    r->first_time = (double)frame->pts * av_q2d(frame->time_base);
}

static enum wr_status keep_pair(struct wr_expect *e, const AVFrame *came, const AVFrame *wanted,
                                struct wr_error *error)
{
    av_frame_free(&e->came);
    av_frame_free(&e->wanted);
    e->came = av_frame_clone(came);
    e->wanted = wanted ? av_frame_clone(wanted) : NULL;
    return e->came && (e->wanted || !wanted) ? WR_OK : wr_fail(error, WR_FAILED, "out of memory");
}

static void note_format(struct wr_expect *e, const struct wr_format *came,
                        const struct wr_format *wanted)
{
    struct wr_expect_report *r = e->report;
    char one[32], other[32];
    if (*r->format)
        return;
    wr_format_name(came, one, sizeof one);
    wr_format_name(wanted, other, sizeof other);
    snprintf(r->format, sizeof r->format, "%dx%d %s", came->width, came->height, one);
    snprintf(r->expected_format, sizeof r->expected_format, "%dx%d %s", wanted->width,
             wanted->height, other);
}

static double lowest_psnr(const struct wr_expect *e, const struct wr_difference *difference)
{
    double lowest = INFINITY;
    for (int p = 0; p < e->report->planes; p++)
        lowest = fmin(lowest, difference->psnr[p]);
    return lowest;
}

// Keeps what is told of the frames that differ: the largest difference, and the worst frame.
static enum wr_status take_difference(struct wr_expect *e, const AVFrame *frame,
                                      const AVFrame *wanted, const struct wr_difference *difference,
                                      struct wr_error *error)
{
    struct wr_expect_report *r = e->report;
    count_difference(e, frame);
    if (difference->largest > r->largest) {
        r->largest = difference->largest;
        r->plane = difference->plane;
        r->x = difference->x;
        r->y = difference->y;
        r->largest_frame = r->frames;
    }
    const double lowest = lowest_psnr(e, difference);
    if (r->worst >= 0 && lowest >= e->lowest)
        return WR_OK;
    e->lowest = lowest;
    r->worst = r->frames;
    memcpy(r->psnr, difference->psnr, sizeof r->psnr);
    memcpy(r->ssim, difference->ssim, sizeof r->ssim);
    return keep_pair(e, frame, wanted, error);
}

static enum wr_status compare_pictures(struct wr_expect *e, const AVFrame *frame,
                                       const AVFrame *wanted, struct wr_error *error)
{
    const struct wr_format *own = wr_frame_own_format(wanted);
    const struct wr_format *format = own ? own : wr_reader_format(e->reader);
    struct wr_difference difference;
    compare_times(e, frame, wanted->pts, wr_reader_time_base(e->reader));
    if (format->width != e->format.width || format->height != e->format.height ||
        !wr_same_samples(format, &e->format)) {
        note_format(e, &e->format, format);
        count_difference(e, frame);
        return WR_OK;
    }
    if (wr_frames_are_same(frame, wanted, &e->format))
        return WR_OK;
    if (!wr_frames_measure(frame, wanted, &e->format, &difference))
        return wr_fail(error, WR_FAILED, "out of memory");
    const bool is_near = e->tolerance.is_db ? lowest_psnr(e, &difference) >= e->tolerance.value
                                            : difference.largest <= e->tolerance.value;
    return is_near ? WR_OK : take_difference(e, frame, wanted, &difference, error);
}

static enum wr_status compare_hashes(struct wr_expect *e, const AVFrame *frame,
                                     struct wr_error *error)
{
    struct wr_expect_report *r = e->report;
    AVFrame *packed = av_frame_clone(frame);
    bool same = false;
    enum wr_status status = packed ? WR_OK : wr_fail(error, WR_FAILED, "out of memory");
    AVRational base;
    compare_times(e, frame, wr_expect_hashes_pts(e->hashes, r->frames, &base), base);
    if (!status)
        status = wr_frame_pack(&packed, e->pix_fmt, error);
    if (!status)
        status = wr_expect_hashes_compare(e->hashes, r->frames, packed, &same, error);
    av_frame_free(&packed);
    if (status || same)
        return status;
    count_difference(e, frame);
    if (!*r->format && !wr_expect_hashes_size_is(e->hashes, frame->width, frame->height)) {
        int width, height;
        wr_expect_hashes_size(e->hashes, &width, &height);
        snprintf(r->format, sizeof r->format, "%dx%d", frame->width, frame->height);
        snprintf(r->expected_format, sizeof r->expected_format, "%dx%d", width, height);
    }
    return e->came ? WR_OK : keep_pair(e, frame, NULL, error);
}

enum wr_status wr_expect_frame(struct wr_expect *e, const AVFrame *frame, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    AVFrame *wanted = NULL;
    if (e->hashes)
        e->has_ended = e->report->frames >= wr_expect_hashes_count(e->hashes);
    else
        status = next_picture(e, &wanted, error);
    if (!status && !e->has_ended) {
        e->report->expected++;
        status =
            e->hashes ? compare_hashes(e, frame, error) : compare_pictures(e, frame, wanted, error);
    }
    av_frame_free(&wanted);
    e->report->frames++;
    return status;
}

// ---- the end

static enum wr_status count_missing(struct wr_expect *e, struct wr_error *error)
{
    if (e->hashes) {
        e->report->expected = wr_expect_hashes_count(e->hashes);
        return WR_OK;
    }
    enum wr_status status = WR_OK;
    while (!status && !e->has_ended) {
        AVFrame *frame;
        status = next_picture(e, &frame, error);
        e->report->expected += frame != NULL;
        av_frame_free(&frame);
    }
    return status;
}

static enum wr_status draw(struct wr_expect *e, struct wr_error *error)
{
    const char *path = e->options->expect_picture;
    if (!path)
        return WR_OK;
    if (!e->came) {
        unlink(path); // of an earlier run
        return WR_OK;
    }
    const enum wr_status status =
        wr_expect_picture_write(path, e->wanted, e->came, &e->format, e->report->largest, error);
    if (!status)
        snprintf(e->report->picture, sizeof e->report->picture, "%s", path);
    return status;
}

enum wr_status wr_expect_end(struct wr_expect *e, struct wr_error *error)
{
    const struct wr_expect_report *r = e->report;
    struct wr_error undrawn = {0};
    enum wr_status status = count_missing(e, error);
    if (!status)
        draw(e, &undrawn); // what differs is said all the same
    if (status || (!r->differing && !r->moved && r->frames == r->expected))
        return status;
    return wr_expect_tell(r, e->options->input, undrawn.text, error);
}
