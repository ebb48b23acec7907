// SPDX-License-Identifier: MIT
// Lines on the memory and time of batches; words and JSON come from one list of numbers.
#include "cli/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json.h"

struct amount {
    const char *name, *key;
    int64_t bytes;
};

enum { AMOUNTS = 6 };

// The share of the arena above the lower bound.
static double fragmentation(const struct wr_memory *memory)
{
    return memory->arena ? 1 - (double)memory->lower_bound / (double)memory->arena : 0;
}

static void list_amounts(const struct wr_memory *memory, struct amount amounts[AMOUNTS])
{
    const struct amount list[AMOUNTS] = {
        {"allocated", "allocated_bytes", memory->allocated},
        {"reserved", "reserved_bytes", memory->reserved},
        {"peak allocated", "peak_allocated_bytes", memory->peak_allocated},
        {"peak reserved", "peak_reserved_bytes", memory->peak_reserved},
        {"requested", "requested_bytes", memory->requested},
        {"lower bound", "lower_bound_bytes", memory->lower_bound},
    };
    memcpy(amounts, list, sizeof list);
}

static char *as_json(const struct wr_batch_report *batch, const struct amount amounts[AMOUNTS])
{
    json_t *const object = json_pack(
        "{s:s, s:I, s:i, s:i, s:i, s:i, s:o, s:o, s:o, s:o}", "type", "batch", "batch",
        (json_int_t)batch->number + 1, "instance", batch->instance + 1, "valid", batch->valid,
        "padded", batch->padded, "device_allocations", batch->allocations, "fragmentation",
        wr_json_number(fragmentation(&batch->memory)), "upload_milliseconds",
        wr_json_number(batch->upload), "kernels_milliseconds", wr_json_number(batch->kernels),
        "download_milliseconds", wr_json_number(batch->download));
    for (int n = 0; object && n < AMOUNTS; n++)
        json_object_set_new(object, amounts[n].key, json_integer(amounts[n].bytes));
    char *const line = object ? json_dumps(object, JSON_COMPACT | WR_JSON_DIGITS) : NULL;
    json_decref(object);
    return line;
}

static void as_words(const struct wr_batch_report *batch, const struct amount amounts[AMOUNTS],
                     char *line, size_t size)
{
    int used = snprintf(line, size, "batch %" PRId64 ", instance %d:", batch->number + 1,
                        batch->instance + 1);
    for (int n = 0; n < AMOUNTS; n++)
        used += snprintf(line + used, size - (size_t)used, " %s %.2f MiB (%" PRId64 " bytes),",
                         amounts[n].name, (double)amounts[n].bytes / (1 << 20), amounts[n].bytes);
    snprintf(line + used, size - (size_t)used,
             " fragmentation %.1f %%, %d device allocations, %d valid and %d padded frames, upload "
             "%.3f ms, kernels %.3f ms, download %.3f ms",
             100 * fragmentation(&batch->memory), batch->allocations, batch->valid, batch->padded,
             batch->upload, batch->kernels, batch->download);
}

void wr_memory_say(struct wr_console *console, const struct wr_batch_report *batch)
{
    struct amount amounts[AMOUNTS];
    list_amounts(&batch->memory, amounts);
    char words[1024];
    char *const json = console->json ? as_json(batch, amounts) : NULL;
    if (!json)
        as_words(batch, amounts, words, sizeof words);
    wr_console_print(console, json ? json : words);
    free(json);
}
