// SPDX-License-Identifier: MIT
// Reader and writer without anything between them: frames, times and refusals, on clips made here.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/media/compat.h"
#include "lib/base/queue.h"
#include "lib/input/source.h"
#include "tests/support.h"
#include "lib/input/reader.h"
#include "lib/input/reader_open.h"
#include "lib/input/reader_parts.h"
#include "lib/output/mime.h"
#include "lib/output/writer.h"
#include "lib/output/writer_finish.h"
#include "lib/output/writer_open.h"

#define COUNT(array) ((int)(sizeof array / sizeof array[0]))

enum { WIDTH = 34, HEIGHT = 18, FRAMES = 10 };

static char folder[64];

// ---- clips

static const char *path(const char *name)
{
    static char paths[4][384];
    static int next;
    char *text = paths[next++ % COUNT(paths)];
    snprintf(text, sizeof paths[0], "%s/%s", folder, name);
    return text;
}

// Layouts as YUV4MPEG2 names them, with samples in a frame for each luma sample, in halves.
static const struct {
    const char *name;
    int depth, halves;
} layouts[] = {
    {"420jpeg", 8, 3}, {"422", 8, 4},     {"444", 8, 6},     {"mono", 8, 2},
    {"420p10", 10, 3}, {"422p12", 12, 4}, {"444p16", 16, 6}, {"mono12", 12, 2},
};

static unsigned noise(unsigned *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 16;
}

// The number of a frame is its first sample.
static const char *make_clip(const char *name, int layout)
{
    const char *file = path(name);
    FILE *out = fopen(file, "wb");
    ck_assert_ptr_nonnull(out);
    fprintf(out, "YUV4MPEG2 W%d H%d F25:1 Ip A4:3 C%s\n", WIDTH, HEIGHT, layouts[layout].name);
    unsigned state = 1;
    for (int frame = 0; frame < FRAMES; frame++) {
        fputs("FRAME\n", out);
        for (int i = 0; i < WIDTH * HEIGHT * layouts[layout].halves / 2; i++) {
            const unsigned value = noise(&state) & ((1u << layouts[layout].depth) - 1);
            fputc((int)(i ? value & 0xff : (unsigned)frame), out);
            if (layouts[layout].depth > 8)
                fputc((int)(i ? value >> 8 : 0), out);
        }
    }
    ck_assert_int_eq(fclose(out), 0);
    return file;
}

static void make_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/test_media.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static int count_files(void)
{
    DIR *list = opendir(folder);
    int count = -2; // . and ..
    while (readdir(list))
        count++;
    closedir(list);
    return count;
}

static void remove_folder(void)
{
    DIR *list = opendir(folder);
    const struct dirent *entry;
    while ((entry = readdir(list)))
        if (entry->d_name[0] != '.' || strlen(entry->d_name) > 2)
            unlink(path(entry->d_name));
    closedir(list);
    rmdir(folder);
}

// ---- runs

static const struct wr_job_options standard = {.frames = -1, .threads = 1};

static enum wr_status open_reader(struct wr_reader **reader, const struct wr_job_options *options,
                                  struct wr_error *error)
{
    const struct wr_reader_options wanted = {
        .input = options->input,
        .start = options->start,
        .frames = options->frames,
        .threads = options->threads,
        .cancelled = -1,
    };
    return wr_reader_open(reader, &wanted, error);
}

// Opens a writer for frames as they are read.
static enum wr_status open_writer(struct wr_writer **writer, const struct wr_job_options *options,
                                  const struct wr_reader *reader, struct wr_report *report,
                                  struct wr_error *error)
{
    const struct wr_writer_options wanted = {
        .output = options->output,
        .codec = options->codec,
        .quality = options->quality,
        .preset = options->preset,
        .format = options->format,
        .pix_fmt = options->pix_fmt,
        .encoder_options = options->encoder_options,
        .threads = options->threads,
        .frames = options->frames,
        .overwrite = options->overwrite,
        .log = {options->log, options->opaque},
    };
    const struct wr_source *source = wr_reader_source(reader);
    const struct wr_stream stream = {.format = *wr_reader_format(reader),
                                     .time_base = wr_reader_time_base(reader),
                                     .frame_rate = source->frame_rate,
                                     .like = source->first};
    const struct wr_output_frames frames = {.stream = &stream,
                                            .source = source->first->format,
                                            .source_has_alpha = stream.format.alpha};
    struct wr_output_plan plan;
    const enum wr_status status = wr_output_plan_make(&plan, &wanted, &frames, error);
    return status ? status
                  : wr_writer_open(writer, &plan, &wanted, reader, report, NULL, NULL, error);
}

struct result {
    enum wr_status status;
    struct wr_error error;
    int64_t frames_in, frames_out, damaged;
};

// Hands every message from reader to writer; times (of FRAMES frames) replace the file's own if
// given.
static struct result copy(const struct wr_job_options *options, const int64_t *times)
{
    struct result r = {0};
    struct wr_reader *reader = NULL;
    struct wr_writer *writer = NULL;
    struct wr_report report = {0};
    r.status = open_reader(&reader, options, &r.error);
    if (!r.status)
        r.status = open_writer(&writer, options, reader, &report, &r.error);
    struct wr_message message = {0};
    int next = 0;
    while (!r.status && !(next = wr_reader_next(reader, &message, &r.error))) {
        if (times && message.frame)
            message.frame->pts = times[r.frames_in];
        r.frames_in += message.frame != NULL;
        r.status = wr_writer_send(writer, &message, &r.error);
        wr_message_drop(&message);
    }
    if (next > 0)
        r.status = next;
    int flushed = r.status;
    while (!flushed)
        flushed = wr_writer_flush(writer, &r.error);
    if (!r.status && flushed != WR_END)
        r.status = (enum wr_status)flushed;
    if (!r.status)
        r.status = wr_writer_finish(writer, &r.error);
    if (!r.status) {
        r.frames_out = wr_writer_frames(writer);
        r.damaged = wr_reader_damaged(reader);
    }
    wr_writer_close(&writer);
    wr_reader_close(&reader);
    return r;
}

// All frames of a file; returns how many, and the time base and the damage.
static int read_all(const struct wr_job_options *options, AVFrame *frames[FRAMES],
                    AVRational *time_base, int64_t *damaged)
{
    struct wr_reader *reader;
    struct wr_error error;
    ck_assert_msg(!open_reader(&reader, options, &error), "%s", error.text);
    *time_base = wr_reader_time_base(reader);
    struct wr_message message;
    int count = 0, status;
    while (!(status = wr_reader_next(reader, &message, &error))) {
        ck_assert_ptr_nonnull(message.frame);
        ck_assert_int_lt(count, FRAMES);
        frames[count++] = message.frame;
    }
    ck_assert_int_eq(status, -1);
    *damaged = wr_reader_damaged(reader);
    wr_reader_close(&reader);
    return count;
}

static void free_all(AVFrame *frames[], int count)
{
    for (int i = 0; i < count; i++)
        av_frame_free(&frames[i]);
}

// ---- tests

START_TEST(a_clip_is_read)
{
    struct wr_job_options options = standard;
    options.input = make_clip("a.y4m", 0);
    struct wr_reader *reader;
    struct wr_error error;
    ck_assert_msg(!open_reader(&reader, &options, &error), "%s", error.text);
    const struct wr_format *f = wr_reader_format(reader);
    ck_assert(f->model == WR_YUV && f->width == WIDTH && f->height == HEIGHT && f->depth == 8);
    ck_assert(f->log2_chroma_w == 1 && f->log2_chroma_h == 1 && !f->alpha);
    ck_assert(f->sar_num == 4 && f->sar_den == 3 && f->matrix == 2);
    const double tick = av_q2d(wr_reader_time_base(reader));
    struct wr_message message;
    int count = 0;
    for (; !wr_reader_next(reader, &message, &error); count++) {
        ck_assert_int_eq(message.frame->data[0][0], count);
        ck_assert_int_eq(message.index, count);
        ck_assert_double_eq_tol((double)message.frame->pts * tick, count / 25.0, 1e-9);
        ck_assert_double_eq_tol((double)wr_frame_duration(message.frame) * tick, 1 / 25.0, 1e-9);
        wr_message_drop(&message);
    }
    ck_assert_int_eq(count, FRAMES);
    ck_assert_int_eq(wr_reader_damaged(reader), 0);
    wr_reader_close(&reader);
}
END_TEST

// FFmpeg opens a decoder for each thread: with hundreds of them opening would take seconds.
START_TEST(decoders_have_few_threads)
{
    struct wr_job_options options = standard;
    options.input = make_clip("a.y4m", 0);
    options.output = path("a.mkv");
    options.codec = "ffv1";
    struct result result = copy(&options, NULL);
    ck_assert_msg(!result.status, "%s", result.error.text);
    options.input = options.output;
    const int asked[] = {1, 3, 512}, given[] = {1, 3, 16};
    for (int n = 0; n < COUNT(asked); n++) {
        struct wr_reader *reader;
        options.threads = asked[n];
        ck_assert_msg(!open_reader(&reader, &options, &result.error), "%s", result.error.text);
        ck_assert_int_eq(reader->decoder.context->thread_count, given[n]);
        wr_reader_close(&reader);
    }
}
END_TEST

START_TEST(a_part_is_read)
{
    static const struct {
        const char *start;
        int64_t frames;
        int first, count;
    } parts[] = {
        {NULL, 0, 0, 0},   {NULL, 1, 0, 1},         {NULL, 7, 0, 7},    {NULL, 99, 0, 10},
        {"0.2", -1, 5, 5}, {"00:00:00.2", 2, 5, 2}, {"0.21", -1, 6, 4}, {"0", -1, 0, 10},
    };
    struct wr_job_options options = standard;
    options.input = make_clip("a.y4m", 0);
    for (int i = 0; i < COUNT(parts); i++) {
        options.start = parts[i].start;
        options.frames = parts[i].frames;
        AVFrame *frames[FRAMES];
        AVRational time_base;
        int64_t damaged;
        const int count = read_all(&options, frames, &time_base, &damaged);
        ck_assert_int_eq(count, parts[i].count);
        for (int n = 0; n < count; n++)
            ck_assert_int_eq(frames[n]->data[0][0], parts[i].first + n);
        free_all(frames, count);
    }
    options.frames = -1;
    options.start = "3";
    struct wr_reader *reader;
    struct wr_error error;
    ck_assert_int_eq(open_reader(&reader, &options, &error), WR_FAILED);
    ck_assert_ptr_nonnull(strstr(error.text, "no frame at or after"));
}
END_TEST

START_TEST(every_layout_survives_a_lossless_codec)
{
    struct wr_job_options options = standard;
    options.input = make_clip("a.y4m", _i);
    options.output = path("b.mkv");
    options.codec = "ffv1";
    const struct result r = copy(&options, NULL);
    ck_assert_msg(!r.status, "%s", r.error.text);
    ck_assert_int_eq(r.frames_in, FRAMES);
    ck_assert_int_eq(r.frames_out, FRAMES);
    AVFrame *before[FRAMES], *after[FRAMES];
    AVRational time_base;
    int64_t damaged;
    ck_assert_int_eq(read_all(&options, before, &time_base, &damaged), FRAMES);
    options.input = options.output;
    ck_assert_int_eq(read_all(&options, after, &time_base, &damaged), FRAMES);
    ck_assert_int_eq(damaged, 0);
    struct wr_format format;
    ck_assert(wr_frame_format(before[0], &format));
    ck_assert_int_eq(format.depth, layouts[_i].depth);
    for (int n = 0; n < FRAMES; n++) {
        ck_assert_int_eq(after[n]->pts * time_base.num * 25, (int64_t)n * time_base.den);
        for (int p = 0; p < wr_format_planes(&format); p++)
            for (int y = 0; y < wr_format_height(&format, p); y++)
                ck_assert_mem_eq(before[n]->data[p] + y * before[n]->linesize[p],
                                 after[n]->data[p] + y * after[n]->linesize[p],
                                 (size_t)(wr_format_width(&format, p) * wr_format_bytes(&format)));
    }
    free_all(before, FRAMES);
    free_all(after, FRAMES);
}
END_TEST

START_TEST(times_are_kept)
{
    static const char *const names[] = {"b.mkv", "b.mp4", "b.mov", "b.nut"};
    static const int64_t times[FRAMES] = {0, 1, 2, 5, 6, 50, 51, 53, 54, 200};
    struct wr_job_options options = standard;
    for (int i = 0; i < COUNT(names); i++) {
        options.input = make_clip("a.y4m", 0);
        options.output = path(names[i]);
        options.codec = "mpeg4";
        const struct result r = copy(&options, times);
        ck_assert_msg(!r.status, "%s: %s", names[i], r.error.text);
        options.input = options.output;
        AVFrame *frames[FRAMES];
        AVRational time_base;
        int64_t damaged;
        ck_assert_int_eq(read_all(&options, frames, &time_base, &damaged), FRAMES);
        for (int n = 0; n < FRAMES; n++)
            ck_assert_msg((frames[n]->pts - frames[0]->pts) * time_base.num * 25 ==
                              times[n] * time_base.den,
                          "%s frame %d", names[i], n);
        free_all(frames, FRAMES);
    }
}
END_TEST

START_TEST(truncation_is_damage)
{
    struct wr_job_options options = standard;
    options.input = make_clip("a.y4m", 0);
    options.output = path("b.mkv");
    options.codec = "ffv1";
    ck_assert(!copy(&options, NULL).status);
    struct stat status;
    ck_assert(!stat(options.output, &status));
    ck_assert(!truncate(options.output, status.st_size / 2));
    options.input = options.output;
    AVFrame *frames[FRAMES];
    AVRational time_base;
    int64_t damaged;
    const int count = read_all(&options, frames, &time_base, &damaged);
    ck_assert(count > 0 && count < FRAMES);
    ck_assert_int_gt(damaged, 0);
    free_all(frames, count);
}
END_TEST

static void make_text(const char *name, const char *text)
{
    FILE *out = fopen(path(name), "wb");
    fputs(text, out);
    fclose(out);
}

START_TEST(what_is_no_video_is_refused)
{
    make_text("empty.mp4", "");
    make_text("notes.txt", "Shopping list: milk, bread, a new camera.\n");
    make_text("code.c", "int main(void) { return 0; }\n");
    make_text("titles.srt", "1\n00:00:01,000 --> 00:00:02,000\nHello\n");
    static const char *const inputs[][2] = {
        {"missing.mp4", "No such file"}, {"", "is a directory"},
        {"empty.mp4", "is empty"},       {"notes.txt", "notes.txt"},
        {"code.c", "cannot read"},       {"titles.srt", "no video stream"},
    };
    for (int i = 0; i < COUNT(inputs); i++) {
        struct wr_job_options options = standard;
        options.input = path(inputs[i][0]);
        struct wr_reader *reader = NULL;
        struct wr_error error = {0};
        ck_assert_int_eq(open_reader(&reader, &options, &error), WR_FAILED);
        ck_assert_ptr_null(reader);
        ck_assert_msg(strstr(error.text, inputs[i][1]), "%s", error.text);
    }
}
END_TEST

static const char *const unknown_option[] = {"nonsense=1", NULL};
static const char *const no_pair[] = {"nonsense", NULL};

// What the writer refuses, and what its sentence must name. Outputs are in the folder.
static const struct {
    const char *output, *codec, *quality, *preset, *format, *pix_fmt;
    const char *const *pairs;
    enum wr_status status;
    const char *words[2];
} refused[] = {
    {"b.mkv", "ffv11", .status = WR_USAGE, .words = {"ffv11", "ffv1?"}},
    {"b.mkv", "copy", .status = WR_USAGE, .words = {"copy"}},
    {"b.mkv", "aac", .status = WR_USAGE, .words = {"not a video encoder"}},
    {"b.xyz", .status = WR_USAGE, .words = {"b.xyz", "--format"}},
    {"b.mkv", .format = "matroshka", .status = WR_USAGE, .words = {"matroshka", "matroska?"}},
    {"b.wav", .status = WR_USAGE, .words = {"wav", "video"}},
    {"b.mkv", "ffv1", .quality = "5", .status = WR_USAGE, .words = {"ffv1", "--quality"}},
    {"b.mkv", "mpeg4", .quality = "40", .status = WR_USAGE, .words = {"\"40\"", "1 to 31"}},
    {"b.mkv", "mpeg4", .preset = "slow", .status = WR_USAGE, .words = {"mpeg4", "presets"}},
    {"b.mkv", "mpeg4", .pairs = unknown_option, .status = WR_USAGE, .words = {"mpeg4", "nonsense"}},
    {"b.mkv", "mpeg4", .pairs = no_pair, .status = WR_USAGE, .words = {"nonsense", "key=value"}},
    {"b.mkv", .pix_fmt = "yuv420q", .status = WR_USAGE, .words = {"yuv420q", "yuv420p?"}},
    {"b.mkv", "png", .pix_fmt = "pal8", .status = WR_USAGE, .words = {"pal8", "8 to 16 bits"}},
    {"b.mkv", "mpeg4", .pix_fmt = "rgb24", .status = WR_USAGE, .words = {"rgb24", "yuv420p"}},
    {"none/b.mkv", .status = WR_FAILED, .words = {"none/b.mkv", "No such file"}},
    {"a.y4m", .status = WR_FAILED, .words = {"same file", "a.y4m"}},
    {"", .format = "nut", .status = WR_FAILED, .words = {"is a directory", ""}},
    {"other.mkv", .status = WR_FAILED, .words = {"other.mkv", "--overwrite"}},
};

START_TEST(what_cannot_be_written_is_refused)
{
    struct wr_job_options options = standard;
    options.input = make_clip("a.y4m", 0);
    make_text("other.mkv", "");
    options.output = path(refused[_i].output);
    options.codec = refused[_i].codec;
    options.quality = refused[_i].quality;
    options.preset = refused[_i].preset;
    options.format = refused[_i].format;
    options.pix_fmt = refused[_i].pix_fmt;
    options.encoder_options = refused[_i].pairs;
    const struct result r = copy(&options, NULL);
    ck_assert_msg(r.status == refused[_i].status, "%d: %s", r.status, r.error.text);
    ck_assert_int_eq(r.error.status, r.status);
    for (int i = 0; i < 2 && refused[_i].words[i]; i++)
        ck_assert_msg(strstr(r.error.text, refused[_i].words[i]), "%s", r.error.text);
    ck_assert_int_eq(count_files(), 2);
}
END_TEST

START_TEST(outputs_appear_when_whole)
{
    struct wr_job_options options = standard;
    options.input = make_clip("a.y4m", 0);
    options.output = path("b.mkv");
    options.codec = "ffv1";
    struct wr_reader *reader;
    struct wr_writer *writer;
    struct wr_report report;
    struct wr_error error;
    struct wr_message message;
    ck_assert(!open_reader(&reader, &options, &error));
    ck_assert(!open_writer(&writer, &options, reader, &report, &error));
    ck_assert(!wr_reader_next(reader, &message, &error));
    ck_assert(!wr_writer_send(writer, &message, &error));
    ck_assert_int_eq(access(options.output, F_OK), -1); // not yet under its name
    wr_writer_close(&writer);
    wr_reader_close(&reader);
    ck_assert_int_eq(count_files(), 1); // and gone without a trace
    ck_assert(!copy(&options, NULL).status);
    ck_assert_int_eq(count_files(), 2);
    ck_assert(!symlink("b.mkv", path("link.mkv")));
    options.output = path("link.mkv");
    options.overwrite = true;
    ck_assert(!copy(&options, NULL).status);
    struct stat status;
    ck_assert(!lstat(path("link.mkv"), &status) && S_ISLNK(status.st_mode));
    ck_assert_int_eq(count_files(), 3);
}
END_TEST

START_TEST(a_full_disk_is_named)
{
    struct wr_job_options options = standard;
    options.input = make_clip("a.y4m", 0);
    options.output = "/dev/full";
    options.format = "nut";
    const struct result r = copy(&options, NULL);
    ck_assert_int_eq(r.status, WR_FAILED);
    ck_assert_msg(strstr(r.error.text, "No space left"), "%s", r.error.text);
}
END_TEST

// File systems that cannot rename without replacing, nor link; a test's link time wraps the calls.
static bool poor_file_system, poorest_file_system;

int __real_renameat2(int old_folder, const char *old, int new_folder, const char *new,
                     unsigned flags);
int __wrap_renameat2(int old_folder, const char *old, int new_folder, const char *new,
                     unsigned flags);
int __wrap_renameat2(int old_folder, const char *old, int new_folder, const char *new,
                     unsigned flags)
{
    if (!poor_file_system)
        return __real_renameat2(old_folder, old, new_folder, new, flags);
    errno = EINVAL;
    return -1;
}

int __real_link(const char *old, const char *new);
int __wrap_link(const char *old, const char *new);
int __wrap_link(const char *old, const char *new)
{
    if (!poorest_file_system)
        return __real_link(old, new);
    errno = EPERM;
    return -1;
}

// What users call encoders. FFmpeg's own names come first: prores is not prores_ks.
static const char *const encoder_names[][2] = {
    {"x264", "libx264"},     {"h264", "libx264"},   {"x265", "libx265"},      {"h265", "libx265"},
    {"hevc", "libx265"},     {"vp9", "libvpx-vp9"}, {"svt-av1", "libsvtav1"}, {"prores", "prores"},
    {"mpeg2", "mpeg2video"}, {"jpeg", "mjpeg"},     {"ffv1", "ffv1"},
};

START_TEST(encoders_go_by_several_names)
{
    const char *const *names = encoder_names[_i];
    const AVCodec *codec;
    struct wr_error error;
    const enum wr_status status = wr_find_encoder(&codec, AVMEDIA_TYPE_VIDEO, names[0], &error);
    if (avcodec_find_encoder_by_name(names[1]))
        ck_assert_msg(!status && !strcmp(codec->name, names[1]), "%s", names[0]);
    else
        ck_assert_msg(status || strcmp(codec->name, names[1]), "%s", names[0]);
}
END_TEST

// An output that appears while it is written: 0 on a good file system, 1 and 2 on poorer ones.
// A picture has the same type whether it is attached as a file or was a cover.
START_TEST(attached_files_have_types)
{
    ck_assert_str_eq(wr_mime_of_file("a/Font.TTF"), "application/x-truetype-font");
    ck_assert_str_eq(wr_mime_of_file("gif"), "application/octet-stream");
    ck_assert_str_eq(wr_mime_of_file("a.webp"), "image/webp");
    ck_assert_str_eq(wr_mime_of_cover(AV_CODEC_ID_WEBP)->type, "image/webp");
    ck_assert_str_eq(wr_mime_of_cover(AV_CODEC_ID_MJPEG)->suffix, "jpg");
    ck_assert_str_eq(wr_mime_of_cover(AV_CODEC_ID_AV1)->type, "image/jpeg");
}
END_TEST

// Motion JPEG wants full range, which the plan's second step finds out; what it has decided stays
// once the frames are converted and the last step is done.
START_TEST(a_plan_is_finished_for_converted_frames)
{
    const struct wr_writer_options options = {.output = "out.mkv", .codec = "mjpeg"};
    struct wr_stream stream = {.frame_rate = {25, 1}};
    ck_assert(wr_pix_fmt_describe(AV_PIX_FMT_YUV420P, &stream.format));
    stream.format.width = stream.format.height = 32;
    const struct wr_output_frames frames = {.stream = &stream, .source = AV_PIX_FMT_YUV420P};
    struct wr_output_plan plan;
    struct wr_error error;
    ck_assert_msg(!wr_output_plan_make(&plan, &options, &frames, &error), "%s", error.text);
    ck_assert_str_eq(plan.delivery.chain, "format=yuvj420p:color_ranges=pc");

    const struct wr_delivery delivery = plan.delivery;
    stream.format.full_range = true;
    stream.frame_rate.num = 50;
    ck_assert_msg(!wr_output_plan_finish(&plan, &options, &stream, AV_PIX_FMT_YUV420P, &error),
                  "%s", error.text);
    ck_assert_int_eq(plan.pix_fmt, AV_PIX_FMT_YUV420P);
    ck_assert_int_eq(plan.stream.frame_rate.num, 50);
    ck_assert_str_eq(plan.codec->name, "mjpeg");
    ck_assert_str_eq(plan.delivery.chain, delivery.chain);
    ck_assert_str_eq(plan.delivery.note, delivery.note);
}
END_TEST

START_TEST(what_appears_is_not_replaced)
{
    poor_file_system = _i > 0;
    poorest_file_system = _i > 1;
    struct wr_job_options options = standard;
    options.input = make_clip("a.y4m", 0);
    options.output = path("b.mkv");
    options.codec = "ffv1";
    ck_assert(!copy(&options, NULL).status);
    ck_assert_int_eq(count_files(), 2);
    ck_assert(!unlink(path("b.mkv")));

    struct wr_reader *reader;
    struct wr_writer *writer;
    struct wr_report report;
    struct wr_error error;
    ck_assert(!open_reader(&reader, &options, &error));
    ck_assert(!open_writer(&writer, &options, reader, &report, &error));
    struct wr_message message;
    ck_assert(!wr_reader_next(reader, &message, &error));
    ck_assert(!wr_writer_send(writer, &message, &error));
    int status = 0;
    while (!status)
        status = wr_writer_flush(writer, &error);
    ck_assert_int_eq(status, WR_END);
    make_text("b.mkv", "precious");
    ck_assert_int_eq(wr_writer_finish(writer, &error), WR_FAILED);
    ck_assert_msg(strstr(error.text, "b.mkv exists already"), "%s", error.text);
    wr_writer_close(&writer);
    wr_reader_close(&reader);
    struct stat precious;
    ck_assert(!stat(path("b.mkv"), &precious));
    ck_assert_int_eq(precious.st_size, strlen("precious"));
    ck_assert_int_eq(count_files(), 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("media");
    TCase *tests = tcase_create("reader and writer");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_clip_is_read);
    tcase_add_test(tests, a_part_is_read);
    tcase_add_test(tests, decoders_have_few_threads);
    tcase_add_loop_test(tests, every_layout_survives_a_lossless_codec, 0, COUNT(layouts));
    tcase_add_test(tests, times_are_kept);
    tcase_add_test(tests, truncation_is_damage);
    tcase_add_test(tests, what_is_no_video_is_refused);
    tcase_add_loop_test(tests, what_cannot_be_written_is_refused, 0, COUNT(refused));
    tcase_add_loop_test(tests, encoders_go_by_several_names, 0, COUNT(encoder_names));
    tcase_add_test(tests, outputs_appear_when_whole);
    tcase_add_test(tests, a_full_disk_is_named);
    tcase_add_test(tests, attached_files_have_types);
    tcase_add_test(tests, a_plan_is_finished_for_converted_frames);
    tcase_add_loop_test(tests, what_appears_is_not_replaced, 0, 3);
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
