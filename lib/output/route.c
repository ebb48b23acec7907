// SPDX-License-Identifier: MIT
// Which converter takes the packets of a stream.
#include "lib/output/route.h"

#include "lib/output/sound.h"
#include "lib/output/text.h"

// Sound number n of the chain, among the source's streams.
static int find_heard(const struct wr_selection *selection, int n)
{
    int index = 0;
    while (!(selection->source->streams[index].heard >> n & 1))
        index++;
    return index;
}

// Without filters sound is cut behind its decoder.
static struct wr_sound_cut cut_of(const struct wr_source_stream *input, bool is_filtered)
{
    return (struct wr_sound_cut){
        .from_zero = wr_begins_within(input),
        .end = is_filtered && input->from->to ? input->from->end : INT64_MAX,
    };
}

void wr_routes_set_ways(struct wr_selection *selection)
{
    int first = -1;
    for (int i = 0; i < selection->source->stream_count; i++) {
        const uint32_t heard = selection->source->streams[i].heard;
        first = heard && first < 0 ? i : first;
        selection->routes[i].goes_to = heard ? first : i;
        selection->routes[i].inputs = heard ? heard : 1;
    }
}

enum wr_status wr_route_open_converter(struct wr_converter **converter,
                                       const struct wr_selection *selection, int index,
                                       const AVCodec *codec, int sample_rate,
                                       struct wr_error *error)
{
    const struct wr_sound_part *sound = selection->options->sound;
    const bool is_in_chain = selection->source->streams[index].heard;
    const AVStream *inputs[WR_MOST_SOUNDS];
    const char *filters = is_in_chain ? sound->graph : selection->plan->sound_filters;
    struct wr_conversion conversion = {
        .from = selection->source->streams[index].av,
        .inputs = is_in_chain ? inputs : NULL,
        .input_count = is_in_chain ? sound->input_count : 1,
        .codec = codec,
        .options = selection->plan->sound_options,
        .filters = filters,
        .sample_rate = sample_rate,
        .never_ends = filters && selection->options->sound_never_ends,
        .global_header = selection->plan->holder->flags & AVFMT_GLOBALHEADER,
    };
    for (int n = 0; n < conversion.input_count; n++) {
        const struct wr_source_stream *input =
            &selection->source->streams[is_in_chain ? find_heard(selection, n) : index];
        inputs[n] = input->av;
        conversion.cuts[n] = cut_of(input, filters);
    }
    return codec->type == AVMEDIA_TYPE_AUDIO
               ? wr_sound_converter_open(converter, &conversion, error)
               : wr_text_converter_open(converter, &conversion, error);
}
