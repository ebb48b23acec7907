// SPDX-License-Identifier: MIT
// Parses the chain of a job, and answers what follows from it for the rest of the job.
#include "lib/run/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/chain/host_traits.h"

int wr_further_count(const struct wr_job_options *options)
{
    int count = 0;
    while (options->inputs && options->inputs[count])
        count++;
    return count;
}

// ---- maps

static enum wr_status add_map(char ***maps, int *count, char *map, struct wr_error *error)
{
    char **longer = map ? realloc(*maps, ((size_t)*count + 2) * sizeof *longer) : NULL;
    if (!longer) {
        free(map);
        return wr_fail(error, WR_FAILED, "out of memory");
    }
    *maps = longer;
    longer[(*count)++] = map;
    longer[*count] = NULL;
    return WR_OK;
}

static enum wr_status map_sound(char ***maps, int *count, const struct wr_sound_part *sound,
                                struct wr_error *error)
{
    char *map;
    if (asprintf(&map, "%d:%s", sound->input.file, sound->input.specifier) < 0)
        map = NULL;
    return add_map(maps, count, map, error);
}

static bool is_label(const char *map, const char *label)
{
    const size_t length = label ? strlen(label) : 0;
    return label && *map == '[' && !strncmp(map + 1, label, length) &&
           !strcmp(map + 1 + length, "]");
}

// Sound without a label is in the output without a map.
static enum wr_status open_maps(struct wr_request *request, struct wr_error *error)
{
    const struct wr_sound_part *sound = &request->chain.sound;
    const char *const *asked = request->options->maps;
    int count = 0;
    bool chooses = false;
    enum wr_status status = WR_OK;
    for (; asked && *asked && !status; asked++) {
        const bool is_label_of_none = **asked == '[' && sound->graph && !request->chain.count;
        chooses |= **asked != '-';
        if (is_label(*asked, sound->label))
            status = map_sound(&request->maps, &count, sound, error);
        else if (!is_label_of_none)
            status = add_map(&request->maps, &count, strdup(*asked), error);
    }
    return status || !chooses || !sound->graph || sound->label
               ? status
               : map_sound(&request->maps, &count, sound, error);
}

enum wr_status wr_request_open(struct wr_request *request, const struct wr_job_options *options,
                               struct wr_error *error)
{
    request->options = options;
    const enum wr_status status =
        wr_segments_open(&request->chain, options->chain, 1 + wr_further_count(options), error);
    if (!status && request->chain.sound.graph && options->audio_filter)
        return wr_fail(error, WR_USAGE,
                       "%s: the chain filters sound, and so does \"%s\": one of them is possible",
                       request->chain.sound.names, options->audio_filter);
    return status ? status : open_maps(request, error);
}

void wr_request_close(struct wr_request *request)
{
    wr_segments_close(&request->chain);
    for (char **map = request->maps; map && *map; map++)
        free(*map);
    free(request->maps);
    request->maps = NULL;
}

bool wr_request_skips_behind(const struct wr_request *request)
{
    const struct wr_job_options *options = request->options;
    return options->skip && (options->start || request->chain.count);
}

bool wr_request_keeps_times(const struct wr_request *request)
{
    bool all_native = !wr_request_skips_behind(request);
    for (int n = 0; n < request->chain.count; n++)
        all_native &= request->chain.items[n].is_native;
    return all_native;
}

bool wr_request_keeps_count(const struct wr_request *request)
{
    const struct wr_job_options *options = request->options;
    const bool sets_rate =
        options->rate || options->fps_mode == WR_FPS_CFR || options->fps_mode == WR_FPS_VFR;
    return !sets_rate && wr_request_keeps_times(request);
}

bool wr_request_has_filters(const struct wr_request *request)
{
    bool found = false;
    for (int n = 0; n < request->chain.count; n++) {
        const struct wr_segment *segment = &request->chain.items[n];
        found |= segment->is_native || !(wr_host_traits(segment->names) & WR_HOST_CHANGES_NOTHING);
    }
    return found;
}

bool wr_request_takes_by_number(const struct wr_request *request)
{
    uint32_t taken = 0;
    for (int n = 0; n < request->chain.count; n++)
        taken |= request->chain.items[n].further;
    return taken != 0;
}
