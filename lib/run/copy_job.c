// SPDX-License-Identifier: MIT
// Copies packets from the inputs to the output.
#include "lib/run/copy_job.h"

#include <stdio.h>
#include <string.h>

#include "lib/input/packets_open.h"
#include "lib/input/source_facts.h"
#include "lib/output/writer_finish.h"
#include "lib/output/writer_open.h"
#include "lib/run/job_end.h"
#include "lib/run/job_stages.h"

// ---- opening

enum wr_status wr_copy_job_check(const struct wr_request *request, struct wr_error *error)
{
    const struct wr_job_options *options = request->options;
    const char *why = options->no_video ? "there is no video in the output" : "the video is copied";
    const char *asked = request->chain.count ? options->chain
                        : options->expect    ? "a comparison"
                        : options->chunk     ? "encoding in pieces"
                                             : NULL;
    return asked ? wr_fail(error, WR_USAGE, "%s is not possible where %s", asked, why) : WR_OK;
}

// Says which options change nothing.
static void tell_unused(struct wr_job *job)
{
    const struct wr_job_options *options = &job->options;
    const char *names[] = {
        options->size ? "--size" : "",
        options->rate ? "--rate" : "",
        wr_request_pix_fmt(&job->request) ? "--pix-fmt" : "",
        options->quality ? "--quality" : "",
        options->preset ? "--preset" : "",
        options->encoder_options && *options->encoder_options ? "--encoder-option" : "",
        options->pass ? "--pass" : "",
        options->key_frames ? "--key-frames" : "",
    };
    char sentence[256] = "";
    size_t length = 0;
    for (size_t n = 0; n < sizeof names / sizeof *names; n++)
        if (*names[n])
            length += (size_t)snprintf(sentence + length, sizeof sentence - length, "%s%s",
                                       length ? ", " : "", names[n]);
    if (length)
        snprintf(sentence + length, sizeof sentence - length,
                 ": changes nothing, since no video is encoded");
    wr_notes_say(&job->notes, WR_LOG_WARNING, sentence);
}

static enum wr_status open_packets(struct wr_job *job, struct wr_error *error)
{
    struct wr_reader_options options =
        wr_job_reader_options(&job->request, &job->inputs, wr_queue_finished(job->queues[0]));
    options.start = job->options.start;
    options.skip = job->options.skip;
    options.duration = job->options.duration;
    options.filters_sound = wr_request_filters_sound(&job->request);
    options.encodes_sound = wr_request_encodes_sound(&job->request);
    options.sound_never_ends = job->request.sound_never_ends;
    options.frames = job->options.frames;
    options.sound_is_made = &job->sound_is_made;
    const enum wr_status status = wr_packets_open(&job->packets, &options, error);
    if (status)
        return status;
    const struct wr_source *source = wr_packets_source(job->packets);
    wr_source_describe(source, &job->report.input);
    job->progress.frames_total = wr_source_frames(source);
    job->progress.duration = wr_source_duration(source);
    return WR_OK;
}

static enum wr_status open_writer(struct wr_job *job, struct wr_error *error)
{
    const struct wr_source *source = wr_packets_source(job->packets);
    const struct wr_ahead ahead = wr_packets_ahead(job->packets);
    struct wr_writer_options options = wr_job_writer_options(&job->request);
    struct wr_output_plan plan;
    options.sound_is_made = &job->sound_is_made;
    options.log = (struct wr_log){wr_notes_say, &job->notes};
    const enum wr_status status = wr_output_plan_make_copy(
        &plan, &options, source->video ? source->video->codecpar : NULL, error);
    return status ? status
                  : wr_writer_open_copy(&job->writer, &plan, &options, source, &ahead, &job->report,
                                        wr_cause_is_given_up, &job->cause, error);
}

enum wr_status wr_copy_open(struct wr_job *job, struct wr_error *error)
{
    enum wr_status status = wr_copy_job_check(&job->request, error);
    if (!status)
        status = open_packets(job, error);
    if (!status)
        status = wr_packets_look_ahead(job->packets, error);
    if (!status)
        status = open_writer(job, error);
    if (!status) {
        job->report.chain = "";
        tell_unused(job);
    }
    return status ? status : wr_notes_check_losses(&job->notes, error);
}

// ---- running

// Says why nothing of the video was copied.
static enum wr_status fail_empty(const struct wr_job *job, struct wr_error *error)
{
    const struct wr_job_options *options = &job->options;
    return options->skip
               ? wr_fail(
                     error, WR_FAILED,
                     "%s: the part has no key frame, with which a copied video begins: -ss "
                     "before -i (--start) begins with the one before, and encoding at any frame",
                     options->input)
               : wr_fail(error, WR_FAILED, "%s: no packet of the video could be read from there%s",
                         options->input,
                         strcmp(options->input, "-") ? "" : ", since a pipe cannot go back");
}

// Copies one packet; WR_END after the last.
static int copy_next(struct wr_job *job, struct wr_error *error)
{
    const struct wr_source *source = wr_packets_source(job->packets);
    struct wr_message message;
    const double begun = wr_now();
    int status = wr_packets_next(job->packets, &message, error);
    wr_stage_account(&job->report.seconds_decode, job->reader_track, status ? "end" : "demux",
                     begun, NULL, 0);
    if (status)
        return status;
    job->report.frames_in +=
        !message.is_end && source->streams[message.packet->stream_index].av == source->video;
    const double read = wr_now();
    status = wr_writer_send(job->writer, &message, error);
    wr_stage_account(&job->report.seconds_encode, job->writer_track, "mux", read, NULL, 0);
    if (status)
        wr_message_drop(&message);
    wr_job_tell_progress(job);
    return !status && wr_writer_is_full(job->writer) ? WR_END : status;
}

enum wr_status wr_copy_run(struct wr_job *job, struct wr_error *error)
{
    struct wr_error failure = {0};
    int status = WR_OK;
    job->started = wr_now();
    while (!status && !wr_queue_status(job->queues[0]))
        status = copy_next(job, &failure);
    if (failure.status && failure.status != WR_INTERRUPTED)
        wr_cause_note(&job->cause, &failure);
    const bool has_video = wr_packets_source(job->packets)->video != NULL;
    if (status == WR_END && has_video && !job->report.frames_in && job->options.frames) {
        status = fail_empty(job, &failure);
        wr_cause_note(&job->cause, &failure);
    }
    const bool keeps = job->options.keep_partial && !wr_cause_is_given_up(&job->cause);
    wr_job_complete_report(job);
    const enum wr_status result = wr_job_conclude(job, keeps ? WR_END : status, error);
    job->report.seconds_total = wr_now() - job->started;
    return result;
}
