// SPDX-License-Identifier: MIT
// Which converter takes the packets of a stream.
#include "lib/output/route.h"

#include "lib/output/convert/sound.h"
#include "lib/output/convert/text.h"

// Without filters sound is cut behind its decoder.
static struct wr_sound_cut cut_of(const struct wr_source_stream *input, bool skips,
                                  bool is_filtered)
{
    return (struct wr_sound_cut){
        .from_zero = wr_begins_within(input) || skips,
        .end = is_filtered && input->from->to ? input->from->end : INT64_MAX,
    };
}

void wr_routes_set_choices(struct wr_selection *selection)
{
    const struct wr_source *source = selection->source;
    int sounds = 0, texts = 0;
    for (int n = 0; n < source->stream_count; n++) {
        const int index = source->order[n];
        struct wr_stream_route *route = &selection->routes[index];
        const enum AVMediaType type = source->streams[index].av->codecpar->codec_type;
        route->sound = &selection->plan->sounds[FFMIN(sounds, WR_MOST_SOUNDS - 1)];
        route->text = selection->plan->texts[FFMIN(texts, WR_MOST_SOUNDS - 1)];
        sounds += type == AVMEDIA_TYPE_AUDIO && source->streams[index].is_output;
        texts += type == AVMEDIA_TYPE_SUBTITLE && source->streams[index].is_output;
    }
}

const struct wr_sound_output *wr_route_made(const struct wr_source *source, int index)
{
    const int sound = source->streams[index].sound;
    return sound < 0 ? NULL : &source->maps.sound->outputs[sound];
}

bool wr_route_filters(const struct wr_source *source, const struct wr_stream_route *route,
                      int index)
{
    const bool is_sound = source->streams[index].av->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
    return route->converter && is_sound && (wr_route_made(source, index) || route->sound->filters);
}

enum wr_status wr_route_open_converter(struct wr_converter **converter,
                                       const struct wr_selection *selection, int index,
                                       const AVCodec *codec, int sample_rate,
                                       struct wr_error *error)
{
    const struct wr_source *source = selection->source;
    const struct wr_sound_output *made = wr_route_made(source, index);
    const AVStream *inputs[WR_MOST_SOUNDS];
    const char *filters = made ? made->graph : selection->routes[index].sound->filters;
    struct wr_conversion conversion = {
        .from = source->streams[index].av,
        .inputs = made ? inputs : NULL,
        .input_count = made ? made->count : 1,
        .codec = codec,
        .options = selection->routes[index].sound->options,
        .filters = filters,
        .sample_rate = sample_rate,
        .until = filters ? selection->options->most_sound : INT64_MAX,
        .never_ends = filters && selection->options->sound_never_ends,
        .global_header = selection->plan->holder->flags & AVFMT_GLOBALHEADER,
    };
    for (int n = 0; n < conversion.input_count; n++) {
        const struct wr_source_stream *input =
            &source->streams[made ? source->heard[made->first + n] : index];
        inputs[n] = input->av;
        conversion.cuts[n] = cut_of(input, selection->options->skips, filters);
    }
    return codec->type == AVMEDIA_TYPE_AUDIO
               ? wr_sound_converter_open(converter, &conversion, error)
               : wr_text_converter_open(converter, &conversion, error);
}
