// SPDX-License-Identifier: MIT
// Fills batches, pads those that are not full, and pairs output frames with input frames.
#include "lib/run/batches/batch.h"

#include <stdlib.h>
#include <string.h>

#include "lib/media/compat.h"

static struct wr_image image_of(const AVFrame *frame)
{
    struct wr_image image = {0};
    for (int p = 0; p < WR_MAX_PLANES; p++) {
        image.data[p] = frame->data[p];
        image.pitch[p] = frame->linesize[p];
    }
    return image;
}

enum wr_status wr_frames_open(struct wr_frames *frames, const struct wr_program *program, int size,
                              int portion, struct wr_error *error)
{
    *frames = (struct wr_frames){.program = program, .size = size, .portion = portion};
    frames->rows = 2 * portion < size ? 2 * portion : size;
    if (program->value_count)
        frames->values =
            calloc((size_t)frames->rows * (size_t)program->value_count, sizeof *frames->values);
    if (program->value_count && !frames->values)
        return wr_fail(error, WR_FAILED, "out of memory");
    return WR_OK;
}

bool wr_frames_has_room(const struct wr_frames *frames)
{
    return frames->valid < frames->size && frames->valid - frames->end < frames->portion;
}

bool wr_frames_is_complete(const struct wr_frames *frames)
{
    return frames->valid > frames->end && !wr_frames_has_room(frames);
}

// The numbers of frame n. Portions begin at multiples of their size, so that those of one portion
// are next to one another.
static union wr_value *values_of(const struct wr_frames *frames, int n)
{
    return frames->values + (size_t)(n % frames->rows) * (size_t)frames->program->value_count;
}

void wr_frames_add(struct wr_frames *frames, const struct wr_slot *slot,
                   const union wr_value *values)
{
    const size_t count = (size_t)frames->program->value_count;
    if (count)
        memcpy(values_of(frames, frames->valid), values, count * sizeof *values);
    frames->slots[frames->valid++] = *slot;
}

bool wr_frames_has(const struct wr_frames *frames, const struct wr_feed *feed)
{
    for (int n = 0; n < frames->valid; n++)
        if (frames->slots[n].feed == feed)
            return true;
    return false;
}

void wr_frames_drop(struct wr_frames *frames, const struct wr_feed *feed)
{
    const size_t count = (size_t)frames->program->value_count;
    int kept = frames->end;
    for (int n = 0; n < frames->end; n++)
        if (frames->slots[n].feed == feed)
            frames->slots[n].feed = NULL;
    for (int n = frames->end; n < frames->valid; n++) {
        if (frames->slots[n].feed == feed) {
            av_frame_free(&frames->slots[n].in);
            av_frame_free(&frames->slots[n].copy);
            continue;
        }
        if (count && kept < n)
            memcpy(values_of(frames, kept), values_of(frames, n), count * sizeof *frames->values);
        frames->slots[kept++] = frames->slots[n];
    }
    frames->valid = kept;
}

void wr_frames_begin(struct wr_frames *frames)
{
    frames->end = frames->valid;
}

static void carry_properties(AVFrame *out, const AVFrame *in, const struct wr_format *format)
{
    out->width = format->width;
    out->height = format->height;
    out->sample_aspect_ratio = (AVRational){format->sar_num, format->sar_den};
    const struct wr_color color = wr_format_color(format);
    out->color_range = color.range;
    out->colorspace = color.matrix;
    out->chroma_location = (enum AVChromaLocation)format->chroma_location;
    if (format->rows == WR_ROWS_SWAPPED && wr_frame_interlaced(in))
        wr_frame_set_top_first(out, !wr_frame_top_first(in));
    out->crop_left = out->crop_right = out->crop_top = out->crop_bottom = 0;
    out->pict_type = AV_PICTURE_TYPE_NONE; // the encoder chooses its own
    out->pts = in->pts;
}

// Gives the output the planes that no pass computes.
static bool hand_over(const struct wr_frames *frames, const struct wr_slot *slot)
{
    const struct wr_program *program = frames->program;
    const struct wr_format *format = &program->output.format;
    for (int p = 0; p < wr_format_planes(format); p++) {
        const struct wr_plane *plane = &program->output.plane[p];
        if (wr_program_hands_over(program, p) &&
            !wr_frame_share(slot->out, p, slot->in, program->buffers[plane->buffer].plane, plane,
                            wr_format_bytes(format)))
            return false;
    }
    return true;
}

static enum wr_status prepare(struct wr_frames *frames, int n)
{
    struct wr_slot *slot = &frames->slots[n];
    slot->out = wr_frame_pool_get(slot->pool);
    if (!slot->out || av_frame_copy_props(slot->out, slot->in) < 0 || !hand_over(frames, slot))
        return WR_FAILED;
    carry_properties(slot->out, slot->in, &frames->program->output.format);
    frames->in_images[n] = image_of(slot->copy ? slot->copy : slot->in);
    frames->out_images[n] = image_of(slot->out);
    return WR_OK;
}

// Only the last portion of a batch is not full. Nothing reads the rest of the batch behind it.
static void pad(struct wr_frames *frames)
{
    const size_t count = (size_t)frames->program->value_count;
    const int end = frames->done + frames->portion;
    for (int n = frames->end; n < end && n < frames->size; n++) {
        frames->in_images[n] = frames->in_images[n - 1];
        if (count)
            memcpy(values_of(frames, n), values_of(frames, n - 1), count * sizeof *frames->values);
    }
}

enum wr_status wr_frames_seal(struct wr_frames *frames, struct wr_error *error)
{
    const struct wr_format *const format = &frames->program->output.format;
    for (int n = frames->done; n < frames->end; n++)
        if (prepare(frames, n))
            return wr_fail(error, WR_FAILED, "out of memory for frames of %dx%d", format->width,
                           format->height);
    pad(frames);
    frames->batch =
        (struct wr_batch){.size = frames->size,
                          .valid = frames->end,
                          .first = frames->done,
                          .in = frames->in_images,
                          .out = frames->out_images,
                          .values = frames->values ? values_of(frames, frames->done) : NULL,
                          .number = frames->number};
    return WR_OK;
}

void wr_frames_reset(struct wr_frames *frames)
{
    for (int n = 0; n < frames->valid; n++) {
        av_frame_free(&frames->slots[n].in);
        av_frame_free(&frames->slots[n].copy);
        av_frame_free(&frames->slots[n].out);
    }
    frames->valid = frames->done = frames->end = 0;
}

void wr_frames_close(struct wr_frames *frames)
{
    wr_frames_reset(frames);
    free(frames->values);
    frames->values = NULL;
}
