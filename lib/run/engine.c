// SPDX-License-Identifier: MIT
// Opens and closes engines, and finds programs that jobs can share.
#include "lib/run/engine.h"

#include <stdlib.h>
#include <string.h>

#include "kernels/program/same.h"
#include "lib/run/batches/batcher_open.h"

struct wr_engine_options wr_default_engine_options(void)
{
    return (struct wr_engine_options){.device = "auto"};
}

enum wr_status wr_engine_open(struct wr_engine **engine, const struct wr_engine_options *options,
                              struct wr_error *error)
{
    *engine = NULL;
    const enum wr_status status = wr_resources_check(options, error);
    if (status)
        return status;
    struct wr_engine *new = calloc(1, sizeof *new);
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    pthread_mutex_init(&new->lock, NULL);
    wr_resources_open(&new->resources, options);
    *engine = new;
    return WR_OK;
}

// ---- sharing programs

static bool is_private(const struct wr_batcher_how *how)
{
    return how->trace || how->batch_done;
}

static struct wr_batcher *find(const struct wr_engine *engine, const struct wr_program *program,
                               const struct wr_batcher_key *key)
{
    for (struct wr_batcher *b = engine->batchers; b; b = b->next)
        if (!is_private(&b->how) && b->key.place == key->place &&
            !strcmp(b->key.chain, key->chain) && wr_program_same(&b->program, program))
            return b;
    return NULL;
}

static void close_unused(struct wr_engine *engine)
{
    struct wr_batcher **link = &engine->batchers;
    while (*link) {
        struct wr_batcher *b = *link;
        if (b->users) {
            link = &b->next;
            continue;
        }
        *link = b->next;
        wr_batcher_report(b, &engine->past);
        wr_batcher_close(&b);
    }
}

static int64_t held(const struct wr_engine *engine)
{
    int64_t bytes = 0;
    for (struct wr_batcher *b = engine->batchers; b; b = b->next) {
        struct wr_memory memory;
        wr_batcher_count(b, &memory);
        bytes += wr_memory_held(&memory);
    }
    return bytes;
}

// The bytes of the memory limit that are not to be had for the next of `programs` programs: what
// others hold, and an equal share for each of those that follow.
static int64_t taken(const struct wr_engine *engine, int programs)
{
    const int64_t limit = engine->resources.options.memory_limit, others = held(engine);
    return limit > others ? limit - (limit - others) / programs : others;
}

// Whether other jobs have joined programs than the one that has joined `own`.
static bool has_others(const struct wr_engine *engine, int own)
{
    int users = 0;
    for (const struct wr_batcher *b = engine->batchers; b; b = b->next)
        users += b->users;
    return users > own;
}

enum wr_status wr_engine_join(struct wr_engine *engine, struct wr_program *program,
                              const struct wr_batcher_key *key, const struct wr_batcher_how *how,
                              int programs_left, struct wr_batcher **batcher, struct wr_note *note,
                              struct wr_error *error)
{
    enum wr_status status = WR_OK;
    pthread_mutex_lock(&engine->lock);
    *batcher = is_private(how) ? NULL : find(engine, program, key);
    if (*batcher) {
        wr_program_close(program);
    } else {
        close_unused(engine);
        status = wr_batcher_open(batcher, &engine->resources, program, key, how,
                                 taken(engine, programs_left), note, error);
        // The caller can wait for memory only before the job begins, and only for other jobs.
        if (status == WR_OUT_OF_MEMORY && (key->place < 0 || !has_others(engine, key->place)))
            status = error->status = WR_FAILED;
        if (!status) {
            (*batcher)->next = engine->batchers;
            engine->batchers = *batcher;
            const int64_t bytes = held(engine);
            if (bytes > engine->past.peak_bytes)
                engine->past.peak_bytes = bytes;
        }
    }
    if (!status)
        (*batcher)->users++;
    pthread_mutex_unlock(&engine->lock);
    return status;
}

void wr_engine_leave(struct wr_engine *engine, struct wr_batcher **batcher)
{
    if (!*batcher)
        return;
    pthread_mutex_lock(&engine->lock);
    if (--(*batcher)->users == 0 && is_private(&(*batcher)->how))
        close_unused(engine);
    pthread_mutex_unlock(&engine->lock);
    *batcher = NULL;
}

void wr_engine_report(struct wr_engine *engine, struct wr_engine_report *report)
{
    pthread_mutex_lock(&engine->lock);
    *report = engine->past;
    for (struct wr_batcher *b = engine->batchers; b; b = b->next) {
        wr_batcher_report(b, report);
        report->programs++;
    }
    report->bytes = held(engine);
    pthread_mutex_unlock(&engine->lock);
}

void wr_engine_close(struct wr_engine **engine)
{
    struct wr_engine *old = *engine;
    if (!old)
        return;
    close_unused(old);
    wr_resources_close(&old->resources);
    pthread_mutex_destroy(&old->lock);
    free(old);
    *engine = NULL;
}
