// SPDX-License-Identifier: MIT
// Tries a job's options on made-up pictures of several sizes and formats. What is refused for all
// of them with the same words is not the pictures' fault.
#include "lib/run/job_check.h"

#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/engine/devices.h"
#include "lib/input/seek.h"
#include "lib/input/source.h"
#include "lib/output/containers.h"
#include "lib/output/output_plan.h"
#include "lib/output/video/check_settings.h"
#include "lib/output/video/key_frames.h"
#include "lib/output/video/settings.h"
#include "lib/run/batches/device_list.h"
#include "lib/run/chain_files.h"
#include "lib/run/copy_job.h"
#include "lib/run/device_check.h"
#include "lib/run/expect/expect.h"
#include "lib/run/job_stages.h"
#include "lib/run/sound_check.h"
#include "lib/run/stages/stages.h"

// Processors that a job without an encoder keeps busy: its decoder and its filters.
enum { WITHOUT_ENCODER = 4 };

static const struct picture {
    enum AVPixelFormat pix_fmt;
    int width, height;
} pictures[] = {
    {AV_PIX_FMT_YUV420P, 320, 240},
    {AV_PIX_FMT_GBRP, 3840, 2160},
    {AV_PIX_FMT_YUV422P10, 1920, 1088},
    {AV_PIX_FMT_GRAY8, 64, 64},
};

enum { PICTURES = sizeof pictures / sizeof *pictures };

// No video that anybody has is smaller.
static const struct picture smallest = {AV_PIX_FMT_GRAY8, 16, 16};

// What the pictures are like; `like` is a frame of theirs, without pixels.
static struct wr_stream describe(const struct picture *picture, AVFrame *like)
{
    struct wr_stream stream = {.time_base = {1, 25}, .frame_rate = {25, 1}, .like = like};
    wr_pix_fmt_describe(picture->pix_fmt, &stream.format);
    like->format = picture->pix_fmt;
    stream.format.width = like->width = picture->width;
    stream.format.height = like->height = picture->height;
    stream.format.sar_den = 1;
    stream.format.time_base = 1. / 25;
    stream.format.frame_rate = 25;
    return stream;
}

static enum wr_status try_settings(const struct wr_output_plan *plan,
                                   const struct wr_writer_options *options, struct wr_error *error)
{
    struct wr_encoder_settings settings = {0};
    AVCodecContext *context = avcodec_alloc_context3(plan->codec);
    enum wr_status status = wr_encoder_settings_collect(&settings, plan, options, "", error);
    if (!status && context)
        status = wr_encoder_settings_apply(&settings, context, -1, error);
    if (!status)
        status = wr_encoder_settings_check(&settings, plan, error);
    avcodec_free_context(&context);
    wr_encoder_settings_free(&settings);
    return status;
}

static enum wr_status try_output(const struct wr_request *request, const struct wr_stream *stream,
                                 const struct picture *picture, bool *by_encoder,
                                 struct wr_error *error)
{
    const struct wr_writer_options options = wr_job_writer_options(request);
    const struct wr_output_frames frames = {
        .stream = stream, .source = picture->pix_fmt, .source_has_alpha = stream->format.alpha};
    struct wr_output_plan plan;
    const enum wr_status status = wr_output_plan_make(&plan, &options, &frames, error);
    *by_encoder = !status;
    return status ? status : try_settings(&plan, &options, error);
}

// Stages for one picture, and what they borrow.
struct trial {
    struct wr_stages stages;
    struct wr_source source;
    AVFrame *like;
};

// After a failure, too, close_trial is due.
static enum wr_status open_trial(struct trial *trial, const struct wr_request *request,
                                 const struct picture *picture, struct wr_error *error)
{
    *trial = (struct trial){.source = {.file = avformat_alloc_context()}, .like = av_frame_alloc()};
    const struct wr_stages_terms terms = {.source = &trial->source, .frames = 1}; // says nothing
    if (!trial->like || !trial->source.file)
        return WR_FAILED;
    const struct wr_stream stream = describe(picture, trial->like);
    return wr_stages_open(&trial->stages, request, NULL, &stream, &terms, error);
}

static void close_trial(struct trial *trial)
{
    wr_stages_close(&trial->stages);
    av_frame_free(&trial->like);
    avformat_free_context(trial->source.file);
}

// Whether one picture could be made. *by_encoder: it is a setting that its encoder refuses; RGB may
// have another one, which says so in other words.
static enum wr_status try_picture(const struct wr_request *request, const struct picture *picture,
                                  bool *by_encoder, struct wr_error *error)
{
    struct trial trial;
    *by_encoder = false;
    enum wr_status status = open_trial(&trial, request, picture, error);
    if (!status && request->options->output)
        status = try_output(request, &trial.stages.out, picture, by_encoder, error);
    close_trial(&trial);
    return status;
}

// Whether the devices take the smallest picture, if the chain does.
static enum wr_status try_devices(const struct wr_engine_options *engine,
                                  const struct wr_request *request, struct wr_error *error)
{
    struct trial trial;
    enum wr_status status = open_trial(&trial, request, &smallest, NULL);
    status = status ? WR_OK : wr_device_check(engine, &trial.stages, error);
    close_trial(&trial);
    return status;
}

static enum wr_status try_pictures(const struct wr_request *request, struct wr_error *error)
{
    for (int n = 0; n < PICTURES; n++) {
        struct wr_error wrong;
        bool by_encoder;
        if (try_picture(request, &pictures[n], &by_encoder, &wrong) != WR_USAGE ||
            (n && !by_encoder && strcmp(wrong.text, error->text)))
            return WR_OK;
        *error = n ? *error : wrong;
    }
    return WR_USAGE;
}

// The encoder of any picture; NULL where there is none.
static const AVCodec *find_encoder(const struct wr_request *request)
{
    const struct wr_writer_options options = wr_job_writer_options(request);
    struct wr_output_plan plan;
    const AVCodec *encoder = NULL;
    AVFrame *like = av_frame_alloc();
    const struct wr_stream stream = like ? describe(&pictures[0], like) : (struct wr_stream){0};
    if (like && options.output && !wr_output_plan_begin(&plan, &options, NULL))
        (void)wr_output_plan_find_encoder(&encoder, &plan, &options, &stream, NULL);
    av_frame_free(&like);
    return encoder;
}

// A container and an encoder that there are, where they are named, and what becomes of the sound.
static enum wr_status check_output(const struct wr_request *request, struct wr_error *error)
{
    const struct wr_job_options *options = request->options;
    const char *codec = options->codec;
    const struct wr_writer_options writer = wr_job_writer_options(request);
    struct wr_output_plan plan = {.container = NULL};
    const AVCodec *encoder;
    enum wr_status status = WR_OK;
    if (options->output)
        status = wr_output_plan_make_copy(&plan, &writer, NULL, error);
    else if (options->format)
        status = wr_find_container(&plan.container, options->format, options->output, error);
    if (!status && codec && strcmp(codec, "copy") != 0)
        status = wr_find_encoder(&encoder, AVMEDIA_TYPE_VIDEO, codec, error);
    return status || !options->output || options->no_audio
               ? status
               : wr_sound_check(plan.sounds, &request->chain.sound, error);
}

// Further inputs are the same for all jobs. Those that are named as files have to be there.
static enum wr_status find_further(const struct wr_job_options *options, struct wr_error *error)
{
    for (int n = 0; n < wr_further_count(options); n++) {
        const char *const name = options->inputs[n];
        struct wr_input input;
        struct stat status;
        const bool has_format = !wr_input_read(&input, options, n + 1, NULL) && input.format;
        wr_input_close(&input);
        const bool is_path = !has_format && strcmp(name, "-") && !strpbrk(name, ":%*?");
        if (is_path && stat(name, &status))
            return wr_fail(error, WR_USAGE, "cannot read %s: %s", name, strerror(errno));
    }
    return WR_OK;
}

// Where reading begins and ends. A start that counts from the end of a file is not known here.
static enum wr_status check_times(const struct wr_request *request, struct wr_error *error)
{
    const struct wr_job_options *options = request->options;
    const bool is_of_frames = !wr_request_copies(request) && !wr_request_ends_behind(request);
    struct wr_source source = {
        .file = avformat_alloc_context(),
        .start = options->start,
        .to = options->to,
        .duration = is_of_frames ? options->duration : NULL,
    };
    int64_t start;
    const enum wr_status status = source.file ? wr_read_times(&source, &start, error) : WR_OK;
    avformat_free_context(source.file);
    return status == WR_USAGE ? status : WR_OK;
}

static enum wr_status check_key_frames(const struct wr_request *request, struct wr_error *error)
{
    const struct wr_writer_options options = wr_job_writer_options(request);
    struct wr_key_frames keys;
    const enum wr_status status = wr_key_frames_open(&keys, &options, error);
    wr_key_frames_close(&keys);
    return status;
}

// Filters that read a file a second time are told what an input will say of it.
static enum wr_status find_nothing(const struct wr_chain_files *files, int number,
                                   enum AVMediaType type, struct wr_chain_file *file,
                                   struct wr_error *error)
{
    (void)number, (void)type, (void)error;
    const struct wr_job_options *options = files->from;
    *file = (struct wr_chain_file){.name = options->input ? options->input : "-", .end = INFINITY};
    return WR_OK;
}

static enum wr_status check_request(struct wr_request *request, struct wr_error *error)
{
    const struct wr_job_options *options = request->options;
    struct wr_chain_files files = wr_chain_files(options);
    files.find = find_nothing;
    enum wr_status status = wr_request_open_files(request, options, &files, error);
    if (!status)
        status = wr_inputs_check(request, error);
    if (!status)
        status = find_further(options, error);
    if (!status)
        status = check_output(request, error);
    if (!status)
        status = check_times(request, error);
    if (!status)
        status = wr_request_copies(request) ? wr_copy_job_check(request, error)
                                            : check_key_frames(request, error);
    return status;
}

// Runs the chain over blank pictures. A chain that takes further inputs is not tried: that would
// open them, and some, such as pipes, can be opened only once.
static enum wr_status check_pictures(const struct wr_engine_options *engine,
                                     const struct wr_request *request, struct wr_error *error)
{
    if (wr_request_copies(request) || request->chain.drawn || wr_further_count(request->options))
        return WR_OK;
    const enum wr_status status = try_pictures(request, error);
    return status || !engine ? status : try_devices(engine, request, error);
}

static enum wr_status check_device(const char *names, struct wr_error *error)
{
    struct wr_device_list list;
    enum wr_status status = wr_device_list_read(&list, wr_executor_candidate(names, 0), error);
    for (int n = 0; n < list.count && !status; n++)
        status = wr_executor_check(list.names[n], error);
    return status;
}

enum wr_status wr_job_check(const struct wr_engine_options *engine,
                            const struct wr_job_options *job, struct wr_error *error)
{
    struct wr_job_options options = *job;
    struct wr_request request = {.options = &options};
    struct wr_error unused;
    error = error ? error : &unused;
    enum wr_status status = engine ? check_device(engine->device, error) : WR_OK;
    if (!status && options.expect)
        status = wr_expect_complete(&options, error);
    if (!status)
        status = check_request(&request, error);
    status = status == WR_USAGE ? status : WR_OK;
    if (!status)
        status = check_pictures(engine, &request, error);
    wr_request_close(&request);
    return status;
}

// How many threads the encoder is given, 0 for as many as it likes.
static int threads_of_encoder(const struct wr_job_options *job)
{
    static const char name[] = "threads=";
    int threads = job->threads;
    for (const char *const *pair = job->encoder_options; pair && *pair; pair++)
        if (!strncmp(*pair, name, strlen(name)))
            threads = atoi(*pair + strlen(name));
    return threads;
}

int wr_job_keeps_busy(const struct wr_job_options *job)
{
    struct wr_job_options options = *job;
    struct wr_request request = {.options = &options};
    const AVCodec *encoder =
        wr_request_open(&request, &options, NULL) ? NULL : find_encoder(&request);
    const int threads = threads_of_encoder(job);
    const int busy = encoder ? wr_encoder_keeps_busy(encoder) : WITHOUT_ENCODER;
    wr_request_close(&request);
    return threads > 0 && threads < busy ? threads : busy;
}
