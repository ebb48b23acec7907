// SPDX-License-Identifier: MIT
// Reads HDR10's side data of a source and prints it as encoders take it.
#include "lib/output/video/hdr10.h"

#include <libavutil/avstring.h>
#include <libavutil/mastering_display_metadata.h>

#include "lib/media/compat.h"

// Side data of the stream, or else of its first frame; NULL if there is none.
static const void *find(const struct wr_source *source, enum AVPacketSideDataType type,
                        enum AVFrameSideDataType frame_type)
{
    size_t size;
    const void *of_stream = wr_stream_side_data(source->video, type, &size);
    const AVFrameSideData *of_frame = av_frame_get_side_data(source->first, frame_type);
    return of_stream ? of_stream : of_frame ? of_frame->data : NULL;
}

// Appends "NAME(a,b)", as whole parts of one or, if there are 0 parts, as decimal fractions.
static void print_pair(char text[WR_HDR10_TEXT], const char *name, AVRational a, AVRational b,
                       int parts)
{
    if (parts)
        av_strlcatf(text, WR_HDR10_TEXT, "%s(%.0f,%.0f)", name, av_q2d(a) * parts,
                    av_q2d(b) * parts);
    else
        av_strlcatf(text, WR_HDR10_TEXT, "%s(%.5f,%.5f)", name, av_q2d(a), av_q2d(b));
}

static void print_display(char text[WR_HDR10_TEXT], const struct wr_encoder_row *row,
                          const AVMasteringDisplayMetadata *display)
{
    static const struct {
        const char *name;
        int index; // in FFmpeg's order
    } colors[] = {{"G", 1}, {"B", 2}, {"R", 0}};
    av_strlcatf(text, WR_HDR10_TEXT, "%s=", row->mastering);
    for (size_t i = 0; i < sizeof colors / sizeof *colors; i++) {
        const AVRational *color = display->display_primaries[colors[i].index];
        print_pair(text, colors[i].name, color[0], color[1], row->color_parts);
    }
    print_pair(text, "WP", display->white_point[0], display->white_point[1], row->color_parts);
    print_pair(text, "L", display->max_luminance, display->min_luminance, row->luminance_parts);
}

void wr_hdr10_print(char text[WR_HDR10_TEXT], const struct wr_encoder_row *row,
                    const struct wr_source *source)
{
    const AVMasteringDisplayMetadata *display = find(source, AV_PKT_DATA_MASTERING_DISPLAY_METADATA,
                                                     AV_FRAME_DATA_MASTERING_DISPLAY_METADATA);
    const AVContentLightMetadata *light =
        find(source, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL);
    text[0] = 0;
    if (row->mastering && display && display->has_primaries && display->has_luminance)
        print_display(text, row, display);
    if (row->light && light)
        av_strlcatf(text, WR_HDR10_TEXT, "%s%s=%u,%u", text[0] ? ":" : "", row->light,
                    light->MaxCLL, light->MaxFALL);
}
