// SPDX-License-Identifier: MIT
// Notices where the labels of frames change in mid-stream.
#include "lib/input/labels.h"

#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
#include <math.h>
#include <stdio.h>

#include "lib/input/source.h"
#include "lib/media/compat.h"

enum { LONGEST = 32 };

static void print_shape(char *text, const AVFrame *frame)
{
    const AVRational shape = frame->sample_aspect_ratio;
    snprintf(text, LONGEST, "%d:%d", shape.num ? shape.num : 1, shape.num ? shape.den : 1);
}

// "" for what the frame does not say.
static void print_name(char *text, const char *name, bool known)
{
    snprintf(text, LONGEST, "%s", name && known ? name : "");
}

static void print_primaries(char *text, const AVFrame *frame)
{
    print_name(text, av_color_primaries_name(frame->color_primaries),
               frame->color_primaries != AVCOL_PRI_UNSPECIFIED);
}

static void print_transfer(char *text, const AVFrame *frame)
{
    print_name(text, av_color_transfer_name(frame->color_trc),
               frame->color_trc != AVCOL_TRC_UNSPECIFIED);
}

// Where nothing is said, readers expect chroma at the left.
static void print_location(char *text, const AVFrame *frame)
{
    const bool is_known = frame->chroma_location != AVCHROMA_LOC_UNSPECIFIED;
    print_name(text, is_known ? av_chroma_location_name(frame->chroma_location) : "left", true);
}

static void print_rotation(char *text, const AVFrame *frame)
{
    const AVFrameSideData *matrix = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
    const double degrees = matrix ? av_display_rotation_get((const int32_t *)matrix->data) : 0;
    snprintf(text, LONGEST, "%.0f degrees", isnan(degrees) ? 0 : degrees + 0.0);
}

static void print_dynamic(char *text, const AVFrame *frame)
{
    const bool has = av_frame_get_side_data(frame, AV_FRAME_DATA_DYNAMIC_HDR_PLUS) != NULL;
    snprintf(text, LONGEST, "%s", has ? "HDR10+" : "none");
}

static const struct {
    const char *name;
    void (*print)(char *text, const AVFrame *frame);
} labels[] = {
    {"the shape of pixels", print_shape},   {"the set of primaries", print_primaries},
    {"the transfer curve", print_transfer}, {"the place of chroma", print_location},
    {"the rotation", print_rotation},       {"the dynamic metadata", print_dynamic},
};

void wr_changes_of_label_tell(unsigned *told, const struct wr_source *source, const AVFrame *frame,
                              const struct wr_log *log)
{
    for (unsigned n = 0; n < sizeof labels / sizeof *labels; n++) {
        char first[LONGEST], now[LONGEST];
        labels[n].print(first, source->first);
        labels[n].print(now, frame);
        if (*told & 1u << n || !*now || !strcmp(first, now))
            continue; // frames need not repeat what the first one has said
        if (!*first)
            snprintf(first, LONGEST, "unknown");
        *told |= 1u << n;
        wr_say(log, WR_LOG_LOSS,
               "%s of %s changes from %s to %s at %.3f s; the output says %s throughout",
               labels[n].name, source->name, first, now,
               (double)frame->pts * av_q2d(frame->time_base), first);
    }
}
