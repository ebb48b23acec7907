// SPDX-License-Identifier: MIT
// Opens batchers with their instances and threads, and closes them.
#include "lib/run/batches/batcher_open.h"

#include <stdlib.h>
#include <string.h>

#include "lib/run/batches/instances_open.h"
#include "lib/run/batches/runner.h"

// As many frames as all instances have under way, so that a job that is alone fills them all.
static int window(const struct wr_instances *instances)
{
    int frames = WR_QUEUE_MESSAGES;
    for (int n = 0; n < instances->count; n++)
        frames += instances->items[n].frames.portion;
    return frames;
}

enum wr_status wr_batcher_open(struct wr_batcher **batcher, struct wr_resources *resources,
                               struct wr_program *program, const struct wr_batcher_key *key,
                               const struct wr_batcher_how *how, int64_t taken,
                               struct wr_note *note, struct wr_error *error)
{
    struct wr_batcher *b = *batcher = calloc(1, sizeof *b);
    if (!b)
        return wr_fail(error, WR_FAILED, "out of memory");
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->changed, NULL);
    b->how = *how;
    b->key = (struct wr_batcher_key){strdup(key->chain), key->place};
    b->max_wait = resources->options.max_wait;
    b->program = *program;
    const struct wr_executor_options executor = {.trace = how->trace,
                                                 .timed = how->batch_done != NULL};
    enum wr_status status = b->key.chain ? WR_OK : wr_fail(error, WR_FAILED, "out of memory");
    if (!status)
        status = wr_instances_open(&b->instances, resources, &b->program, taken, &executor,
                                   how->frames, note, error);
    b->window = window(&b->instances);
    if (!status)
        status = wr_runners_start(b, error);
    if (status) {
        *program = b->program;
        b->program = (struct wr_program){0};
        wr_batcher_close(batcher);
        return status;
    }
    struct wr_memory memory;
    wr_instances_count(&b->instances, &memory);
    b->allocations = memory.allocations;
    *program = (struct wr_program){0};
    return WR_OK;
}

void wr_batcher_close(struct wr_batcher **batcher)
{
    struct wr_batcher *b = *batcher;
    if (!b)
        return;
    wr_runners_end(b);
    wr_instances_close(&b->instances);
    wr_program_close(&b->program);
    pthread_cond_destroy(&b->changed);
    pthread_mutex_destroy(&b->lock);
    free((char *)b->key.chain);
    free(b);
    *batcher = NULL;
}
