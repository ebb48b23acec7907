// SPDX-License-Identifier: MIT
// Acts on what a probe of the output has found.
#include "lib/output/trial/keep.h"

#include <libavutil/avstring.h>
#include <stdio.h>

#include "lib/output/language.h"
#include "lib/output/selection.h"

// Replaces streams that cannot be read; true if there was one.
static bool replace_unreadable(struct wr_selection *selection, const struct wr_probe *probe,
                               struct wr_report *report)
{
    bool replaced = false;
    for (int i = 0; i < selection->source->stream_count; i++) {
        if (!probe->streams[i].unreadable)
            continue;
        wr_selection_replace(selection, i, report);
        replaced = true;
    }
    return replaced;
}

// Spells languages in the other way where the container does not know them; true if there was one.
// One that it knows in neither way stays as it is.
static bool respell(struct wr_selection *selection, const struct wr_probe *probe)
{
    bool changed = false;
    for (int i = 0; i < selection->source->stream_count; i++) {
        const AVDictionary *tags = selection->source->streams[i].av->metadata;
        const AVDictionaryEntry *tag = av_dict_get(tags, "language", NULL, 0);
        const char *other = tag ? wr_language_respelled(tag->value) : NULL;
        const char **language = &selection->routes[i].language;
        if (!probe->streams[i].loses_language || !other || *language == tag->value)
            continue;
        *language = *language ? tag->value : other;
        changed = true;
    }
    return changed;
}

// Shifts streams against the shift that was found; true if there was one.
static bool shift_back(struct wr_selection *selection, const struct wr_probe *probe)
{
    bool shifted = false;
    for (int i = 0; i < selection->source->stream_count; i++) {
        selection->routes[i].shift = -probe->streams[i].shift;
        shifted |= probe->streams[i].shift != 0;
    }
    return shifted;
}

// Whether streams start at other times, and the container has options with which they need not.
static bool take_start_options(struct wr_selection *selection, const struct wr_probe *probe)
{
    bool starts_differ = probe->first_is_early > 0;
    for (int i = 0; i < selection->source->stream_count; i++)
        starts_differ |= probe->streams[i].shift != 0;
    const char *options = selection->plan->container_row->start_options;
    if (!starts_differ || !options)
        return false;
    selection->start_options = options;
    return true;
}

static void tell_silence(const struct wr_selection *selection, int index, int64_t duration)
{
    wr_say(&selection->options->log, WR_LOG_WARNING,
           "stream %d begins with %.3f s of silence: %s cannot hold when a stream starts", index,
           (double)duration / AV_TIME_BASE, selection->plan->container->name);
}

// Whether sound that begins so long before time 0 is nearer to its place without its first packet.
static bool is_packet_too_early(const struct wr_selection *selection, int index, int64_t early)
{
    const struct wr_converter *converter = selection->routes[index].converter;
    AVCodecParameters *copied = selection->source->streams[index].av->codecpar;
    const int samples =
        converter ? converter->encoder->frame_size : av_get_audio_frame_duration2(copied, 0);
    const int rate = converter ? converter->encoder->sample_rate : copied->sample_rate;
    return rate > 0 && early > av_rescale(samples, AV_TIME_BASE, rate) / 2;
}

// A container that begins all streams at once takes no shift either. There, what only leads up to
// time 0 is left out, and sound that begins later gets silence before it, if it is encoded anew.
static bool begin_at_zero(struct wr_selection *selection, const struct wr_probe *probe)
{
    bool changed = false;
    for (int i = 0; i < selection->source->stream_count; i++) {
        struct wr_stream_route *route = &selection->routes[i];
        const int64_t shift = probe->streams[i].shift;
        if (!shift)
            continue;
        route->shift = 0;
        if (shift > 0 && !route->from_zero && is_packet_too_early(selection, i, shift))
            changed = route->from_zero = true;
        else if (shift < 0 && probe->streams[i].first > 0 && wr_selection_can_fill(selection, i) &&
                 wr_selection_fill(selection, i)) {
            changed = true;
            tell_silence(selection, i, probe->streams[i].first);
        }
    }
    return changed;
}

// Sound that ends before the pictures would end these in some containers: silence follows it.
static void fill_sound(struct wr_selection *selection)
{
    for (int i = 0; i < selection->source->stream_count; i++)
        if (selection->plan->container_row->needs_sound && selection->routes[i].chosen &&
            wr_selection_can_fill(selection, i))
            wr_selection_fill(selection, i);
}

// Shorter ones are not noticed: MPEG's own sound begins in steps of 24 thousandths.
enum { NOTICEABLE = 20000 }; // in AV_TIME_BASE

static void tell_shifts(const struct wr_selection *selection, const struct wr_probe *probe)
{
    if (probe->first_is_early > 0)
        wr_say(&selection->options->log, WR_LOG_LOSS,
               "the first picture is %.3f s early: %s cannot hold when a stream starts",
               (double)probe->first_is_early / AV_TIME_BASE, selection->plan->container->name);
    for (int i = 0; i < selection->source->stream_count; i++) {
        const int64_t shift = probe->streams[i].shift;
        if (llabs(shift) > NOTICEABLE)
            wr_say(&selection->options->log, WR_LOG_LOSS,
                   "stream %u is %.3f s %s against the pictures: %s cannot hold when a "
                   "stream starts",
                   i, (double)llabs(shift) / AV_TIME_BASE, shift < 0 ? "early" : "late",
                   selection->plan->container->name);
    }
}

// Whoever asks for a video does not ask for what animations have.
static void tell_plays(const struct wr_selection *selection, const char *name)
{
    char often[32] = "forever";
    if (selection->source->plays)
        snprintf(often, sizeof often, "%d times", selection->source->plays);
    wr_say(&selection->options->log, WR_LOG_WARNING,
           "%s does not keep that the animation repeats: it plays %s", name, often);
}

enum { OUTPUT_NAME = 96 };

// "avi with mpeg4", "avi with copied video" or "wav".
static const char *name_output(char *text, size_t size, const struct wr_selection *selection)
{
    const struct wr_output_plan *plan = selection->plan;
    snprintf(text, size, "%s%s%s", plan->container->name, selection->source->video ? " with " : "",
             plan->codec                ? plan->codec->name
             : selection->source->video ? "copied video"
                                        : "");
    return text;
}

// Blank pictures need no blending, so a trial does not find this.
static void tell_unblended(const struct wr_selection *selection)
{
    const struct wr_output_plan *plan = selection->plan;
    const char *unblended = plan->encoder_row->unblended;
    const char *format = av_get_pix_fmt_name(plan->pix_fmt);
    if (plan->codec && unblended && av_match_list(format, unblended, '|'))
        wr_say(&selection->options->log, WR_LOG_LOSS,
               "FFmpeg's decoder may not show the pictures after the first of %s in %s; "
               "--pix-fmt with 8 bits is shown everywhere",
               plan->codec->name, format);
}

static void tell_losses(const struct wr_selection *selection, const struct wr_probe *probe)
{
    char name[OUTPUT_NAME];
    const struct wr_log *log = &selection->options->log;
    const struct wr_output_plan *plan = selection->plan;
    name_output(name, sizeof name, selection);
    // Whoever asks for pictures, for an animation of them or for bare frames, does not ask for what
    // videos have.
    const bool is_plain = plan->container_row->converts || plan->container_row->says_nothing;
    const enum wr_log_level level = is_plain ? WR_LOG_WARNING : WR_LOG_LOSS;
    if (probe->is_unknown || probe->is_unreadable)
        wr_say(log, level, "FFmpeg cannot read %s again, so what it keeps is not known", name);
    if (probe->loses_pace && !probe->is_unreadable)
        wr_say(log, level, "%s does not keep the times of frames", name);
    if (probe->loses_range && !probe->is_unreadable)
        wr_say(log, level,
               "%s cannot say that samples have full range, so players will take them for limited",
               name);
    tell_unblended(selection);
    if (probe->loses_plays)
        tell_plays(selection, name);
    // That is what pictures do have.
    if (probe->loses_profile)
        wr_say(log, WR_LOG_LOSS, "%s does not keep the ICC profile", name);
    const bool is_one = level == WR_LOG_LOSS && probe->look_losses[0] && probe->losses[0];
    if (probe->look_losses[0])
        wr_say(log, WR_LOG_LOSS, "%s does not keep %s%s%s", name, probe->look_losses,
               is_one ? ", " : "", is_one ? probe->losses : "");
    if (probe->losses[0] && !is_one)
        wr_say(log, level, "%s does not keep %s", name, probe->losses);
    for (int i = 0; i < selection->source->stream_count; i++)
        if (probe->streams[i].losses[0])
            wr_say(&selection->options->log, WR_LOG_LOSS, "stream %u: %s does not keep its %s", i,
                   plan->container->name, probe->streams[i].losses);
}

static enum wr_status refuse_misread(const struct wr_selection *selection, struct wr_error *error)
{
    const struct wr_output_plan *plan = selection->plan;
    const int pix_fmt =
        plan->codec ? (int)plan->pix_fmt : selection->source->video->codecpar->format;
    return wr_fail(error, WR_FAILED,
                   "%s cannot say that raw frames are %s, so nothing could read them: take "
                   "another --pix-fmt or --codec",
                   plan->container->name, av_get_pix_fmt_name(pix_fmt));
}

// An output that nobody can read is not made.
static enum wr_status refuse_unreadable(const struct wr_selection *selection,
                                        struct wr_error *error)
{
    const struct wr_output_plan *plan = selection->plan;
    if (!plan->codec)
        return wr_fail(error, WR_USAGE,
                       "nothing could read the pictures (%s) in %s if they were copied as they "
                       "are: choose another container, or an encoder instead of copy",
                       avcodec_get_name(selection->source->video->codecpar->codec_id),
                       plan->container->name);
    const AVCodec *usual = avcodec_find_encoder(plan->holder->video_codec);
    return wr_fail(error, WR_USAGE,
                   "nothing could read the pictures of %s in %s: choose another container, or "
                   "another --codec%s%s",
                   plan->codec->name, plan->container->name, usual ? " such as " : "",
                   usual ? usual->name : "");
}

static enum wr_status probe_again(struct wr_probe *probe, const struct wr_selection *selection,
                                  const struct wr_ahead *ahead, struct wr_error *error)
{
    wr_probe_close(probe);
    return wr_probe_open(probe, selection, ahead, error);
}

enum wr_status wr_keep_what_is_found(struct wr_selection *selection, const struct wr_ahead *ahead,
                                     struct wr_report *report, struct wr_error *error)
{
    struct wr_probe probe = {0};
    enum wr_status status = probe_again(&probe, selection, ahead, error);
    const struct wr_output_plan *plan = selection->plan;
    if (!status && !plan->codec && (probe.is_unreadable || probe.is_unknown)) {
        selection->headers_in_packets = true;
        status = probe_again(&probe, selection, ahead, error);
    }
    if (!status && probe.misreads_raw && !plan->container_row->says_nothing)
        status = refuse_misread(selection, error);
    else if (!status && probe.is_unreadable && !plan->container_row->says_nothing)
        status = refuse_unreadable(selection, error);
    // A stream is replaced twice at most: it is converted, and then left out.
    while (!status && replace_unreadable(selection, &probe, report))
        status = probe_again(&probe, selection, ahead, error);
    while (!status && respell(selection, &probe))
        status = probe_again(&probe, selection, ahead, error);
    if (!status && take_start_options(selection, &probe))
        status = probe_again(&probe, selection, ahead, error);
    if (!status && shift_back(selection, &probe))
        status = probe_again(&probe, selection, ahead, error);
    while (!status && begin_at_zero(selection, &probe))
        status = probe_again(&probe, selection, ahead, error);
    if (!status)
        fill_sound(selection);
    selection->loses_last_duration = probe.loses_last_duration;
    selection->loses_captions = probe.loses_captions;
    selection->loses_fields = probe.loses_fields;
    if (!status) {
        tell_shifts(selection, &probe);
        tell_losses(selection, &probe);
    }
    wr_probe_close(&probe);
    return status;
}
