// SPDX-License-Identifier: MIT
// Tries what is asked on pictures of several sizes and formats that nobody has: what is refused for
// all of them with the same words is not the pictures' fault.
#include "lib/run/job_check.h"

#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <math.h>
#include <string.h>

#include "lib/chain/segments.h"
#include "lib/engine/devices.h"
#include "lib/input/source.h"
#include "lib/output/check_settings.h"
#include "lib/output/containers.h"
#include "lib/output/output_plan.h"
#include "lib/output/settings.h"
#include "lib/run/device_list.h"
#include "lib/run/expect.h"
#include "lib/run/job_stages.h"
#include "lib/run/stages.h"

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
    struct wr_output_plan plan;
    const enum wr_status status =
        wr_output_plan_make(&plan, &options, stream, picture->pix_fmt, error);
    *by_encoder = !status;
    return status ? status : try_settings(&plan, &options, error);
}

// Whether one picture could be made. *by_encoder: it is a setting that its encoder refuses; RGB may
// have another one, which says so in other words.
static enum wr_status try_picture(const struct wr_request *request, const struct picture *picture,
                                  bool *by_encoder, struct wr_error *error)
{
    struct wr_stages stages = {.count = 0};
    struct wr_source source = {.file = avformat_alloc_context()};
    const struct wr_stages_terms terms = {.source = &source, .frames = 1}; // says nothing
    AVFrame *like = av_frame_alloc();
    enum wr_status status = like && source.file ? WR_OK : WR_FAILED;
    *by_encoder = false;
    if (!status) {
        const struct wr_stream stream = describe(picture, like);
        status = wr_stages_open(&stages, request, NULL, &stream, &terms, error);
    }
    if (!status && request->options->output)
        status = try_output(request, &stages.out, picture, by_encoder, error);
    wr_stages_close(&stages);
    av_frame_free(&like);
    avformat_free_context(source.file);
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

// A container and an encoder that there are, where they are named, and the rest with them.
static enum wr_status check_output(const struct wr_request *request, struct wr_error *error)
{
    const struct wr_job_options *options = request->options;
    const char *codec = options->codec;
    const AVOutputFormat *container;
    const AVCodec *encoder;
    enum wr_status status = WR_OK;
    if (options->format || options->output)
        status = wr_find_container(&container, options->format, options->output, error);
    if (!status && codec && strcmp(codec, "copy") != 0)
        status = wr_find_encoder(&encoder, AVMEDIA_TYPE_VIDEO, codec, error);
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
    const struct wr_chain_files files = {options, 1 + wr_further_count(options), find_nothing};
    enum wr_status status =
        wr_segments_open_files(&request->chain, options->chain, files.count, &files, error);
    if (!status)
        status = check_output(request, error);
    const bool is_of_sound = options->output && !options->codec && !request->chain.count &&
                             wr_container_is_of_sound(options->format, options->output);
    // Further inputs would be opened, and there may be no second time for that.
    const bool can_be_tried =
        !wr_request_copies(request) && !request->chain.drawn && !is_of_sound && files.count == 1;
    return status || !can_be_tried ? status : try_pictures(request, error);
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
    wr_request_close(&request);
    return status == WR_USAGE ? status : WR_OK;
}
