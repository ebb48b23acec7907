// SPDX-License-Identifier: MIT
// Turns struct wr_report into JSON, and never leaves half of it under the report's name.
#include "cli/report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/json.h"
#include "cli/whole_file.h"

// ---- contents

// Takes value, which may be NULL when memory is short; anything missing makes the report fail.
static void set(json_t **object, const char *key, json_t *value)
{
    if (json_object_set_new(*object, key, value)) {
        json_decref(*object);
        *object = NULL;
    }
}

// The same for an array.
static void append(json_t **array, json_t *value)
{
    if (json_array_append_new(*array, value)) {
        json_decref(*array);
        *array = NULL;
    }
}

// null for what is empty because it is not known.
static json_t *text(const char *value)
{
    return wr_json_text(value && *value ? value : NULL);
}

static json_t *length(int pixels)
{
    return pixels ? json_integer(pixels) : json_null();
}

static json_t *media(const struct wr_media_report *m)
{
    json_t *o = json_object();
    set(&o, "path", text(m->path));
    set(&o, "format", text(m->format));
    set(&o, "codec", text(m->codec));
    set(&o, "pix_fmt", text(m->pix_fmt));
    set(&o, "range", text(m->range));
    set(&o, "matrix", text(m->matrix));
    set(&o, "primaries", text(m->primaries));
    set(&o, "transfer", text(m->transfer));
    set(&o, "width", length(m->width));
    set(&o, "height", length(m->height));
    set(&o, "frame_rate", wr_json_known(m->frame_rate));
    set(&o, "duration", wr_json_known(m->duration));
    return o;
}

static json_t *output(const struct wr_media_report *m)
{
    json_t *o = media(m);
    set(&o, "encoder", text(m->encoder));
    set(&o, "quality", text(m->quality));
    set(&o, "bytes", m->bytes ? json_integer(m->bytes) : json_null());
    return o;
}

static json_t *sentences(const char *const *list, int count)
{
    json_t *array = json_array();
    for (int i = 0; i < count; i++)
        append(&array, wr_json_text(list[i]));
    return array;
}

static json_t *stream(const struct wr_stream_report *s)
{
    json_t *o = json_object();
    set(&o, "index", json_integer(s->index));
    set(&o, "type", wr_json_text(s->type));
    set(&o, "codec", wr_json_text(s->codec));
    set(&o, "action", wr_json_text(s->action));
    set(&o, "to", text(s->to));
    set(&o, "reason", text(s->reason));
    set(&o, "refused", json_integer(s->refused));
    return o;
}

static json_t *streams(const struct wr_report *r)
{
    json_t *array = json_array();
    for (int i = 0; i < r->stream_count; i++)
        append(&array, stream(&r->streams[i]));
    return array;
}

static json_t *stage(const struct wr_stage_report *s)
{
    json_t *o = json_object();
    set(&o, "kind", wr_json_text(s->kind));
    set(&o, "filters", text(s->filters));
    set(&o, "place", text(s->place));
    set(&o, "why", text(s->why));
    set(&o, "in", json_integer(s->in));
    set(&o, "out", json_integer(s->out));
    set(&o, "dropped", json_integer(s->dropped));
    set(&o, "repeated", json_integer(s->repeated));
    return o;
}

static json_t *stages(const struct wr_report *r)
{
    json_t *array = json_array();
    for (int i = 0; i < r->stage_count; i++)
        append(&array, stage(&r->stages[i]));
    return array;
}

static json_t *seconds(const struct wr_report *r)
{
    json_t *o = json_object();
    set(&o, "total", wr_json_number(r->seconds_total));
    set(&o, "decode", wr_json_number(r->seconds_decode));
    set(&o, "filter", wr_json_number(r->seconds_filter));
    set(&o, "encode", wr_json_number(r->seconds_encode));
    return o;
}

static json_t *latency(const struct wr_report *r)
{
    json_t *o = json_object();
    set(&o, "median", wr_json_known(r->latency_median));
    set(&o, "percent_95", wr_json_known(r->latency_95));
    set(&o, "worst", wr_json_known(r->latency_worst));
    return o;
}

// All are bytes, except the number of allocations.
static json_t *memory(const struct wr_memory *m)
{
    json_t *o = json_object();
    set(&o, "arena_bytes", json_integer(m->arena));
    set(&o, "slot_bytes", json_integer(m->slots));
    set(&o, "table_bytes", json_integer(m->tables));
    set(&o, "held_bytes", json_integer(wr_memory_held(m)));
    set(&o, "pinned_bytes", json_integer(m->pinned));
    set(&o, "lower_bound_bytes", json_integer(m->lower_bound));
    set(&o, "requested_bytes", json_integer(m->requested));
    set(&o, "peak_allocated_bytes", json_integer(m->peak_allocated));
    set(&o, "peak_reserved_bytes", json_integer(m->peak_reserved));
    set(&o, "allocations", json_integer(m->allocations));
    return o;
}

// The memory of a run, with the most that the whole process held where that is known.
static json_t *memory_of_run(const struct wr_report *r)
{
    json_t *o = memory(&r->memory);
    if (r->pinned_frame_bytes)
        set(&o, "pinned_frame_bytes", json_integer(r->pinned_frame_bytes));
    if (r->peak_bytes)
        set(&o, "peak_bytes", json_integer(r->peak_bytes));
    return o;
}

// A value for each plane, by the plane's name. An infinite one, for planes that are equal, is null.
static json_t *by_plane(const struct wr_expect_report *e, const double *values)
{
    json_t *o = json_object();
    for (int p = 0; p < e->planes; p++) {
        const char name[] = {e->plane_names[p], '\0'};
        set(&o, name, wr_json_number(values[p]));
    }
    return o;
}

static json_t *largest_difference(const struct wr_expect_report *e)
{
    json_t *o = json_object();
    set(&o, "difference", json_integer(e->largest));
    set(&o, "of", json_integer((1 << e->depth) - 1));
    set(&o, "frame", json_integer(e->largest_frame));
    set(&o, "plane", json_stringn(&e->plane_names[e->plane], 1));
    set(&o, "x", json_integer(e->x));
    set(&o, "y", json_integer(e->y));
    return o;
}

static json_t *worst_frame(const struct wr_expect_report *e)
{
    json_t *o = json_object();
    set(&o, "frame", json_integer(e->worst));
    set(&o, "psnr", by_plane(e, e->psnr));
    set(&o, "ssim", by_plane(e, e->ssim));
    return o;
}

// null where nothing was compared.
static json_t *expectation(const struct wr_expect_report *e)
{
    json_t *o = json_object();
    if (!*e->path) {
        json_decref(o);
        return json_null();
    }
    set(&o, "path", text(e->path));
    set(&o, "frames", json_integer(e->frames));
    set(&o, "expected", json_integer(e->expected));
    set(&o, "differing", json_integer(e->differing));
    set(&o, "first", e->first < 0 ? json_null() : json_integer(e->first));
    set(&o, "first_time", e->first < 0 ? json_null() : wr_json_number(e->first_time));
    set(&o, "format", text(e->format));
    set(&o, "expected_format", text(e->expected_format));
    set(&o, "moved", json_integer(e->moved));
    set(&o, "first_moved", e->first_moved < 0 ? json_null() : json_integer(e->first_moved));
    set(&o, "largest", e->largest ? largest_difference(e) : json_null());
    set(&o, "worst", e->worst < 0 ? json_null() : worst_frame(e));
    set(&o, "picture", text(e->picture));
    return o;
}

static const char *outcome_name(enum wr_status outcome)
{
    switch (outcome) {
    case WR_OK:
        return "done";
    case WR_DAMAGED:
        return "damaged";
    case WR_DIFFERS:
        return "differs";
    case WR_INTERRUPTED:
        return "interrupted";
    default:
        return "failed";
    }
}

json_t *wr_report_make(const struct wr_report *r, enum wr_status outcome,
                       const struct wr_error *reason)
{
    json_t *o = json_object();
    set(&o, "warpreel", wr_json_text(wr_version()));
    set(&o, "ffmpeg", wr_json_text(wr_libav_version()));
    set(&o, "outcome", wr_json_text(outcome_name(outcome)));
    set(&o, "exit_code", json_integer(outcome));
    set(&o, "reason", text(outcome ? reason->text : NULL));
    set(&o, "notes", sentences(r->notes, r->note_count));
    set(&o, "losses", sentences(r->losses, r->loss_count));
    set(&o, "input", media(&r->input));
    set(&o, "output", output(&r->output));
    set(&o, "streams", streams(r));
    set(&o, "chain", wr_json_text(r->chain));
    set(&o, "stages", stages(r));
    set(&o, "device", text(r->device));
    set(&o, "batch", json_integer(r->batch));
    set(&o, "frames_in", json_integer(r->frames_in));
    set(&o, "frames_out", json_integer(r->frames_out));
    set(&o, "batches", json_integer(r->batches));
    set(&o, "padded_frames", json_integer(r->padded_frames));
    set(&o, "redone_batches", json_integer(r->redone_batches));
    set(&o, "left_out", text(r->left_out));
    set(&o, "damaged", json_integer(r->damaged));
    set(&o, "expect", expectation(&r->expect));
    set(&o, "stalled", json_boolean(r->stalled));
    set(&o, "latency", latency(r));
    set(&o, "seconds", seconds(r));
    set(&o, "instances", json_integer(r->instances));
    set(&o, "memory", memory_of_run(r));
    return o;
}

// ---- file

static int dump(const void *json, FILE *file)
{
    return json_dumpf(json, file, JSON_INDENT(4) | WR_JSON_DIGITS) || fputc('\n', file) == EOF;
}

enum wr_status wr_report_write_json(const char *path, json_t *json, struct wr_error *error)
{
    if (!json)
        return wr_fail(error, WR_FAILED, "out of memory for the report");
    const int failed = wr_whole_file_write(path, dump, json);
    const int cause = errno;
    json_decref(json);
    if (failed)
        return wr_fail(error, WR_FAILED, "cannot write the report \"%s\": %s", path,
                       strerror(cause));
    return WR_OK;
}

enum wr_status wr_report_write(const char *path, const struct wr_report *report,
                               enum wr_status outcome, const struct wr_error *reason,
                               struct wr_error *error)
{
    return wr_report_write_json(path, wr_report_make(report, outcome, reason), error);
}

// Bytes of each term for one instance, and what all of them hold.
static json_t *estimated_batch(const struct wr_device_estimate *estimate, int n)
{
    const struct wr_memory *m = &estimate->rows[n].memory;
    json_t *o = json_object();
    set(&o, "batch", json_integer(estimate->rows[n].batch));
    set(&o, "arena_bytes", json_integer(m->arena));
    set(&o, "lower_bound_bytes", json_integer(m->lower_bound));
    set(&o, "slot_bytes", json_integer(m->slots));
    set(&o, "table_bytes", json_integer(m->tables));
    set(&o, "pinned_bytes", json_integer(m->pinned));
    set(&o, "held_by_all_bytes", json_integer(estimate->instances * wr_memory_held(m)));
    set(&o, "pinned_by_all_bytes", json_integer(estimate->instances * m->pinned));
    return o;
}

static json_t *estimated_device(const struct wr_device_estimate *estimate)
{
    json_t *batches = json_array(), *o = json_object();
    for (int n = 1; n < WR_ESTIMATES; n++)
        if (json_array_append_new(batches, estimated_batch(estimate, n)))
            set(&o, "batches", NULL);
    set(&o, "device", wr_json_text(estimate->device));
    set(&o, "instances", json_integer(estimate->instances));
    set(&o, "context_bytes_approximately", json_integer(estimate->context));
    set(&o, "run", estimated_batch(estimate, 0));
    set(&o, "batches", batches);
    return o;
}

enum wr_status wr_report_write_estimate(const char *path, const struct wr_estimate *estimate,
                                        struct wr_error *error)
{
    json_t *devices = json_array(), *o = json_object();
    for (int n = 0; n < estimate->device_count; n++)
        if (json_array_append_new(devices, estimated_device(&estimate->devices[n])))
            set(&o, "devices", NULL);
    set(&o, "chain", estimate->chains_differ ? json_null() : wr_json_text(estimate->chain));
    set(&o, "files", json_integer(estimate->jobs));
    set(&o, "at_once", json_integer(estimate->at_once));
    set(&o, "frames", estimate->frames ? json_integer(estimate->frames) : json_null());
    set(&o, "weights_bytes", json_integer(estimate->weights));
    set(&o, "filter_frames_bytes",
        estimate->filters < 0 ? json_null() : json_integer(estimate->filters));
    set(&o, "devices", devices);
    return wr_report_write_json(path, o, error);
}
